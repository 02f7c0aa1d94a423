import { budgetsSchema } from "@easel/api/limits";
import { projectParams } from "@easel/api/manage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Budgets } from "./budgets.ts";

/** What of Tableau's budgets is used up. The limits themselves are settings of the project (projects/routes.ts). */
export function limitRoutes(scope: FastifyInstance, { budgets }: { budgets: Budgets }): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();

  app.get(
    "/manage/v1/projects/:projectId/budgets",
    {
      config: { access: "apiKey:support" },
      schema: {
        tags: ["Limits"],
        summary: "What the project has used of Tableau's budgets",
        description: "Counted over all processes; another one's last 15 seconds may be missing.",
        params: projectParams,
        response: { 200: budgetsSchema },
      },
    },
    async (request) => {
      const { uses, isCut } = await budgets.list(request.params.projectId);
      return {
        budgets: uses.map(({ serverUrl, site, budget, title, tableauUserId, used, limit, isNear, ...window }) => ({
          server: serverUrl,
          site,
          budget,
          title,
          user: tableauUserId === "" ? null : tableauUserId,
          used,
          limit,
          isNear,
          windowStart: window.windowStart.toISOString(),
          windowEnd: window.windowEnd.toISOString(),
        })),
        isCut,
      };
    },
  );
}
