import { randomUUID } from "node:crypto";
import { importPKCS8, SignJWT } from "jose";
import { easel, type Instance } from "./easel.ts";

/** A project of a test file's own, so that its users and settings are nobody else's. */
export interface Project {
  readonly id: string;
  readonly integrationId: string;
  /** A user token as the product's backend signs it. Without `user`: of somebody who was never here before. */
  token(claims?: Record<string, unknown>): Promise<string>;
  /** The management API, with an admin's key. Throws where it refuses. */
  manage(method: string, path: string, body?: unknown): Promise<unknown>;
}

export async function newProject(instance: Instance, name = "Acme"): Promise<Project> {
  const created = JSON.parse(await easel(instance, "project", "create", "--name", name));
  const { projectId, integrationId, signingKey } = created;
  const [apiKey, privateKey] = await Promise.all([
    easel(instance, "api-key", "create", "--project", projectId, "--role", "admin"),
    importPKCS8(signingKey.privateKey, "RS256"),
  ]);
  return {
    id: projectId,
    integrationId,
    token: (claims = {}) => {
      const iat = Math.floor(Date.now() / 1000);
      return new SignJWT({
        sub: `user-${randomUUID()}`,
        aud: `useparagon.com/${projectId}`,
        iat,
        exp: iat + 3600,
        ...claims,
      })
        .setProtectedHeader({ alg: "RS256", kid: signingKey.kid, typ: "JWT" })
        .sign(privateKey);
    },
    manage: async (method, path, body) => {
      const response = await fetch(`${instance.origin}/manage/v1/projects/${projectId}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
      return answer;
    },
  };
}
