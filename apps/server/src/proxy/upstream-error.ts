import type { ServerResponse } from "node:http";
import type { Explanation, ProviderError } from "@easel/connector";
import { PROXIED_ANSWER_HEADERS } from "./headers.ts";

/** An error that Tableau answered, as Easel hands it on. */
export interface UpstreamError {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly error: ProviderError;
  /** Where Easel can say more than Tableau did. */
  readonly explanation: Explanation | null;
  /** The answer's body, or its beginning. */
  readonly text: string;
  readonly isWhole: boolean;
}

/** Keeps the status and Tableau's own words, in the envelope that the SDK reads. */
export function sendUpstreamError(
  call: { response: ServerResponse; requestId: string; headers: Readonly<Record<string, string>> },
  { status, retryAfter, error, explanation, text, isWhole }: UpstreamError,
): void {
  const said = [error.summary, error.detail].filter((part) => part !== "").join(": ");
  const body = {
    message: explanation?.message ?? (said || `Tableau answered ${status}.`),
    code: explanation?.code ?? `tableau.${error.code || status}`,
    status,
    action: explanation?.action ?? "Tableau's own answer is in output.",
    requestId: call.requestId,
    meta: { isIntegrationError: true },
    output: isWhole ? parsed(text) : text,
  };
  const bytes = Buffer.from(JSON.stringify(body));
  call.response.writeHead(status, {
    ...PROXIED_ANSWER_HEADERS,
    ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
    ...call.headers,
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": bytes.length,
  });
  call.response.end(bytes);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
