import {
  credentialSchema,
  credentialsPageSchema,
  credentialsQuerySchema,
  importResultsSchema,
  importSchema,
} from "@easel/api/credentials";
import { projectParams } from "@easel/api/manage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { DatabaseAccess } from "../database/database.ts";
import { type EaselError, easelError } from "../http/errors.ts";
import { findIntegration } from "../integrations/find.ts";
import type { Projects } from "../projects/projects.ts";
import type { Servers } from "../servers/servers.ts";
import type { Disconnect } from "./disconnect.ts";
import type { CredentialHealth, Health } from "./health.ts";
import type { ImportCredentials, ImportResult } from "./import.ts";
import { findProjectCredential, type ListedCredential, listProjectCredentials } from "./listing.ts";

const credentialParams = projectParams.extend({ credentialId: z.uuid().toLowerCase() });
const tags = ["Credentials"];

/** Credentials in the management API, for those who move them here, and for support. Secrets are in no answer. */
export function credentialManagementRoutes(
  scope: FastifyInstance,
  parts: {
    database: DatabaseAccess;
    projects: Projects;
    importCredentials: ImportCredentials;
    disconnect: Disconnect;
    servers: Servers;
    credentialHealth: CredentialHealth;
  },
): void {
  const { database, projects, importCredentials, disconnect, servers, credentialHealth } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();

  const find = async (projectId: string, credentialId: string): Promise<ListedCredential> => {
    const found = await findProjectCredential(database, projectId, credentialId);
    if (found === undefined) throw easelError("not_found");
    return found;
  };

  const shapes = async (projectId: string, listed: readonly ListedCredential[]) => {
    const healthOf = await credentialHealth(
      projectId,
      listed.map(({ credential }) => credential),
    );
    return (one: ListedCredential) => shape(one, healthOf(one.credential));
  };

  const shape = ({ credential, user }: ListedCredential, health: Health): z.infer<typeof credentialSchema> => {
    const { id, externalId, integrationId, method, serverUrl, site, siteId, tableauUserId, username, state } =
      credential;
    const server = servers.peek(serverUrl);
    return {
      ...{ id, userId: user.id, sub: user.subject, externalId, integrationId, method },
      ...{ serverUrl, site, siteId, tableauUserId, username },
      apiVersion: server?.apiVersion ?? credential.apiVersion,
      productVersion: server?.productVersion ?? null,
      status: state.kind === "invalid" ? "INVALID" : "VALID",
      reason: state.kind === "valid" ? null : state.reason,
      warning: health.warning,
      lastUsedAt: health.lastUsedAt?.toISOString() ?? null,
      secretExpiresAt: health.secretExpiresAt?.toISOString() ?? null,
      createdAt: credential.createdAt.toISOString(),
      updatedAt: credential.updatedAt.toISOString(),
    };
  };

  const resultShape = (
    { user = "", externalId = null }: { user?: string; externalId?: string | undefined | null } = {},
    result: ImportResult,
    shaped: (one: ListedCredential) => z.infer<typeof credentialSchema>,
  ): z.infer<typeof importResultsSchema>["results"][number] =>
    result.outcome === "refused"
      ? { outcome: "refused", user, externalId, error: inWords(result.error) }
      : { outcome: result.outcome, user, externalId, credential: shaped(result) };

  app.post(
    "/manage/v1/projects/:projectId/credentials",
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "Import credentials: each signs in first, and what does not is refused in its result",
        params: projectParams,
        body: importSchema,
        response: { 200: importResultsSchema },
      },
    },
    async (request) => {
      const project = await projects.get(request.params.projectId);
      const items = request.body.credentials;
      const integration = findIntegration(project, request.body.integration);
      if (!integration.isActive) throw easelError("integration_inactive");
      const results = await importCredentials(project, integration, items);
      const kept = results.filter((result) => result.outcome !== "refused");
      const shaped = await shapes(project.id, kept);
      return { results: results.map((result, at) => resultShape(items[at], result, shaped)) };
    },
  );

  app.get(
    "/manage/v1/projects/:projectId/credentials",
    {
      config: { access: "apiKey:support" },
      schema: {
        tags,
        summary: "What the project's users have connected, the newest first",
        params: projectParams,
        querystring: credentialsQuerySchema,
        response: { 200: credentialsPageSchema },
      },
    },
    async (request) => {
      const { cursor, limit, ...filter } = request.query;
      const { found, next } = await listProjectCredentials(database, request.params.projectId, {
        filter,
        cursor,
        limit,
      });
      const shaped = await shapes(request.params.projectId, found);
      return { credentials: found.map(shaped), next: next === null ? null : `${next.micros}~${next.id}` };
    },
  );

  app.get(
    "/manage/v1/projects/:projectId/credentials/:credentialId",
    {
      config: { access: "apiKey:support" },
      schema: { tags, summary: "One credential", params: credentialParams, response: { 200: credentialSchema } },
    },
    async (request) => {
      const { projectId, credentialId } = request.params;
      const found = await find(projectId, credentialId);
      return (await shapes(projectId, [found]))(found);
    },
  );

  app.delete(
    "/manage/v1/projects/:projectId/credentials/:credentialId",
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "Disconnect a user: the credential is deleted, and signed out where nobody else uses its sign-in",
        params: credentialParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { projectId, credentialId } = request.params;
      const { credential, user } = await find(projectId, credentialId);
      const project = await projects.get(projectId);
      const integration = findIntegration(project, credential.integrationId);
      await disconnect({ project, integration, user, credential, claims: {} });
      return reply.code(204).send(null);
    },
  );
}

function inWords({ code, status, message, action }: EaselError) {
  return { code, status, message, action };
}
