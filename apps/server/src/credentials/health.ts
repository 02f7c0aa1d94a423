import type { Connector, ProblemText } from "@easel/connector";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Credential } from "./credentials.ts";

/** How a credential fares, beside its status. */
export interface Health {
  /** It works, and something is wrong with it: its token is used somewhere else. */
  readonly warning: (Pick<ProblemText, "message" | "action"> & { readonly code: string }) | null;
  /** To the hour. */
  readonly lastUsedAt: Date | null;
  /** When the provider ends what the person typed, where it says so. */
  readonly secretExpiresAt: Date | null;
}

/** Of several credentials of one project at once. */
export type CredentialHealth = (
  projectId: string,
  credentials: readonly Credential[],
) => Promise<(credential: Credential) => Health>;

export function createCredentialHealth(parts: {
  database: DatabaseAccess;
  connector: Connector;
  sessions: Sessions;
}): CredentialHealth {
  const { database, connector, sessions } = parts;
  const code = "tableau_session_contested";
  const contest = connector.problems[code];

  return async (projectId, credentials) => {
    const ids = credentials.map(({ id }) => id);
    const identities = credentials.flatMap(({ identity }) => identity ?? []);
    const [rows, contested] = await Promise.all([read(database, projectId, ids), sessions.contestedAmong(identities)]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ({ id, identity }) => {
      const isContested = identity !== null && contested.has(identity);
      const row = byId.get(id);
      return {
        warning:
          isContested && contest !== undefined ? { code, message: contest.message, action: contest.action } : null,
        lastUsedAt: row?.last_used_at ?? null,
        secretExpiresAt: row?.secret_expires_at ?? null,
      };
    };
  };
}

/** By primary key. */
async function read(database: DatabaseAccess, projectId: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const select = (trx: Trx) =>
    trx
      .selectFrom("credentials")
      .select(["id", "last_used_at", "secret_expires_at"])
      .where("id", "in", ids)
      .where("project_id", "=", projectId)
      .execute();
  return database.inProject(projectId, select, { isRepeatable: true });
}
