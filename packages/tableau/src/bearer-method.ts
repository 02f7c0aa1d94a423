import type { Carried, Send, SignInMethod, SignInRequest, SignInResult } from "@easel/connector";
import { z } from "zod";
import { readBody } from "./answers.ts";
import { authorization } from "./authorization.ts";
import { problem } from "./problems.ts";
import { hostOf } from "./server-url.ts";
import { strayProblem, unreachableProblem } from "./unanswered.ts";

/**
 * Where OAuth of Tableau Cloud plugs in: a way to sign in whose session is an access token, sent as `Authorization:
 * Bearer` with every call (`createTableauConnector({ bearerMethods })`). Everything else of it is as with the other
 * methods: its fields are sealed, its sessions shared, renewed when a call is answered 401, and never shown.
 *
 * Whether Tableau lets a third party register a client at its authorization server is not established, so Easel brings no
 * such method with it.
 */
export interface BearerMethod extends SignInMethod {
  /** Gets an access token for what was stored, e.g. by a refresh token. `now` in ms. */
  accessToken(request: SignInRequest, send: Send, now: number): Promise<AccessToken>;
  /** As `Connector.identity`, without server and method. */
  identity(request: SignInRequest): readonly string[];
}

export type AccessToken =
  /** `lifetimeMs` from now. */
  | { readonly kind: "granted"; readonly token: string; readonly lifetimeMs: number }
  | Exclude<SignInResult, { kind: "signedIn" }>;

const luid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const current = z.object({ session: z.object({ site: z.object({ id: luid }), user: z.object({ id: luid }) }) });
const currentBody = z.union([current, z.object({ tsResponse: current }).transform((body) => body.tsResponse)]);

/** There is no sign-in at Tableau: whose the token is, and of which site, says "Get Current Server Session". */
export async function signInByBearer(
  method: BearerMethod,
  request: SignInRequest,
  send: Send,
  now: number,
): Promise<SignInResult> {
  const access = await method.accessToken(request, send, now);
  if (access.kind !== "granted") return access;
  const { serverUrl, apiVersion } = request;
  const carried = { token: access.token, carriedAs: "bearer" } satisfies Carried;
  const answer = await send({
    method: "GET",
    url: `${serverUrl}/api/${apiVersion}/sessions/current`,
    headers: { accept: "application/json", ...authorization(carried) },
  });
  if (answer.kind === "unreachable") return { kind: "failed", problem: unreachableProblem(serverUrl, answer.reason) };
  if (answer.status === 401)
    return { kind: "refused", concerns: "person", problem: problem("tableau_access_token_refused") };
  const stray = strayProblem(serverUrl, answer);
  if (stray !== null) return { kind: "failed", problem: stray };
  const read = currentBody.safeParse(readBody(answer.body));
  if (!read.success) {
    return { kind: "failed", problem: problem("tableau_server_not_tableau", { host: hostOf(serverUrl) }) };
  }
  const { site, user } = read.data.session;
  const session = {
    serverUrl,
    apiVersion,
    siteId: site.id,
    userId: user.id,
    ...carried,
    lifetimeMs: access.lifetimeMs,
  };
  return { kind: "signedIn", session };
}
