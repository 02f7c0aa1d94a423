import type { OutboundAnswer, OutboundRequest, Send, SignInRequest, SignInResult } from "@easel/connector";
import { z } from "zod";
import { readBody } from "./answers.ts";
import { signJwt } from "./jwt.ts";
import { formOf, neededFields, type SignInForm } from "./methods.ts";
import { problem } from "./problems.ts";
import { editionOf, hostOf, isCloudHost } from "./server-url.ts";
import { refusalOf } from "./sign-in-refusal.ts";
import { redirectTarget, strayProblem, unreachableProblem } from "./unanswered.ts";

/** inferred: measured by others on Tableau Cloud in 2026; longer ones fail like a wrong secret, for no stated reason. */
const longestJwt = 8192;

/**
 * Signs in at Tableau. `now` is in milliseconds; only a trust's JWT needs it.
 */
export async function signIn(request: SignInRequest, send: Send, now: number): Promise<SignInResult> {
  const form = formOf(request);
  const incomplete = incompleteRefusal(form, request);
  if (incomplete !== null) return incomplete;
  const credentials = await credentialsOf(form, request, now);
  if (credentials === null) {
    return { kind: "refused", concerns: "app", problem: problem("tableau_scopes_too_many") };
  }
  const body = JSON.stringify({ credentials: { ...credentials, site: { contentUrl: request.site } } });
  const answer = await send(signInRequest(request.serverUrl, request.apiVersion, body));
  const moved = trustMoved(form, request.serverUrl, answer);
  if (moved !== null) return moved;
  const pod = podAfter(form, request.serverUrl, answer);
  if (pod === null) return readAnswer(form, request, answer);
  const atPod = { ...request, serverUrl: pod };
  return readAnswer(form, atPod, await send(signInRequest(pod, request.apiVersion, body)));
}

/** What is typed concerns the person; keys that a trust lacks concern everyone. */
function incompleteRefusal(form: SignInForm, { fields }: SignInRequest): SignInResult | null {
  const missing = neededFields[form].filter(({ id }) => (fields[id] ?? "") === "");
  if (missing.length === 0) return null;
  const words = missing.map(({ inWords }) => inWords).join(" and ");
  const concerns = usesTrust(form) && missing.some(({ id }) => id !== "username") ? "app" : "person";
  return { kind: "refused", concerns, problem: problem("tableau_sign_in_incomplete", { fields: words }) };
}

function signInRequest(serverUrl: string, apiVersion: string, body: string): OutboundRequest {
  return {
    method: "POST",
    url: `${serverUrl}/api/${apiVersion}/auth/signin`,
    headers: { "content-type": "application/json", accept: "application/json" },
    body,
  };
}

/** What `credentials` holds besides the site; null where the JWT would be too long for Tableau. */
async function credentialsOf(
  form: SignInForm,
  { fields, scopes }: SignInRequest,
  now: number,
): Promise<Readonly<Record<string, string | true>> | null> {
  const field = (id: string) => fields[id] ?? "";
  switch (form) {
    case "pat":
      return { personalAccessTokenName: field("tokenName"), personalAccessTokenSecret: field("tokenSecret") };
    case "password":
      return { name: field("username"), password: field("password") };
    case "connectedApp":
    case "issuer":
    case "uat": {
      const jwt = await signJwt(form, fields, scopes, now);
      if (jwt.length > longestJwt) return null;
      return form === "uat" ? { jwt, isUat: true } : { jwt };
    }
  }
}

/**
 * Tableau Cloud sends a sign-in at `online.tableau.com` on to the site's pod: the one redirect after which a typed
 * secret is sent again, once. A trust is bound to its origin and signs for no other.
 */
function podAfter(form: SignInForm, serverUrl: string, answer: OutboundAnswer): string | null {
  return usesTrust(form) ? null : otherPod(serverUrl, answer);
}

/**
 * A trust signs for no other address, also where Tableau Cloud moved its site to another pod: that the new address is right
 * somebody has to say, for everyone who signs in with it.
 */
function trustMoved(form: SignInForm, serverUrl: string, answer: OutboundAnswer): SignInResult | null {
  const address = usesTrust(form) ? otherPod(serverUrl, answer) : null;
  if (address === null) return null;
  const params = { host: hostOf(serverUrl), address };
  return { kind: "refused", concerns: "app", problem: problem("tableau_trust_moved", params) };
}

function usesTrust(form: SignInForm): boolean {
  return form !== "pat" && form !== "password";
}

/** The pod of Tableau Cloud that one of its addresses sends a sign-in on to. */
function otherPod(serverUrl: string, answer: OutboundAnswer): string | null {
  if (answer.kind === "unreachable" || ![301, 302, 307, 308].includes(answer.status)) return null;
  const target = redirectTarget(serverUrl, answer);
  const from = new URL(serverUrl);
  const bothCloud = [from, target].every(
    (url) => url?.protocol === "https:" && url.port === "" && isCloudHost(url.hostname),
  );
  return bothCloud && target !== null && target.origin !== from.origin ? target.origin : null;
}

const luid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const grant = z.object({
  credentials: z.object({
    // Goes into a header of every call.
    token: z.string().regex(/^[\x21-\x7e]{1,4096}$/),
    site: z.object({ id: luid }),
    user: z.object({ id: luid }),
  }),
});
const grantBody = z.union([grant, z.object({ tsResponse: grant }).transform((body) => body.tsResponse)]);

function readAnswer(form: SignInForm, request: SignInRequest, answer: OutboundAnswer): SignInResult {
  const { serverUrl, apiVersion } = request;
  if (answer.kind === "unreachable") return { kind: "failed", problem: unreachableProblem(serverUrl, answer.reason) };
  const stray = strayProblem(serverUrl, answer);
  if (stray !== null) return { kind: "failed", problem: stray };
  if (answer.status >= 400) return refusalOf(form, request, answer);

  const read = grantBody.safeParse(readBody(answer.body));
  if (!read.success) {
    return { kind: "failed", problem: problem("tableau_server_not_tableau", { host: hostOf(serverUrl) }) };
  }
  const { token, site, user } = read.data.credentials;
  return {
    kind: "signedIn",
    session: { serverUrl, apiVersion, siteId: site.id, userId: user.id, token, lifetimeMs: lifetimeOf(serverUrl) },
  };
}

/**
 * 120 minutes on Cloud, 240 on Server (`wgserver.session.idle_limit`). Tableau's own `estimatedTimeToExpiration` is
 * not used: it is a string of changing shape, and a server's clock is not ours.
 */
function lifetimeOf(serverUrl: string): number {
  return (editionOf(serverUrl) === "cloud" ? 120 : 240) * 60_000;
}
