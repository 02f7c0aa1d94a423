import { z } from "zod";
import type { TestEasel, TestProject } from "../testing/test-easel.ts";

/** A connected user's credential as Tableau's clients see it. */
export interface TestClient {
  readonly credentialId: string;
  /** The server address of clients that keep a path. */
  readonly prefix: string;
  /** The token's name, for clients at the root. */
  readonly name: string;
  /** A client key. */
  readonly key: string;
  readonly keyId: string;
  /** Signs in by prefix with the client key, or with another secret. Fails where that is refused. */
  signIn(secret?: string): Promise<SignedIn>;
  /** A GET below the site, with this token, at this address. */
  list(token: string, server?: string): Promise<Response>;
}

export interface SignedIn {
  readonly token: string;
  readonly site: { readonly id: string; readonly contentUrl: string };
  readonly user: { readonly id: string };
}

const signedInSchema = z.object({
  credentials: z.object({
    token: z.string(),
    site: z.object({ id: z.string(), contentUrl: z.string() }),
    user: z.object({ id: z.string() }),
  }),
});

export const refusalSchema = z.object({
  error: z.object({ code: z.string(), summary: z.string(), detail: z.string() }),
});

/** Connects the user, and makes a client key. */
export async function openClient(
  easel: Pick<TestEasel, "origin" | "sandbox">,
  project: TestProject,
  { user = "ana", payload }: { user?: string; payload?: Record<string, unknown> } = {},
): Promise<TestClient> {
  const { id: credentialId } = await project.connect(user, payload);
  const { id: keyId, key } = await newClientKey(project, credentialId);
  const prefix = `${easel.origin}/projects/${project.id}/tableau/${credentialId}`;
  const signIn: TestClient["signIn"] = async (secret = key) => {
    const response = await signInAt(prefix, { personalAccessTokenName: "any", personalAccessTokenSecret: secret });
    if (response.status !== 200) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
    return signedInSchema.parse(await response.json()).credentials;
  };
  let siteId: string | undefined;
  return {
    credentialId,
    prefix,
    name: `${project.id}/${credentialId}`,
    key,
    keyId,
    signIn,
    list: async (token, server = prefix) => {
      siteId ??= (await signIn()).site.id;
      return fetch(`${server}/api/3.27/sites/${siteId}/projects?pageSize=1`, { headers: { "x-tableau-auth": token } });
    },
  };
}

export async function newClientKey(
  project: TestProject,
  credentialId: string,
  more: Record<string, unknown> = {},
): Promise<{ id: string; key: string }> {
  const response = await project.manage(`/credentials/${credentialId}/client-keys`, {
    method: "POST",
    json: { name: "test", ...more },
  });
  if (response.status !== 201) throw new Error(`client key: ${response.status} ${await response.text()}`);
  return z.object({ id: z.string(), key: z.string() }).parse(await response.json());
}

/** Signs in in JSON. */
export function signInAt(server: string, credentials: Record<string, unknown>): Promise<Response> {
  return fetch(`${server}/api/3.27/auth/signin`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ credentials }),
  });
}
