import { eventsPageSchema, eventsQuerySchema } from "@easel/api/events";
import { projectParams } from "@easel/api/manage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Events } from "./events.ts";

export function eventRoutes(scope: FastifyInstance, { events }: { events: Events }): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    "/manage/v1/projects/:projectId/events",
    {
      config: { access: "apiKey:support" },
      schema: {
        tags: ["Events"],
        summary: "What happened to credentials and trusts, the newest first",
        params: projectParams,
        querystring: eventsQuerySchema,
        response: { 200: eventsPageSchema },
      },
    },
    async (request) => {
      const { cursor, limit, ...filter } = request.query;
      const { events: found, next } = await events.list(request.params.projectId, filter, { cursor, limit });
      return {
        events: found.map(({ projectId: _projectId, at, ...event }) => ({ ...event, at: at.toISOString() })),
        next,
      };
    },
  );
}
