import { originsSchema, projectChangesSchema, projectParams, projectSchema } from "@easel/api/manage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { limitsShape } from "../limits/settings.ts";
import { apiKeyOf } from "../manage/authentication.ts";
import type { Project, Projects } from "./projects.ts";

const tags = ["Projects"];

export function projectRoutes(scope: FastifyInstance, projects: Projects): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();

  app.get(
    "/manage/v1/projects",
    {
      config: { access: "apiKey:support" },
      schema: {
        tags,
        summary: "The projects that the key opens",
        response: { 200: z.object({ projects: z.array(projectSchema) }) },
      },
    },
    async (request) => ({ projects: [shape(await projects.get(apiKeyOf(request).projectId))] }),
  );

  app.get(
    "/manage/v1/projects/:projectId",
    {
      config: { access: "apiKey:support" },
      schema: { tags, summary: "A project", params: projectParams, response: { 200: projectSchema } },
    },
    async (request) => shape(await projects.get(request.params.projectId)),
  );

  app.patch(
    "/manage/v1/projects/:projectId",
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "Change a project",
        params: projectParams,
        body: projectChangesSchema,
        response: { 200: projectSchema },
      },
    },
    async (request) => shape(await projects.change(request.params.projectId, request.body)),
  );

  app.get(
    "/manage/v1/projects/:projectId/allowed-origins",
    {
      config: { access: "apiKey:member" },
      schema: {
        tags,
        summary: "Whose pages may use the project",
        params: projectParams,
        response: { 200: originsSchema },
      },
    },
    async (request) => ({ origins: [...(await projects.get(request.params.projectId)).allowedOrigins] }),
  );

  app.put(
    "/manage/v1/projects/:projectId/allowed-origins",
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "Set whose pages may use the project",
        params: projectParams,
        body: originsSchema,
        response: { 200: originsSchema },
      },
    },
    async (request) => {
      const project = await projects.change(request.params.projectId, { allowedOrigins: request.body.origins });
      return { origins: [...project.allowedOrigins] };
    },
  );
}

function shape(project: Project): z.infer<typeof projectSchema> {
  const { id, name, environment, allowedOrigins, requireAudience, accentColor, logoUrl, limits, createdAt } = project;
  return {
    id,
    name,
    environment,
    allowedOrigins: [...allowedOrigins],
    requireAudience,
    accentColor,
    logoUrl,
    limits: limitsShape(limits),
    createdAt: createdAt.toISOString(),
  };
}
