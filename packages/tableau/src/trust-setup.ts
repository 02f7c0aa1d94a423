import type { Made, OutboundRequest, Problem, Send, SessionGrant, TrustSetup } from "@easel/connector";
import { z } from "zod";
import { readBody, readError } from "./answers.ts";
import { authorization } from "./authorization.ts";
import { problem } from "./problems.ts";
import { strayProblem, unreachableProblem } from "./unanswered.ts";

/** What comes back is stored and signed with: one word, whoever the server is. */
const text = z.string().regex(/^[\x21-\x7e]{1,1024}$/);
const createdApp = z.object({
  connectedApplication: z.object({ clientId: text, enabled: z.union([z.boolean(), z.string()]).optional() }),
});
const createdSecret = z.object({ connectedApplicationSecret: z.object({ id: text, value: text }) });
const registered = z.object({ externalAuthorizationServer: z.object({ id: text }) });

/**
 * Makes trusts with an administrator's session (REST reference, "Connected App Methods": Create Connected App, Create
 * Connected App Secret, Register EAS).
 */
export const trustSetup: TrustSetup = {
  async createApp(session, name, send) {
    const app = await ask(session, send, createdApp, {
      path: "connected-apps/direct-trust",
      body: { connectedApplication: { name, enabled: true } },
    });
    if (app.kind === "refused") return app;
    const { clientId, enabled } = app.made.connectedApplication;
    const made = await finishApp(session, { clientId, isOff: String(enabled) === "false" }, send);
    if (made.kind === "refused") await trustSetup.removeApp(session, clientId, send);
    return made;
  },
  removeApp: (session, clientId, send) =>
    remove(session, `connected-apps/direct-trust/${encodeURIComponent(clientId)}`, send),
  async registerIssuer(session, { name, url }, send) {
    const made = await ask(session, send, registered, {
      path: "connected-apps/external-authorization-servers",
      body: { externalAuthorizationServer: { name, issuerUrl: url, enabled: true } },
    });
    if (made.kind === "made") return { kind: "made", made: { id: made.made.externalAuthorizationServer.id } };
    // inferred: a conflict is the same issuer, registered before. Whether it works shows the sign-in.
    return made.problem.error?.code.startsWith("409") ? { kind: "made", made: { id: null } } : made;
  },
  removeIssuer: (session, id, send) =>
    remove(session, `connected-apps/external-authorization-servers/${encodeURIComponent(id)}`, send),
};

async function finishApp(
  session: SessionGrant,
  { clientId, isOff }: { clientId: string; isOff: boolean },
  send: Send,
): Promise<Made<{ clientId: string; secretId: string; secretValue: string }>> {
  const path = `connected-apps/direct-trust/${encodeURIComponent(clientId)}`;
  if (isOff) {
    const body = { connectedApplication: { enabled: true } };
    const changed = await ask(session, send, z.unknown(), { method: "PUT", path, body });
    if (changed.kind === "refused") return changed;
  }
  const secret = await ask(session, send, createdSecret, { path: `${path}/secrets`, body: null });
  if (secret.kind === "refused") return secret;
  const { id: secretId, value: secretValue } = secret.made.connectedApplicationSecret;
  return { kind: "made", made: { clientId, secretId, secretValue } };
}

function requestTo(session: SessionGrant, path: string): Pick<OutboundRequest, "url" | "headers"> {
  const { serverUrl, apiVersion, siteId } = session;
  return {
    url: `${serverUrl}/api/${apiVersion}/sites/${siteId}/${path}`,
    headers: { accept: "application/json", "content-type": "application/json", ...authorization(session) },
  };
}

async function ask<T>(
  session: SessionGrant,
  send: Send,
  schema: z.ZodType<T>,
  { method = "POST", path, body }: { method?: "POST" | "PUT"; path: string; body: object | null },
): Promise<Made<T>> {
  const request: OutboundRequest = { method, ...requestTo(session, path) };
  const answer = await send(body === null ? request : { ...request, body: JSON.stringify(body) });
  const { serverUrl } = session;
  if (answer.kind === "unreachable") return refused(unreachableProblem(serverUrl, answer.reason));
  const stray = strayProblem(serverUrl, answer);
  if (stray !== null) return refused(stray);
  if (answer.status >= 400) {
    const error = readError(answer.status, answer.body);
    const summary = `${error.summary} ${error.detail}`.trim().replace(/\.$/, "");
    return refused(
      problem(answer.status === 403 ? "tableau_setup_denied" : "tableau_setup_refused", { summary }, error),
    );
  }
  const content = readBody(answer.body);
  const read = schema.safeParse(content);
  if (read.success) return { kind: "made", made: read.data };
  const wrapped = z.object({ tsResponse: schema }).safeParse(content);
  if (wrapped.success) return { kind: "made", made: wrapped.data.tsResponse };
  return refused(problem("tableau_setup_refused", { summary: "its answer could not be read" }));
}

async function remove(session: SessionGrant, path: string, send: Send): Promise<void> {
  await send({ method: "DELETE", ...requestTo(session, path) });
}

function refused(reason: Problem): { kind: "refused"; problem: Problem } {
  return { kind: "refused", problem: reason };
}
