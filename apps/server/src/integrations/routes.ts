import { integrationSchema, integrationSettingsSchema, projectParams } from "@easel/api/manage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Projects } from "../projects/projects.ts";
import { findIntegration } from "./find.ts";
import type { Integration, Integrations } from "./integrations.ts";

const integrationParams = projectParams.extend({
  integrationId: z.string().describe("Its id, or its type: `tableau`."),
});
const tags = ["Integrations"];

export function integrationRoutes(
  scope: FastifyInstance,
  parts: { projects: Projects; integrations: Integrations },
): void {
  const { projects, integrations } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();

  app.get(
    "/manage/v1/projects/:projectId/integrations",
    {
      config: { access: "apiKey:member" },
      schema: {
        tags,
        summary: "The project's integrations",
        params: projectParams,
        response: { 200: z.object({ integrations: z.array(integrationSchema) }) },
      },
    },
    async (request) => ({ integrations: (await projects.get(request.params.projectId)).integrations.map(shape) }),
  );

  app.get(
    "/manage/v1/projects/:projectId/integrations/:integrationId",
    {
      config: { access: "apiKey:member" },
      schema: {
        tags,
        summary: "An integration's settings",
        params: integrationParams,
        response: { 200: integrationSchema },
      },
    },
    async (request) =>
      shape(findIntegration(await projects.get(request.params.projectId), request.params.integrationId)),
  );

  app.patch(
    "/manage/v1/projects/:projectId/integrations/:integrationId",
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary:
          "Change an integration's settings: Client ID, Client Secret, Client Secret Value, Permissions and the rest",
        params: integrationParams,
        body: integrationSettingsSchema,
        response: { 200: integrationSchema },
      },
    },
    async (request) => {
      const { projectId, integrationId } = request.params;
      await integrations.change(projectId, findIntegration(await projects.get(projectId), integrationId), request.body);
      return shape(findIntegration(await projects.get(projectId), integrationId));
    },
  );
}

function shape(integration: Integration): z.infer<typeof integrationSchema> {
  const { trust } = integration;
  const own = trust?.kind === "own" ? trust : null;
  const app = own?.keys.kind === "connectedApp" ? own.keys : null;
  return {
    id: integration.id,
    type: integration.type,
    isActive: integration.isActive,
    clientId: app?.clientId ?? "",
    clientSecret: app?.secretId ?? "",
    hasClientSecretValue: app !== null,
    clientSecretSetAt: app === null ? null : (own?.setAt?.toISOString() ?? null),
    usesDevelopmentKeys: trust?.kind === "development",
    permissions: [...integration.permissions],
    serverUrl: integration.serverUrl,
    site: integration.site,
    methods: integration.methods === null ? null : [...integration.methods],
    usernameClaim: integration.usernameClaim,
    organisationClaim: integration.organisationClaim,
    connectsByItself: integration.connectsByItself,
    mayMintCredentials: integration.mayMintCredentials,
    keepTokensAlive: integration.keepTokensAlive,
    apiVersion: integration.apiVersion,
    description: integration.description,
    trustProblem:
      trust?.broken == null
        ? null
        : { code: trust.broken.code, reason: trust.broken.reason, at: trust.broken.at.toISOString() },
  };
}
