import type { TrustOrderBody } from "@easel/api/organisations";
import type { PortalContext, PortalProbe } from "@easel/api/portal";
import { type Answer, localFault, ok, readFault, refused } from "./fault.ts";
import type { Strings } from "./strings.ts";

/** For whom the portal asks. */
export type Caller =
  /** Inside a host page: the user token, and the origin of that page, which the server checks. */
  | { readonly kind: "user"; readonly token: string; readonly embedder: string }
  /** The hosted form: a one-time code in the place of a token. */
  | { readonly kind: "hosted"; readonly code: string };

export interface ConnectPayload {
  readonly method: string;
  readonly serverUrl: string;
  readonly site: string;
  /** Signs this credential in again instead of adding one. */
  readonly credentialId?: string;
  readonly [field: string]: string | undefined;
}

/** What the hosted form is told about its one-time code. */
export interface HostedContext {
  readonly projectId: string;
  readonly integrationId: string;
  readonly context: PortalContext;
  /** Whom the product connects, in its own words: a name or an e-mail address. */
  readonly person?: string | null;
}

export interface PortalApi {
  context(caller: Caller, projectId: string): Promise<Answer<PortalContext>>;
  hostedContext(code: string): Promise<Answer<HostedContext>>;
  probe(caller: Caller, projectId: string, address: string): Promise<Answer<PortalProbe>>;
  /** Answers the new credential's id. */
  connect(
    caller: Caller,
    projectId: string,
    body: { integrationId: string; payload: ConnectPayload },
  ): Promise<Answer<string>>;
  /** Sets Tableau up for the person's organisation, or sets it up anew. */
  setTrust(caller: Caller, projectId: string, order: TrustOrderBody): Promise<Answer<null>>;
  removeTrust(caller: Caller, projectId: string): Promise<Answer<null>>;
}

/** Our own server's portal endpoints. Failures are values: what the server said, or that it could not be reached. */
export function createPortalApi(fetch: typeof globalThis.fetch, strings: Strings): PortalApi {
  async function ask<T>(path: string, init: RequestInit, fits: (value: unknown) => value is T): Promise<Answer<T>> {
    try {
      const response = await fetch(path, { ...init, credentials: "omit", cache: "no-store" });
      const text = await response.text();
      if (!response.ok)
        return refused(readFault(text) ?? localFault(`http_${response.status}`, strings.faults.unclear));
      const value: unknown = text === "" ? null : JSON.parse(text);
      return fits(value) ? ok(value) : refused(localFault("portal_answer_unclear", strings.faults.unclear));
    } catch (error) {
      // fetch rejects with a TypeError where no answer came; JSON.parse throws a SyntaxError.
      const words = error instanceof SyntaxError ? strings.faults.unclear : strings.faults.offline;
      return refused(localFault("portal_no_answer", words));
    }
  }
  const post = (caller: Caller, body: unknown): RequestInit => ({
    method: "POST",
    headers: { ...headers(caller), "content-type": "application/json" },
    body: JSON.stringify(body),
  });

  return {
    context: (caller, projectId) => ask(`${sdk(projectId)}/portal`, { headers: headers(caller) }, isContext),
    hostedContext: (code) =>
      ask(
        `/ui/hosted/${encodeURIComponent(code)}/context`,
        { headers: headers({ kind: "hosted", code }) },
        isHostedContext,
      ),
    probe: (caller, projectId, address) => ask(`${sdk(projectId)}/portal/probe`, post(caller, { address }), isProbe),
    async connect(caller, projectId, body) {
      const answer = await ask(`${sdk(projectId)}/credentials`, post(caller, body), isCreated);
      return answer.kind === "ok" ? ok(answer.value.id) : answer;
    },
    async setTrust(caller, projectId, order) {
      const answer = await ask(trust(projectId), { ...post(caller, order), method: "PUT" }, isOrganisation);
      return answer.kind === "ok" ? ok(null) : answer;
    },
    removeTrust: (caller, projectId) =>
      ask(trust(projectId), { method: "DELETE", headers: headers(caller) }, (value): value is null => value === null),
  };
}

/*
 * The answers are our own server's, of the same release: a glance tells a wrong answer (a gateway's page, say) from a right one.
 * The contract's zod schemas would double the portal's weight (50 KB gzip of script with them, 25 without).
 */
const has = (value: unknown, ...keys: string[]): boolean =>
  typeof value === "object" && value !== null && keys.every((key) => key in value);
const isContext = (value: unknown): value is PortalContext =>
  has(value, "project", "integration", "consent", "fixed", "methods", "trust", "credentials");
const isProbe = (value: unknown): value is PortalProbe => has(value, "serverUrl", "site", "edition", "methods");
const isCreated = (value: unknown): value is { id: string } => has(value, "id");
const isOrganisation = (value: unknown): value is object => has(value, "organisation", "trust");
const isHostedContext = (value: unknown): value is HostedContext => has(value, "projectId", "integrationId", "context");

const sdk = (projectId: string): string => `/projects/${encodeURIComponent(projectId)}/sdk`;

const trust = (projectId: string): string => `${sdk(projectId)}/organisation/trust`;

function headers(caller: Caller): Record<string, string> {
  const accept = { accept: "application/json" };
  if (caller.kind === "hosted") return { ...accept, "x-easel-connect": caller.code };
  return { ...accept, authorization: `Bearer ${caller.token}`, "x-easel-embedder": caller.embedder };
}
