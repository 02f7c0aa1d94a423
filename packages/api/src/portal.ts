import { z } from "zod";
import { organisationSchema } from "./organisations.ts";

/** What the Connect Portal talks to: `/projects/:projectId/sdk/portal…`. Shown to the connected user, so nothing secret. */

export const problemSchema = z.object({
  code: z.string(),
  message: z.string().describe("What happened, one sentence."),
  action: z.string().describe("What to do, one sentence."),
});

export const portalFieldSchema = z.object({
  id: z.string(),
  title: z.string(),
  secret: z.boolean(),
  placeholder: z.string().optional(),
  help: z.string().optional(),
});

export const portalMethodSchema = z.object({
  id: z.string().describe("`pat`, `password` or `connectedApp`."),
  title: z.string(),
  description: z.string(),
  fields: z.array(portalFieldSchema),
});

export const portalCredentialSchema = z.object({
  id: z.uuid(),
  status: z.enum(["VALID", "INVALID"]),
  reason: problemSchema.nullable().describe("Why it is INVALID."),
  warning: problemSchema.nullable().describe("VALID, but something needs attention, e.g. a token used somewhere else."),
  method: z.string(),
  serverUrl: z.string(),
  site: z.string().describe('Tableau\'s content URL of the site; "" is the default site.'),
  username: z.string().nullable().describe("Who it signs in as, where that is known."),
  createdAt: z.iso.datetime(),
});

export const portalContextSchema = z.object({
  project: z.object({
    id: z.uuid(),
    name: z.string(),
    accentColor: z.string().nullable(),
    logoUrl: z.string().nullable(),
  }),
  integration: z.object({ id: z.uuid(), type: z.string(), name: z.string(), isActive: z.boolean() }),
  consent: z.array(z.string()).describe("What the product will be able to do, as verb phrases."),
  fixed: z
    .object({ serverUrl: z.string(), site: z.string().nullable() })
    .nullable()
    .describe("Server (and site) that the project has fixed: never asked for."),
  methods: z.array(portalMethodSchema).describe("The methods that the project offers, the best first."),
  trust: z
    .object({
      serverUrl: z.string(),
      site: z.string(),
      username: z.string().nullable().describe("As whom this person would be connected."),
      problem: problemSchema.nullable().describe("Why the trust cannot be used for this person."),
    })
    .nullable()
    .describe("Set where this person can be connected with nothing to type."),
  organisation: organisationSchema
    .nullable()
    .describe("Set for who may set Tableau up for their organisation, as their user token says."),
  credentials: z.array(portalCredentialSchema),
});
export type PortalOrganisation = z.infer<typeof organisationSchema>;
export type PortalContext = z.infer<typeof portalContextSchema>;
export type PortalCredential = z.infer<typeof portalCredentialSchema>;
export type PortalMethod = z.infer<typeof portalMethodSchema>;
export type PortalField = z.infer<typeof portalFieldSchema>;
export type PortalProblem = z.infer<typeof problemSchema>;

export const portalProbeRequestSchema = z.strictObject({
  address: z.string().min(1).max(2048).describe("A Tableau address as people paste it."),
});

export const portalProbeSchema = z.object({
  serverUrl: z.string(),
  site: z.string().nullable().describe('null: the address did not say; "" is the default site.'),
  edition: z.enum(["cloud", "server"]),
  productVersion: z.string(),
  apiVersion: z.string(),
  methods: z
    .array(z.string())
    .describe("The ids of the methods that work there and that the project offers, the best first."),
});
export type PortalProbe = z.infer<typeof portalProbeSchema>;

/** Every error, everywhere. */
export const errorSchema = z.object({
  message: z.string(),
  code: z.string(),
  status: z.number().int(),
  action: z.string(),
  requestId: z.string(),
  meta: z.record(z.string(), z.unknown()),
});
export type ErrorBody = z.infer<typeof errorSchema>;
