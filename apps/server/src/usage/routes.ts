import { projectParams } from "@easel/api/manage";
import { usagePageSchema, usageQuerySchema, usageSummaryQuerySchema, usageSummarySchema } from "@easel/api/usage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { easelError } from "../http/errors.ts";
import type { Usage, UsageCursor } from "./usage.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Totals by the hour are for charts of a week at most; more than a year of days nobody keeps. */
const LONGEST_MS = { hour: 7 * DAY_MS, day: 366 * DAY_MS, none: 366 * DAY_MS };

export function usageRoutes(scope: FastifyInstance, parts: { usage: Usage; clock: () => number }): void {
  const { usage, clock } = parts;
  const routes = scope.withTypeProvider<ZodTypeProvider>();

  routes.get(
    "/manage/v1/projects/:projectId/usage",
    {
      config: { access: "apiKey:support" },
      schema: {
        tags: ["Usage"],
        summary: "Proxied calls, the newest first",
        params: projectParams,
        querystring: usageQuerySchema,
        response: { 200: usagePageSchema },
      },
    },
    async (request) => {
      const { cursor, limit, ...filter } = request.query;
      const { rows, next } = await usage.list(request.params.projectId, filter, { cursor, limit });
      return {
        calls: rows.map(({ projectId: _projectId, at, ...row }) => ({ ...row, at: new Date(at).toISOString() })),
        next: next === null ? null : cursorText(next),
      };
    },
  );

  routes.get(
    "/manage/v1/projects/:projectId/usage/summary",
    {
      config: { access: "apiKey:support" },
      schema: {
        tags: ["Usage"],
        summary: "Totals of proxied calls: how many, how many failed, how long they took",
        params: projectParams,
        querystring: usageSummaryQuerySchema,
        response: { 200: usageSummarySchema },
      },
    },
    async (request) => {
      const { by = null, interval = null, ...filter } = request.query;
      const to = filter.to ?? new Date(clock());
      const from = filter.from ?? new Date(to.getTime() - DAY_MS);
      if (to.getTime() - from.getTime() > LONGEST_MS[interval ?? "none"]) throw easelError("usage_range_too_long");
      const query = { filter: { ...filter, from, to }, by, interval };
      const { totals, isCut } = await usage.summarise(request.params.projectId, query);
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        totals: totals.map(({ start, ...total }) => ({ ...total, start: start?.toISOString() ?? null })),
        isCut,
      };
    },
  );
}

function cursorText({ at, requestId }: UsageCursor): string {
  return `${at.getTime()}~${requestId}`;
}
