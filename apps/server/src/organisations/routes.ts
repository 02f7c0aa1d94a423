import { projectParams } from "@easel/api/manage";
import { organisationsPageSchema, organisationsQuerySchema } from "@easel/api/organisations";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { DatabaseAccess } from "../database/database.ts";
import { findIntegration } from "../integrations/find.ts";
import type { Projects } from "../projects/projects.ts";
import type { TrustDesk } from "../trusts/desk.ts";
import { trustRoutes } from "../trusts/routes.ts";
import { withIssuer } from "../trusts/shape.ts";
import { isOrganisationName } from "./claims.ts";
import { listOrganisationNames } from "./store.ts";

const tags = ["Organisations"];
const organisationParams = projectParams.extend({
  organisation: z
    .string()
    .refine(isOrganisationName, "must be what user tokens say of an organisation: a text of 1 to 255 characters")
    .describe("As your user tokens name it."),
});
const integrationParams = projectParams.extend({
  integrationId: z.string().describe("Its id, or its type: `tableau`."),
});

/** Trusts in the management API: the project's own, and those of the organisations that its users belong to. */
export function organisationManagementRoutes(
  scope: FastifyInstance,
  parts: { database: DatabaseAccess; projects: Projects; trustDesk: TrustDesk },
): void {
  const { database, projects, trustDesk } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();

  const tableauOf = async (projectId: string) => findIntegration(await projects.get(projectId), "tableau");

  app.get(
    "/manage/v1/projects/:projectId/organisations",
    {
      config: { access: "apiKey:support" },
      schema: {
        tags,
        summary: "The organisations that have set Tableau up, by name",
        params: projectParams,
        querystring: organisationsQuerySchema,
        response: { 200: organisationsPageSchema },
      },
    },
    async (request) => {
      const { projectId } = request.params;
      const { cursor: after, limit } = request.query;
      const { id: integrationId } = await tableauOf(projectId);
      const names = await listOrganisationNames(database, projectId, { after, limit: limit + 1 });
      const page = names.slice(0, limit);
      const trusts = await trustDesk.readAll({ projectId, integrationId }, page);
      const organisations = page.map((organisation) => {
        const issuerUrl = trustDesk.issuerUrl({ projectId, integrationId, organisation });
        return { organisation, ...withIssuer(issuerUrl, trusts.get(organisation) ?? null) };
      });
      return { organisations, next: names.length > limit ? (page.at(-1) ?? null) : null };
    },
  );

  trustRoutes(app, trustDesk, {
    base: "/manage/v1/projects/:projectId/organisations/:organisation/trust",
    params: organisationParams,
    tags,
    whose: "an organisation's trust",
    find: async ({ projectId, organisation }) => {
      const integration = await tableauOf(projectId);
      return { owner: { projectId, integrationId: integration.id, organisation }, integration };
    },
  });

  trustRoutes(app, trustDesk, {
    base: "/manage/v1/projects/:projectId/integrations/:integrationId/trust",
    params: integrationParams,
    tags: ["Integrations"],
    whose: "the project's own trust",
    find: async ({ projectId, integrationId }) => {
      const integration = findIntegration(await projects.get(projectId), integrationId);
      return { owner: { projectId, integrationId: integration.id, organisation: null }, integration };
    },
  });
}
