import { startJob } from "../jobs/jobs.ts";
import { acceptedJob } from "../jobs/resource.ts";
import type { Route } from "../route.ts";

const ways = [
  { path: "encrypt-extracts", kind: "encryptExtracts", scope: "create" },
  { path: "decrypt-extracts", kind: "decryptExtracts", scope: "delete" },
  { path: "reencrypt-extracts", kind: "reencryptExtracts", scope: "update" },
] as const;

/** Encryption of all extracts of a site, as jobs (Tableau REST reference, "Extract and Encryption Methods"). */
export const encryptionRoutes: readonly Route[] = ways.map(({ path, kind, scope }) => ({
  kind: "session",
  method: "POST",
  template: `/sites/{siteId}/${path}`,
  body: "none",
  edition: "server",
  jwt: `tableau:extract_encryption:${scope}`,
  role: "serverAdministrator",
  handle: ({ session: { site, user }, scene }) =>
    acceptedJob(startJob(site, { kind, now: scene.now, title: site.name, startedBy: user }), scene),
}));
