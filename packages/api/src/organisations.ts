import { z } from "zod";

/** Trusts in the management API and for an organisation's administrator: secrets go in and never come out. */

const printable = /^\P{Cc}*$/u;
const text = z.string().trim().min(1).max(1024).regex(printable, "must hold no control characters");
const token = {
  tokenName: text.describe("Of a personal access token of a site administrator. It is used once, and kept nowhere."),
  tokenSecret: text,
};
const where = {
  serverUrl: z.string().trim().min(1).max(2048).describe("Any address of the Tableau site, as it stands in a browser."),
  site: z
    .string()
    .trim()
    .max(255)
    .regex(printable, "must hold no control characters")
    .optional()
    .describe("The site's content URL, where serverUrl does not name it."),
};

const ways = [
  z.strictObject({
    way: z.literal("keys"),
    ...where,
    clientId: text.describe("Of a connected app with direct trust."),
    secretId: text,
    secretValue: text,
  }),
  z.strictObject({ way: z.literal("createApp"), ...where, ...token }),
  z.strictObject({ way: z.literal("issuer"), ...where }),
  z.strictObject({ way: z.literal("registerIssuer"), ...where, ...token }),
] as const;

/** What an organisation's administrator sends. */
export const trustOrderSchema = z.discriminatedUnion("way", ways);
export type TrustOrderBody = z.infer<typeof trustOrderSchema>;

const testUsername = z.string().trim().min(1).max(512).describe("A Tableau user of the site, to try the trust with.");

/** What the SaaS's backend sends: also which user to try it with, which an administrator's own token says. */
export const managedTrustOrderSchema = z.discriminatedUnion("way", [
  ways[0].extend({ testUsername }),
  ways[1].extend({ testUsername }),
  ways[2].extend({ testUsername }),
  ways[3].extend({ testUsername }),
  z.strictObject({
    way: z.literal("uat"),
    ...where,
    issuer: text.describe("As the configuration in Tableau Cloud Manager names it."),
    keyId: text,
    tenantId: text,
    usernameClaim: text.default("email"),
    privateKey: z.string().trim().min(1).max(16_384).describe("RSA, PEM (PKCS8)."),
    testUsername,
  }),
]);

const secretBody = z.strictObject({ secretId: text, secretValue: text });
export const secondSecretSchema = secretBody;
export const managedSecondSecretSchema = secretBody.extend({ testUsername });

const set = {
  serverUrl: z.string(),
  site: z.string().describe('The site\'s content URL; "" is the default site.'),
  setAt: z.iso.datetime().nullable(),
  setBy: z.string().nullable().describe("Who set it up."),
  problem: z
    .object({ code: z.string(), reason: z.string(), at: z.iso.datetime() })
    .nullable()
    .describe("Why Tableau refuses it for everyone, since when."),
};

export const trustSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("connectedApp"),
    ...set,
    clientId: z.string(),
    secretId: z.string(),
    secondSecret: z
      .object({ secretId: z.string(), addedAt: z.iso.datetime() })
      .nullable()
      .describe("Of the same app, for a rotation. Easel takes it by itself once Tableau refuses the first."),
  }),
  z.object({ kind: z.literal("issuer"), ...set, issuer: z.string() }),
  z.object({
    kind: z.literal("uat"),
    ...set,
    issuer: z.string(),
    keyId: z.string(),
    tenantId: z.string(),
    usernameClaim: z.string(),
  }),
]);
export type TrustBody = z.infer<typeof trustSchema>;

const issuer = z.object({
  url: z.string().describe("What the site's administrator registers at Tableau as external authorization server."),
  warning: z.string().nullable().describe("Why Tableau may not be able to reach it."),
});

export const ownTrustSchema = z.object({ issuer, trust: trustSchema.nullable() });
export const organisationSchema = z.object({ organisation: z.string(), issuer, trust: trustSchema.nullable() });
export type OrganisationBody = z.infer<typeof organisationSchema>;

export const organisationsQuerySchema = z.object({
  cursor: z.string().max(255).default("").describe("For the next page: `next` of the page before."),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const organisationsPageSchema = z.object({
  organisations: z.array(organisationSchema),
  next: z.string().nullable().describe("The cursor of the next page; null: there is none."),
});
