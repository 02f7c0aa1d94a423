import { z } from "zod";
import { limitChangesSchema, limitsSchema } from "./limits.ts";

/** The management API, `/manage/v1`: what the SaaS's own tools may read and set, with an API key as bearer token. */

/** In lower case, as the database and everything that is announced spell it. */
export const projectParams = z.object({ projectId: z.uuid().toLowerCase() });

export const roleSchema = z.enum(["admin", "member", "support"]);

const origin = z
  .string()
  .max(255)
  .refine(
    isOrigin,
    "must be an origin such as https://app.example.com: a scheme, a host, a port where it is not the usual one",
  )
  .describe("Where pages that may use the project are served from, e.g. `https://app.example.com`.");

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  // Names and addresses only: a URL's host may hold `*` and `;` too, which mean something in a CSP.
  const isPlain = url !== null && /^([\w.-]+|\[[0-9a-f:.]+\])$/.test(url.hostname);
  return isPlain && /^https?:$/.test(url.protocol) && url.origin === text;
}

export const originsSchema = z.strictObject({
  origins: z.array(origin).max(100).describe("None: pages on localhost may use the project, and no others."),
});

export const projectSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  environment: z.string(),
  allowedOrigins: z.array(z.string()),
  requireAudience: z.boolean().describe("User tokens must carry `aud: useparagon.com/<project ID>`."),
  accentColor: z.string().nullable(),
  logoUrl: z.string().nullable(),
  limits: limitsSchema.describe("How much calls may take; docs/limits.md."),
  createdAt: z.iso.datetime(),
});

export const projectChangesSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  allowedOrigins: z.array(origin).max(100).optional(),
  requireAudience: z.boolean().optional(),
  accentColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, "must be a colour such as #1f4fd8")
    .nullable()
    .optional(),
  logoUrl: z
    .url({ protocol: /^https$/ })
    .max(2048)
    .nullable()
    .optional(),
  limits: limitChangesSchema.optional(),
});

const scope = z.string().regex(/^tableau:(\w+|\*):(\w+|\*)$/, "must be a scope such as tableau:content:read");

export const integrationSchema = z.object({
  id: z.uuid(),
  type: z.string(),
  isActive: z.boolean(),
  clientId: z.string().describe("Blank: the development keys are used."),
  clientSecret: z.string().describe("Tableau's secret id."),
  hasClientSecretValue: z.boolean().describe("The value itself is never shown again."),
  clientSecretSetAt: z.iso.datetime().nullable(),
  usesDevelopmentKeys: z.boolean(),
  permissions: z.array(z.string()),
  serverUrl: z.string().nullable(),
  site: z.string().nullable(),
  methods: z.array(z.string()).nullable(),
  usernameClaim: z.string(),
  organisationClaim: z.string(),
  connectsByItself: z.boolean(),
  mayMintCredentials: z.boolean(),
  keepTokensAlive: z.boolean(),
  apiVersion: z.string().nullable(),
  description: z.string(),
  trustProblem: z
    .object({ code: z.string(), reason: z.string(), at: z.iso.datetime() })
    .nullable()
    .describe("Why Tableau refuses these keys for everyone."),
});

/** PostgreSQL takes no NUL, and nothing that people copy holds a control character. */
const word = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^\P{Cc}*$/u, "must hold no control characters");

/** The settings page. What is left out stays as it is. */
export const integrationSettingsSchema = z.strictObject({
  isActive: z.boolean().optional(),
  clientId: word(255).optional().describe("Blank, with a blank Client Secret: the development keys."),
  clientSecret: word(255).optional().describe("Tableau's secret id."),
  clientSecretValue: word(1024).optional().describe("Blank or left out: the stored value stays."),
  testUsername: z
    .string()
    .trim()
    .min(1)
    .max(512)
    .optional()
    .describe("A Tableau user: the keys sign in as this one first, and nothing is saved where Tableau refuses that."),
  permissions: z
    .array(scope)
    .max(200)
    .optional()
    .describe("Tableau scopes, e.g. `tableau:content:read`; `*` stands for a part."),
  serverUrl: z
    .string()
    .trim()
    .max(2048)
    .nullable()
    .optional()
    .describe("The server that these keys belong to, and that people connect to."),
  site: z.string().trim().max(255).nullable().optional().describe('The site\'s content URL; "" is the default site.'),
  methods: z
    .array(z.string())
    .max(10)
    .nullable()
    .optional()
    .describe(
      "Sign-in methods offered; null: all that work where people connect. `password` is for Tableau Server, and for " +
        "Tableau Cloud too where it is named here.",
    ),
  usernameClaim: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .optional()
    .describe("The claim of the user token that holds the Tableau user name."),
  organisationClaim: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .optional()
    .describe("The claim of the user token that names the person's organisation; docs/organisations.md."),
  connectsByItself: z
    .boolean()
    .optional()
    .describe(
      "Whoever a trust can sign in is connected by their first call, without the portal. Off unless it is set: the " +
        "portal is where people see what your product will be able to do in their name, and disconnecting there would last " +
        "until the next call only.",
    ),
  mayMintCredentials: z
    .boolean()
    .optional()
    .describe("Routes that create or change credentials at Tableau may be called."),
  keepTokensAlive: z
    .boolean()
    .optional()
    .describe(
      "Personal access tokens that nobody uses are signed in with once in about 12 days, since Tableau ends them after 15. " +
        "On unless it is set: what a user has connected stays connected until they or you end it.",
    ),
  apiVersion: z
    .string()
    .regex(/^\d{1,2}\.\d{1,3}$/, "must be a version such as 3.27")
    .nullable()
    .optional()
    .describe("Calls that name no API version are made at this one; null: the newest that the server speaks."),
  description: z.string().max(500).optional(),
});

export const signingKeySchema = z.object({
  id: z.uuid().describe("Put it into the user token's header as `kid`."),
  algorithm: z.enum(["RS256", "ES256"]),
  fingerprint: z.string(),
  createdAt: z.iso.datetime(),
  disabledAt: z.iso.datetime().nullable(),
});
export const newSigningKeySchema = z.strictObject({
  publicKey: z
    .string()
    .max(10_000)
    .optional()
    .describe("PEM of a pair that you made. Left out: Easel makes one and shows its private key once."),
});
export const createdSigningKeySchema = z.object({
  id: z.uuid(),
  privateKey: z.string().optional().describe("PKCS8, PEM. Shown once, kept nowhere."),
});

export const apiKeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
});
export const newApiKeySchema = z.strictObject({ name: z.string().trim().min(1).max(100), role: roleSchema });
export const createdApiKeySchema = z.object({
  id: z.uuid(),
  key: z.string().describe("Shown once; Easel keeps its hash."),
});

export const rejectedTokenSchema = z.object({
  header: z.record(z.string(), z.unknown()).nullable(),
  claims: z.record(z.string(), z.unknown()).nullable(),
  code: z.string(),
  reason: z.string(),
  rejectedAt: z.iso.datetime(),
});
