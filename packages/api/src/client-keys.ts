import { z } from "zod";

/** Client keys: what machines sign in with that use a Tableau client through Easel, each for one credential. */

export const clientKeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().describe("To the minute."),
});

export const clientKeysSchema = z.object({ clientKeys: z.array(clientKeySchema) });

export const newClientKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(100).describe("Which machine or job has it, for people."),
  expiresAt: z.iso
    .datetime({ offset: true })
    .nullish()
    .describe("From then on it is refused. Left out: it lasts until it is revoked."),
});

export const createdClientKeySchema = z.object({
  id: z.uuid(),
  key: z.string().describe("Shown once; Easel keeps its hash."),
});
