import { z } from "zod";

/** Credentials of connected users in the management API: import, read, delete. Secrets go in and never come out. */

export const credentialSchema = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  sub: z.string().describe("The user as your user tokens name them."),
  externalId: z.string().nullable(),
  integrationId: z.uuid(),
  method: z.string().describe("`pat`, `password`, `connectedApp`, …"),
  serverUrl: z.string(),
  site: z.string().describe('The site\'s content URL; "" is the default site.'),
  siteId: z.string(),
  tableauUserId: z.string(),
  username: z.string().nullable().describe("The Tableau user, where Tableau says it."),
  apiVersion: z.string().describe("Of Tableau's API, that this credential is called at where its caller names none."),
  productVersion: z.string().nullable().describe("Of the server, as it said within the last day or so."),
  status: z.enum(["VALID", "INVALID"]),
  reason: z
    .object({ code: z.string(), message: z.string(), action: z.string() })
    .nullable()
    .describe("Why Tableau refuses it; of a valid one: why it refused it once."),
  warning: z
    .object({ code: z.string(), message: z.string(), action: z.string() })
    .nullable()
    .describe("It works, and this is wrong with it: its personal access token is used somewhere else, too."),
  lastUsedAt: z.iso.datetime().nullable().describe("To the hour."),
  secretExpiresAt: z.iso
    .datetime()
    .nullable()
    .describe("When Tableau ends the personal access token; null where Tableau does not say."),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const credentialsQuerySchema = z.object({
  userId: z.uuid().toLowerCase().optional(),
  sub: z.string().min(1).max(1024).optional().describe("The user as your user tokens name them."),
  status: z.enum(["VALID", "INVALID"]).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,17}~[0-9a-f-]{36}$/, "must be what an answer gave as next")
    .transform((text) => {
      const [micros = "", id = ""] = text.split("~");
      return { micros, id };
    })
    .refine(({ id }) => z.uuid().safeParse(id).success, "must be what an answer gave as next")
    .optional()
    .describe("For the next page: `next` of the page before."),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const credentialsPageSchema = z.object({
  credentials: z.array(credentialSchema),
  next: z.string().nullable().describe("The cursor of the next page; null: there is none."),
});

const text = z.string().max(2048);

export const importedCredentialSchema = z.strictObject({
  user: z.string().min(1).max(1024).describe("The user as your user tokens name them (`sub`)."),
  externalId: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("Your own name for it. One with the same user and external id is replaced, and keeps its id."),
  method: z.string().max(40).optional().describe("`pat`, `password`, `connectedApp`; left out: what the fields tell."),
  serverUrl: text.optional().describe("Any address of the Tableau site, as it stands in a browser."),
  site: z.string().max(255).optional().describe("The site's content URL, where serverUrl does not name it."),
  tokenName: text.optional(),
  tokenSecret: text.optional(),
  username: text.optional().describe("For a password; and for a connected app the Tableau user to sign in as."),
  password: text.optional(),
  organisation: z
    .string()
    .max(255)
    .optional()
    .describe("What your user tokens say in `org`, where that decides who signs in."),
});

export const importSchema = z.strictObject({
  integration: z.string().max(100).default("tableau").describe("Its id or its type."),
  credentials: z.array(importedCredentialSchema).min(1).max(100),
});

export const importResultsSchema = z.object({
  results: z
    .array(
      z.discriminatedUnion("outcome", [
        z.object({
          outcome: z.enum(["created", "replaced"]),
          user: z.string(),
          externalId: z.string().nullable(),
          credential: credentialSchema,
        }),
        z.object({
          outcome: z.literal("refused"),
          user: z.string(),
          externalId: z.string().nullable(),
          error: z.object({ code: z.string(), status: z.number().int(), message: z.string(), action: z.string() }),
        }),
      ]),
    )
    .describe("One for each that was sent, in the same order."),
});
