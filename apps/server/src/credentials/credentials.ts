import type { ProblemText } from "@easel/connector";
import { createCache } from "../database/cache.ts";
import type { Changes } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import type { Project } from "../projects/projects.ts";
import type { User, Users } from "../users/users.ts";
import {
  type CredentialRow,
  deleteCredential,
  invalidateCredential,
  listCredentials,
  updateCredential,
} from "./store.ts";

/** What a connected user connected. Its secrets are not part of it. */
export interface Credential {
  readonly id: string;
  readonly integrationId: string;
  readonly externalId: string | null;
  readonly method: string;
  readonly serverUrl: string;
  readonly site: string;
  readonly apiVersion: string;
  readonly siteId: string;
  readonly tableauUserId: string;
  readonly username: string | null;
  /** Whose trust signs in, where one does and the user is of an organisation. */
  readonly organisation: string | null;
  /** Null where a trust signs in: then the identity depends on the project's settings too. */
  readonly identity: string | null;
  readonly state: CredentialState;
  readonly config: Readonly<Record<string, unknown>>;
  readonly configurationId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type CredentialState =
  | { readonly kind: "valid" }
  /** Tableau refused the sign-in once, at `at`; one more refusal, a minute later, makes it invalid. */
  | { readonly kind: "doubted"; readonly at: number; readonly reason: Reason }
  | { readonly kind: "invalid"; readonly reason: Reason };
export interface Reason extends Pick<ProblemText, "message" | "action"> {
  readonly code: string;
}

/** A connected user with everything that they connected. */
export interface Wallet {
  readonly user: User;
  readonly credentials: readonly Credential[];
}

export interface Credentials {
  peek(project: Project, subject: string): Wallet | undefined;
  /** From memory where possible. Makes the user when it is new. Throws `user_disabled`. */
  wallet(project: Project, subject: string): Promise<Wallet>;
  /** The answer of a sign-in: refused by Tableau for this person's own secret. */
  doubt(user: User, credential: Credential, reason: Reason): Promise<void>;
  trustAgain(user: User, credential: Credential): Promise<void>;
  invalidate(user: User, credential: Credential, reason: Reason): Promise<void>;
  rename(user: User, credential: Credential, username: string): Promise<void>;
  /** The site is at another server now, or another one of the same name. */
  move(
    user: User,
    credential: Credential,
    place: { readonly serverUrl: string; readonly siteId: string },
  ): Promise<void>;
  setConfig(user: User, credential: Credential, config: Record<string, unknown>): Promise<void>;
  remove(user: User, credential: Credential): Promise<void>;
}

/** Users with their credentials kept in memory at most. */
const KEPT = 50_000;

export function createCredentials(parts: {
  database: DatabaseAccess;
  changes: Changes;
  users: Users;
  clock: () => number;
}): Credentials {
  const { database, users, clock } = parts;
  const cache = createCache<Wallet>({
    topic: "user",
    max: KEPT,
    changes: parts.changes,
    load: (key) => {
      const projectId = key.slice(0, PROJECT_ID_LENGTH);
      const load = async (trx: Trx): Promise<Wallet> => {
        const user = await users.findOrCreate(trx, projectId, key.slice(PROJECT_ID_LENGTH + 1));
        return { user, credentials: (await listCredentials(trx, projectId, user.id)).map(readCredential) };
      };
      return database.inProject(projectId, load, { isRepeatable: true });
    },
  });
  const update = (user: User, credential: Credential, changes: Parameters<typeof updateCredential>[3]): Promise<void> =>
    updateCredential(database, user, credential, changes);

  return {
    peek: (project, subject) => {
      const wallet = cache.peek(`${project.id}:${subject}`);
      return wallet?.user.isDisabled === true ? undefined : wallet;
    },
    wallet: async (project, subject) => {
      const wallet = await cache.get(`${project.id}:${subject}`);
      if (wallet.user.isDisabled) throw easelError("user_disabled");
      return wallet;
    },
    doubt: (user, credential, reason) =>
      update(user, credential, { ...reasonColumns(reason), refused_at: new Date(clock()) }),
    trustAgain: (user, credential) => update(user, credential, { ...NO_REASON, status: "VALID", refused_at: null }),
    invalidate: (user, credential, reason) => invalidateCredential(database, user, credential, reason),
    rename: (user, credential, username) => update(user, credential, { username }),
    move: (user, credential, { serverUrl: server_url, siteId: site_id }) =>
      update(user, credential, { server_url, site_id }),
    setConfig: (user, credential, config) => update(user, credential, { config: JSON.stringify(config) }),
    remove: (user, credential) => deleteCredential(database, user, credential.id),
  };
}

const PROJECT_ID_LENGTH = 36;

/**
 * Which of a user's credentials a request means: the one named (by id, external id or `ext:` and external id), else the
 * only one. Throws `credential_none`, `credential_unknown` or `credential_ambiguous`.
 */
export function pickCredential(credentials: readonly Credential[], named: string | undefined): Credential {
  if (named !== undefined && named !== "") {
    const externalId = named.startsWith("ext:") ? named.slice("ext:".length) : named;
    const found =
      credentials.find((credential) => credential.id === named.toLowerCase()) ??
      credentials.find((credential) => credential.externalId === externalId);
    if (found === undefined) throw easelError("credential_unknown", { credential: named.slice(0, 100) });
    return found;
  }
  const [only, ...others] = credentials;
  if (only === undefined) throw easelError("credential_none");
  if (others.length > 0) throw easelError("credential_ambiguous", { choices: credentials.map(describe).join(", ") });
  return only;
}

function describe({ id, externalId, username, site }: Credential): string {
  const name = externalId === null ? id : `ext:${externalId}`;
  return `${name} (${username ?? "a Tableau user"} on ${site === "" ? "the default site" : `site ${site}`})`;
}

const NO_REASON = { reason_code: null, reason: null, reason_action: null };

function reasonColumns(reason: Reason) {
  return { reason_code: reason.code, reason: reason.message, reason_action: reason.action };
}

export function readCredential(row: CredentialRow): Credential {
  return {
    id: row.id,
    integrationId: row.integration_id,
    externalId: row.external_id,
    method: row.method,
    serverUrl: row.server_url,
    site: row.site,
    apiVersion: row.api_version,
    siteId: row.site_id,
    tableauUserId: row.tableau_user_id,
    username: row.username,
    organisation: row.organisation,
    identity: row.identity,
    state: readState(row),
    config: row.config,
    configurationId: row.configuration_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function readState(row: CredentialRow): CredentialState {
  const reason = { code: row.reason_code ?? "", message: row.reason ?? "", action: row.reason_action ?? "" };
  if (row.status === "INVALID") return { kind: "invalid", reason };
  if (row.refused_at !== null) return { kind: "doubted", at: row.refused_at.getTime(), reason };
  return { kind: "valid" };
}
