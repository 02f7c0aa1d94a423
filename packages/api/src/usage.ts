import { z } from "zod";

/** The usage record in the management API: a row per proxied call, and its totals. */

export const usageRowSchema = z.object({
  at: z.iso.datetime().describe("When the call began."),
  userId: z.uuid(),
  sub: z.string().nullable().describe("The user as your user tokens name them; null once the user is gone."),
  organisation: z.string().nullable().describe("The customer of yours that the user token named, if any."),
  credentialId: z.uuid(),
  door: z.string().describe("Where the call came in: `sdk`, or `client` for a Tableau client through Easel."),
  method: z.string(),
  route: z.string().describe("The route's template, e.g. `/sites/{siteId}/projects`."),
  status: z
    .number()
    .int()
    .describe("As answered. 499: the caller did not wait for the answer; 502 too where an answer was cut on its way."),
  ms: z.number().int().describe("From the call's arrival to the answer's end."),
  upstreamMs: z
    .number()
    .int()
    .nullable()
    .describe("Of it, waiting for Tableau to begin its answers; null: nothing was sent."),
  bytesIn: z.number().int().describe("Of the caller's body."),
  bytesOut: z.number().int().describe("Of the answer's body, as sent to the caller."),
  attempts: z.number().int().describe("Requests sent to Tableau for this call, with those for new sessions."),
  retries: z.number().int().describe("Of them, repeated because Tableau failed, was busy or closed the connection."),
  renewed: z.boolean().describe("The call found its session dead and signed in again."),
  requestId: z.string(),
});

const when = z.iso.datetime().transform((text) => new Date(text));

const filters = {
  userId: z.uuid().toLowerCase().optional(),
  sub: z.string().min(1).max(1024).optional().describe("The user as your user tokens name them."),
  credentialId: z.uuid().toLowerCase().optional(),
  method: z
    .string()
    .regex(/^[A-Z]{3,10}$/, "must be a method such as GET")
    .optional(),
  route: z.string().min(1).max(1024).optional().describe("A route's template, whole."),
  status: z
    .string()
    .regex(/^[1-5](\d\d|xx)$/, "must be a status such as 404, or a class such as 4xx")
    .transform((text) => ({
      least: Number(text.replace("xx", "00")),
      most: Number(text.replace("xx", "99")),
    }))
    .optional()
    .describe("`404`, or a class: `4xx`."),
  renewed: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
  slowerThan: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .describe("Calls that took more, in milliseconds."),
  from: when.optional().describe("Calls that began then or later."),
  to: when.optional().describe("Calls that began before."),
};

export const usageQuerySchema = z.object({
  ...filters,
  cursor: z
    .string()
    .regex(/^\d{1,15}~[\w-]{1,100}$/, "must be what an answer gave as next")
    .transform((text) => {
      const [at = "", requestId = ""] = text.split("~");
      return { at: new Date(Number(at)), requestId };
    })
    .optional()
    .describe("For the next page: `next` of the page before."),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const usagePageSchema = z.object({
  calls: z.array(usageRowSchema),
  next: z.string().nullable().describe("The cursor of the next page; null: there is none."),
});

export const usageSummaryQuerySchema = z.object({
  ...filters,
  by: z
    .enum(["route", "user", "credential", "organisation", "status", "method"])
    .optional()
    .describe("What the calls are grouped by."),
  interval: z
    .enum(["hour", "day"])
    .optional()
    .describe("Totals for each hour (of at most 7 days) or each day, in UTC; left out: for the whole time."),
});

export const usageSummarySchema = z.object({
  from: z.iso.datetime().describe("Left out of the query: 24 hours before `to`."),
  to: z.iso.datetime().describe("Left out of the query: now."),
  totals: z
    .array(
      z.object({
        start: z.iso.datetime().nullable().describe("Of the hour or day. Those without calls are left out."),
        key: z.string().nullable().describe("The route, the user's id, … that `by` asks for."),
        calls: z.number().int(),
        clientErrors: z.number().int().describe("Answered with 4xx."),
        serverErrors: z.number().int().describe("Answered with 5xx."),
        renewed: z.number().int(),
        retries: z.number().int(),
        bytesIn: z.number().int(),
        bytesOut: z.number().int(),
        p50Ms: z.number().int().describe("Half of the calls took no longer. To three digits, as the other two."),
        p95Ms: z.number().int(),
        p99Ms: z.number().int(),
      }),
    )
    .describe("In the order of time; where there is none, the most calls first."),
  isCut: z.boolean().describe("There were more than 1000 totals; the rest is left out."),
});
