import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import * as z from "zod";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox.ts";

/** A sandbox of its own for a test file, and how to talk to it over HTTP, as any client would. */
export type TestSandbox = Awaited<ReturnType<typeof openTestSandbox>>;

const json = { accept: "application/json" };

const credentialsSchema = z.object({
  credentials: z.object({
    token: z.string(),
    site: z.object({ id: z.string(), contentUrl: z.string() }),
    user: z.object({ id: z.string() }),
  }),
});

const errorSchema = z.object({ error: z.object({ code: z.string(), summary: z.string(), detail: z.string() }) });

export async function openTestSandbox(options: Partial<SandboxOptions> = {}) {
  let ahead = 0;
  const clock = (): number => Date.now() + ahead;
  const sandbox = await startSandbox({ port: 0, host: "127.0.0.1", clock, ...options });
  return {
    ...sandbox,
    now: clock,
    advance(milliseconds: number): void {
      ahead += milliseconds;
    },
    call: (path: string, init: RequestInit = {}) => fetch(`${sandbox.url}${path}`, init),
    signIn: (credentials: object) => signIn(sandbox, credentials),
    /** Signed in by any credentials. */
    as: (credentials: object) => signedIn(sandbox, credentials),
    administrator: () => signedIn(sandbox, pat(sandbox, 0)),
    explorer: () => signedIn(sandbox, pat(sandbox, 1)),
    viewer: () => signedIn(sandbox, pat(sandbox, 2)),
    /** Somebody new, of this site role. */
    newcomer: (siteRole: string) => newcomer(sandbox, siteRole),
    byJwt: async (scopes: string[]) => signedIn(sandbox, { jwt: await signJwt(sandbox, clock(), { scp: scopes }) }),
    order: (faults: object) => post(sandbox, "faults", faults),
    /** Makes something by one of the sandbox's own routes, e.g. `people`. */
    make: (path: string, what: object) => post(sandbox, path, what),
  };
}

async function newcomer(sandbox: Sandbox, siteRole: string): Promise<SignedIn> {
  const name = `${randomUUID()}@acme.example`;
  const password = randomUUID();
  await post(sandbox, "people", { name, siteRole, password });
  return signedIn(sandbox, { name, password });
}

function post({ url }: Sandbox, path: string, body: object): Promise<Response> {
  return fetch(`${url}/__sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
}

/** A person signed in: calls below their site, answered in JSON unless they ask otherwise. */
export type SignedIn = Awaited<ReturnType<typeof signedIn>>;

export async function signedIn(sandbox: { url: string }, credentials: object) {
  const response = await signIn(sandbox, credentials);
  if (response.status !== 200) throw new Error(`Signing in failed: ${await response.text()}`);
  const { token, site, user } = credentialsSchema.parse(await response.json()).credentials;
  const call = (path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(`${sandbox.url}/api/3.27${path}`, { ...init, headers: { ...json, "x-tableau-auth": token, ...headers } });
  const onSite = (path: string, init?: Parameters<typeof call>[1]) => call(`/sites/${site.id}${path}`, init);
  /** One of the JSON APIs that are not below `/api/{version}`, by its whole path. */
  const ask = (path: string, method = "GET", body?: unknown) =>
    fetch(`${sandbox.url}${path}`, {
      method,
      headers: {
        ...json,
        "x-tableau-auth": token,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { token, site, user, call, onSite, ask };
}

function signIn(sandbox: { url: string }, credentials: object): Promise<Response> {
  const body = JSON.stringify({ credentials: { site: { contentUrl: "acme" }, ...credentials } });
  const headers = { ...json, "content-type": "application/json" };
  return fetch(`${sandbox.url}/api/3.27/auth/signin`, { method: "POST", body, headers });
}

export function pat({ keys }: Sandbox, person: number) {
  const { name, secret } = keys.users[person]?.pat ?? keys.pat;
  return { personalAccessTokenName: name, personalAccessTokenSecret: secret };
}

/** A JWT of the sandbox's connected app; any claim and any header field can be replaced, `undefined` leaves it out. */
export function signJwt(
  { keys }: Sandbox,
  now: number,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const { clientId, secretId, secretValue } = keys.connectedApp;
  const seconds = Math.floor(now / 1000);
  const times = { iat: seconds, exp: seconds + 300 };
  const all = { iss: clientId, sub: keys.user.name, aud: "tableau", jti: randomUUID(), scp: [], ...times, ...claims };
  return new SignJWT(all)
    .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: secretId, ...header })
    .sign(new TextEncoder().encode(secretValue));
}

export async function errorOf(response: Response) {
  return errorSchema.parse(await response.json()).error;
}

const object = z.record(z.string(), z.unknown());

/** The object that a JSON answer holds under a name, e.g. `objectOf(response, "project")`. */
export async function objectOf(response: Response, name: string) {
  return object.parse(object.parse(await response.json())[name]);
}

/** The labels of a `tags` element in JSON. */
export function labelsOf(tags: unknown): string[] {
  const schema = z.object({ tag: z.array(z.object({ label: z.string() })).optional() });
  return (schema.parse(tags).tag ?? []).map(({ label }) => label);
}

/** What a list answers in JSON: its page, and its items as plain objects. */
export async function pageOf(response: Response, plural: string, element: string) {
  const schema = z.object({
    pagination: z.object({ pageNumber: z.string(), pageSize: z.string(), totalAvailable: z.string() }),
    [plural]: z.object({ [element]: z.array(object).optional() }),
  });
  const parsed = schema.parse(await response.json());
  const holder = z.record(z.string(), z.array(object).optional()).parse(parsed[plural]);
  return { pagination: parsed.pagination, items: holder[element] ?? [] };
}
