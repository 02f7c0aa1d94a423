import { z } from "zod";

/** Limits in the management API: how much a project's calls may take, and what of Tableau's budgets they have used. */

const atOnce = z.number().int().min(1).max(10_000);
const perMinute = z.number().int().min(1).max(10_000_000);

const limit = z.object({
  atOnce: atOnce.describe("Calls under way at a time, in each process of Easel."),
  perMinute: perMinute
    .nullable()
    .describe("Calls a minute, all at once if need be, in each process of Easel; null: as many as come."),
});

export const limitsSchema = z.object({
  project: limit.describe("All calls of the project together."),
  user: limit.describe("Those of one connected user."),
  site: limit.describe("Those to one Tableau site."),
});

const limitChanges = z.strictObject({
  atOnce: atOnce.nullable().optional(),
  perMinute: perMinute.nullable().optional(),
});

export const limitChangesSchema = z
  .strictObject({ project: limitChanges.optional(), user: limitChanges.optional(), site: limitChanges.optional() })
  .describe("What is left out stays as it is; null is the default again.");

export const budgetsSchema = z.object({
  budgets: z.array(
    z.object({
      server: z.string(),
      site: z.string().describe('The site\'s content URL; "" is the default site.'),
      budget: z.string().describe("e.g. `calls`, `extract-refreshes`, `publishes`."),
      title: z.string(),
      user: z
        .string()
        .nullable()
        .describe("Whose budget it is, by the id of the Tableau user; null: the whole site's."),
      used: z.number().int().describe("By this project, through Easel. Others' use of the site is not known."),
      limit: z.number().int().nullable().describe("As far as Tableau Cloud says; null: this server has none."),
      isNear: z.boolean().describe("Four fifths are used."),
      windowStart: z.iso.datetime(),
      windowEnd: z.iso.datetime(),
    }),
  ),
  isCut: z.boolean().describe("There are more than 500; the least used are left out."),
});
