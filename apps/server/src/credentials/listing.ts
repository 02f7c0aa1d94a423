import { type SqlBool, sql } from "kysely";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { User } from "../users/users.ts";
import { type Credential, readCredential } from "./credentials.ts";
import { columns } from "./store.ts";

/** A credential among all of a project's. */
export interface ListedCredential {
  readonly credential: Credential;
  readonly user: User;
}

export interface CredentialFilter {
  readonly userId?: string | undefined;
  readonly sub?: string | undefined;
  readonly status?: "VALID" | "INVALID" | undefined;
}

/** Where a page ended: microseconds since 1970 of the last one's creation, and its id. */
export interface CredentialCursor {
  readonly micros: string;
  readonly id: string;
}

/** The newest first. Index credentials_page, or credentials_invalid; credentials_user where one user is asked for. */
export async function listProjectCredentials(
  database: DatabaseAccess,
  projectId: string,
  { filter, cursor, limit }: { filter: CredentialFilter; cursor: CredentialCursor | undefined; limit: number },
): Promise<{ found: readonly ListedCredential[]; next: CredentialCursor | null }> {
  const list = (trx: Trx) => {
    let query = selectListed(trx, projectId)
      .orderBy("credentials.created_at", "desc")
      .orderBy("credentials.id", "desc");
    if (filter.userId !== undefined) query = query.where("credentials.user_id", "=", filter.userId);
    if (filter.sub !== undefined) query = query.where("users.subject", "=", filter.sub);
    if (filter.status !== undefined) query = query.where("credentials.status", "=", filter.status);
    if (cursor !== undefined) {
      query = query.where(
        sql<SqlBool>`(credentials.created_at, credentials.id) <
          (timestamptz 'epoch' + ${cursor.micros}::bigint * interval '1 microsecond', ${cursor.id}::uuid)`,
      );
    }
    return query.limit(limit + 1).execute();
  };
  const rows = await database.inProject(projectId, list, { isRepeatable: true });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    found: page.map(read),
    next: rows.length > limit && last !== undefined ? { micros: last.micros, id: last.id } : null,
  };
}

/** By primary key. */
export async function findProjectCredential(
  database: DatabaseAccess,
  projectId: string,
  credentialId: string,
): Promise<ListedCredential | undefined> {
  const find = (trx: Trx) => selectListed(trx, projectId).where("credentials.id", "=", credentialId).executeTakeFirst();
  const row = await database.inProject(projectId, find, { isRepeatable: true });
  return row && read(row);
}

function selectListed(trx: Trx, projectId: string) {
  return trx
    .selectFrom("credentials")
    .innerJoin("users", "users.id", "credentials.user_id")
    .select(columns.map((column) => `credentials.${column}` as const))
    .select(["users.subject", "users.meta", "users.disabled_at"])
    .select(sql<string>`(extract(epoch from credentials.created_at) * 1000000)::bigint::text`.as("micros"))
    .where("credentials.project_id", "=", projectId)
    .where("users.project_id", "=", projectId);
}

type ListedRow = Parameters<typeof readCredential>[0] & {
  readonly subject: string;
  readonly meta: User["meta"];
  readonly disabled_at: Date | null;
};

function read(row: ListedRow): ListedCredential {
  const { user_id: id, project_id: projectId, subject, meta, disabled_at } = row;
  return { credential: readCredential(row), user: { id, projectId, subject, meta, isDisabled: disabled_at !== null } };
}
