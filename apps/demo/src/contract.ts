import { z } from "zod";

/** Acme's own HTTP contract, `/api/*`: its server answers with these shapes and its pages read them. */

export const personSchema = z.object({
  id: z.string().describe("What `POST /api/session` takes."),
  name: z.string(),
  email: z.string(),
  role: z.string().describe("The person's site role in the sandbox, in words."),
});
export type Person = z.infer<typeof personSchema>;

/** `GET /api/config`: where Easel is and which project Acme is. Public by nature: every page of a real product holds it. */
export const embedConfigSchema = z.object({
  easelOrigin: z.url(),
  projectId: z.string(),
  integrationId: z.string(),
});
export type EmbedConfig = z.infer<typeof embedConfigSchema>;

/** `GET /api/people`: who can sign in to Acme. */
export const peopleSchema = z.object({ people: z.array(personSchema) });

/** `GET /api/me`, and the answer of `POST /api/session`. */
export const meSchema = z.object({ person: personSchema.nullable() });

/** `POST /api/session`: signs a person in. */
export const sessionRequestSchema = z.strictObject({ person: z.string().min(1).max(256) });

/** `GET /api/user-token`: the signed-in person's user token for Easel. */
export const userTokenSchema = z.object({
  userToken: z.string(),
  expiresAt: z.number().int().describe("Milliseconds since 1970."),
});
export type UserToken = z.infer<typeof userTokenSchema>;

/**
 * `GET /api/sandbox-credentials`: the signed-in person's throw-away keys of the local sandbox, so that a newcomer has
 * something to paste into the portal. A real product never holds anything like it.
 */
export const sandboxCredentialsSchema = z.object({
  address: z.string().describe("A Tableau address as people paste it, with the site."),
  tokenName: z.string(),
  tokenSecret: z.string(),
});
export type SandboxCredentials = z.infer<typeof sandboxCredentialsSchema>;

/** Every error of Acme's server, and Easel's. */
export const problemBodySchema = z.object({
  message: z.string(),
  code: z.string(),
  status: z.number().int(),
  action: z.string(),
  requestId: z.string(),
  meta: z.record(z.string(), z.unknown()),
});
export type ProblemBody = z.infer<typeof problemBodySchema>;
