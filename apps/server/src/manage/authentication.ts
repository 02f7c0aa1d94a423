import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Role } from "../database/schema.ts";
import { bearerToken } from "../http/caller.ts";
import { easelError } from "../http/errors.ts";
import type { ApiKey, ApiKeys } from "../keys/api-keys.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set on routes of the management API. */
    apiKey: ApiKey | null;
  }
}

const RANK: Record<Role, number> = { support: 1, member: 2, admin: 3 };

/** Admits API keys whose role reaches what a route asks for; another project's routes do not exist for them. */
export function authenticateApiKeys(scope: FastifyInstance, apiKeys: ApiKeys): void {
  scope.decorateRequest("apiKey", null);
  scope.addHook("onRequest", async (request) => {
    const { access = "" } = request.routeOptions.config;
    if (!access.startsWith("apiKey:")) return;
    const presented = bearerToken(request);
    if (presented === undefined) throw easelError("api_key_missing");
    const apiKey = await apiKeys.verify(presented);
    const { projectId } = request.params as { projectId?: string };
    if (projectId !== undefined && projectId.toLowerCase() !== apiKey.projectId) throw easelError("project_unknown");
    const needed = access.slice("apiKey:".length);
    if (!isRole(needed) || RANK[apiKey.role] < RANK[needed])
      throw easelError("role_insufficient", { role: apiKey.role, needed });
    request.apiKey = apiKey;
  });
}

export function apiKeyOf(request: FastifyRequest): ApiKey {
  if (request.apiKey === null)
    throw new Error(`${request.routeOptions.url ?? ""} has no API key: it is not part of the management API.`);
  return request.apiKey;
}

function isRole(text: string): text is Role {
  return Object.hasOwn(RANK, text);
}
