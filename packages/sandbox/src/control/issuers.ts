import { createPublicKey, randomUUID } from "node:crypto";
import * as z from "zod";
import { isAllowed } from "../auth/issuer-keys.ts";
import type { World } from "../world.ts";

/** Issuers and configurations that can be made. */
const most = 100;

const keySource = {
  issuer: z.string().min(1).max(1000),
  /** PEM: what its JWTs are checked with. */
  publicKey: z.string().max(10_000).refine(isKey, "must be a public key in PEM").optional(),
  /** Where the issuer publishes its keys; when neither is given, that is looked up at the issuer. */
  jwksUri: z.string().max(2000).refine(isAllowed, "must be https, or http on this machine").optional(),
};

/** The body of `POST /__sandbox/unified-access-tokens`, after Tableau Cloud Manager's configuration of them. */
export const unifiedAccessSchema = z.strictObject({
  ...keySource,
  name: z.string().max(255).default("Unified access"),
  /** The claim that holds the user name. */
  usernameClaim: z.string().min(1).max(255).default("email"),
  /** LUIDs; all sites when there are none. */
  siteIds: z.array(z.guid()).max(100).default([]),
  /** What its JWTs may ask for; anything when there are none. */
  scopes: z.array(z.string().max(200)).max(500).default([]),
  enabled: z.boolean().default(true),
});

/** The body of `POST /__sandbox/bearer-issuers`: whose access tokens are taken in `Authorization: Bearer`. */
export const bearerIssuerSchema = z.strictObject(keySource);

type Made = { made: object } | { problem: string };

/** Another configuration of the same issuer replaces the one before. */
export function addUnifiedAccess({ credentials, edition }: World, order: z.output<typeof unifiedAccessSchema>): Made {
  if (edition !== "cloud") return { problem: "Unified access tokens are Tableau Cloud's." };
  const { tenantId, unifiedAccess } = credentials;
  const before = unifiedAccess.values().find(({ issuer }) => issuer === order.issuer);
  if (before === undefined && unifiedAccess.size >= most) return { problem: "There are too many configurations." };
  const { publicKey, jwksUri, ...others } = order;
  const configuration = { ...others, id: before?.id ?? randomUUID(), publicKey, jwksUri };
  unifiedAccess.set(configuration.id, configuration);
  return { made: { tenantId, ...configuration } };
}

export function addBearerIssuer({ credentials }: World, order: z.output<typeof bearerIssuerSchema>): Made {
  const { issuer, publicKey, jwksUri } = order;
  const { bearerIssuers } = credentials;
  if (!bearerIssuers.has(issuer) && bearerIssuers.size >= most) return { problem: "There are too many issuers." };
  bearerIssuers.set(issuer, { issuer, publicKey, jwksUri });
  return { made: { issuer, publicKey, jwksUri } };
}

function isKey(written: string): boolean {
  try {
    return createPublicKey(written).type === "public";
  } catch {
    return false;
  }
}
