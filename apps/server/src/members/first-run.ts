import { createHash, randomBytes } from "node:crypto";
import type { DatabaseAccess } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import type { ApiKeys } from "../keys/api-keys.ts";
import { claimInstance, findFirstRunLink, insertFirstRunLink, isClaimed } from "./store.ts";

/**
 * How the first person comes in: whoever started Easel sees a link, good once, for thirty minutes, and only until
 * somebody has used one.
 */
export interface FirstRun {
  isClaimed(): Promise<boolean>;
  /** The path of a new link, or null where the instance is claimed. */
  link(projectId: string): Promise<string | null>;
  /** Throws `first_run_unknown` where the link is not good. */
  check(code: string): Promise<string>;
  /** Uses the link: gives back an API key that may set up the project. Throws `first_run_unknown`. */
  claim(code: string): Promise<{ projectId: string; apiKey: string }>;
}

export function createFirstRun(database: DatabaseAccess, apiKeys: ApiKeys): FirstRun {
  return {
    isClaimed: () => isClaimed(database),
    link: async (projectId) => {
      if (await isClaimed(database)) return null;
      const code = randomBytes(32).toString("base64url");
      await insertFirstRunLink(database, hash(code), projectId);
      return `/app/first-run/${code}`;
    },
    check: async (code) => {
      const projectId = await findFirstRunLink(database, hash(code));
      if (projectId === undefined) throw easelError("first_run_unknown");
      return projectId;
    },
    claim: async (code) => {
      // One transaction: an instance that is claimed without its key having been made would let nobody in.
      const claimed = await database.transaction(async (trx) => {
        const projectId = await claimInstance(trx, hash(code));
        if (projectId === undefined) return null;
        const { key } = await apiKeys.createWithin(trx, projectId, "First run", "admin");
        return { projectId, apiKey: key };
      });
      if (claimed === null) throw easelError("first_run_unknown");
      return claimed;
    },
  };
}

function hash(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}
