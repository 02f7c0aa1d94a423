import { z } from "zod";

/** Stored events in the management API: what happened to a project's credentials, trusts and budgets, in words. */

const facts = {
  id: z.string().describe("Grows: within a project, a later event has a larger id."),
  at: z.iso.datetime(),
  reason: z.object({
    code: z.string().describe("An error's code where an error is the reason, e.g. `tableau_sign_in_refused`."),
    message: z.string().describe("What happened."),
    action: z.string().describe("What to do; empty where nothing has to be done."),
  }),
};
const ofCredential = {
  ...facts,
  userId: z.uuid(),
  sub: z.string().nullable().describe("The user as your user tokens name them; null once the user is gone."),
  credentialId: z.uuid(),
};
const ofTrust = { ...facts, trustId: z.uuid() };

export const eventSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("credential_invalid"), ...ofCredential }),
  z.object({ kind: z.literal("credential_recovered"), ...ofCredential }),
  z.object({ kind: z.literal("credential_contested"), ...ofCredential }),
  z.object({ kind: z.literal("credential_settled"), ...ofCredential }),
  z.object({
    kind: z.literal("credential_expires"),
    ...ofCredential,
    expiresAt: z.iso.datetime().describe("When Tableau ends the personal access token, as Tableau says."),
    days: z.number().int().describe("30, 7 or 1: fewer days than that are left. Each is told once."),
  }),
  z.object({ kind: z.literal("trust_broken"), ...ofTrust }),
  z.object({ kind: z.literal("trust_recovered"), ...ofTrust }),
  z.object({
    kind: z.literal("budget_near"),
    ...facts,
    serverUrl: z.string(),
    site: z.string().describe('The site\'s content URL; "" is the default site.'),
    budget: z.string().describe("As `GET …/budgets` names it, e.g. `extract-refreshes`."),
  }),
]);

export const eventKindSchema = z.enum(eventSchema.options.map((option) => option.shape.kind.value));

/** Ids are PostgreSQL's bigint, as text: larger ones would not be a question but a fault of the database. */
const eventId = z
  .string()
  .regex(/^\d{1,18}$/, "must be what an answer gave as next")
  .optional();

export const eventsQuerySchema = z.object({
  kind: eventKindSchema.optional(),
  userId: z.uuid().toLowerCase().optional(),
  sub: z.string().min(1).max(1024).optional().describe("The user as your user tokens name them."),
  credentialId: z.uuid().toLowerCase().optional(),
  cursor: eventId.describe("For the next page: `next` of the page before."),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const eventsPageSchema = z.object({
  events: z.array(eventSchema),
  next: z.string().nullable().describe("The cursor of the next page; null: there is none."),
});
