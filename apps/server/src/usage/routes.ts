import { projectParams, usageQuerySchema, usageRowSchema } from "@easel/api/manage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Usage } from "./usage.ts";

export function usageRoutes(scope: FastifyInstance, usage: Usage): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    "/manage/v1/projects/:projectId/usage",
    {
      config: { access: "apiKey:support" },
      schema: {
        tags: ["Usage"],
        summary: "Proxied calls, the newest first",
        params: projectParams,
        querystring: usageQuerySchema,
        response: { 200: z.object({ calls: z.array(usageRowSchema) }) },
      },
    },
    async (request) => {
      const { before, ...filter } = request.query;
      const rows = await usage.list(request.params.projectId, {
        ...filter,
        before: before === undefined ? undefined : new Date(before),
      });
      return {
        calls: rows.map(({ projectId: _projectId, at, ...row }) => ({ ...row, at: new Date(at).toISOString() })),
      };
    },
  );
}
