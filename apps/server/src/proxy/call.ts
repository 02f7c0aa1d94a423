import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Explanation, ProviderError, Route } from "@easel/connector";
import type { Use } from "../credentials/live-sessions.ts";
import type { Help } from "../help/asked.ts";
import type { Held } from "./body.ts";

/** One call on a connected user's behalf. */
export interface ProxyCall {
  readonly use: Use;
  readonly route: Route;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** As the caller wrote it, which need not be a media type: the Paragon SDK says `auto`. */
  readonly contentType: string | undefined;
  readonly requestId: string;
  /** CORS, the request id and what protects browsers, for whatever is answered. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which of Easel's faces it came to, for the usage record: the SDK's where nothing is said. */
  readonly door?: "sdk" | "client";
  /** The answer is passed on as it comes, neither wrapped nor explained. */
  readonly isRaw: boolean;
  /** What the caller asked for beside the call itself; null on the usual path. */
  readonly help: Help | null;
  /** Of a raw call: writes what Tableau does not allow, with Easel's explanation, in a form of the caller's own. */
  readonly sayDenied?: (denied: Denied) => void;
}

/** Tableau's 403, read and unpacked. */
export interface Denied {
  readonly headers: IncomingHttpHeaders;
  readonly body: Held;
  readonly error: ProviderError;
  /** Null where Tableau's own words say it best. */
  readonly explanation: Explanation | null;
}

/** How the call is signed in, for the connector's explanations. */
export function signInOf({ use }: ProxyCall): { method: string; scopes: readonly string[] } {
  return { method: use.credential.method, scopes: use.integration.permissions };
}
