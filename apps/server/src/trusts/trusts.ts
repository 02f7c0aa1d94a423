import { randomUUID } from "node:crypto";
import type { DevelopmentKeys } from "../config.ts";
import type { DatabaseAccess } from "../database/database.ts";
import type { EventReason } from "../events/events.ts";
import { easelError } from "../http/errors.ts";
import type { ProjectVaults } from "../projects/data-keys.ts";
import { deleteTrust, listTrusts, setTrustBroken, type TrustRow, upsertTrust } from "./store.ts";

/**
 * The keys with which Easel may sign in as people on ONE site: the project's own connected app, or the instance's
 * development keys where the project leaves its keys blank. The secret value is not part of it.
 */
export interface Trust {
  readonly kind: "own" | "development";
  /** `development` for the development keys. */
  readonly id: string;
  readonly clientId: string;
  readonly secretId: string;
  readonly serverUrl: string;
  readonly site: string;
  readonly secretSetAt: Date | null;
  /** Why Tableau refuses these keys for everyone, since when. */
  readonly broken: { readonly code: string; readonly reason: string; readonly at: Date } | null;
}

export interface TrustKeys {
  readonly clientId: string;
  readonly secretId: string;
  /** Left out: the value that is stored stays. */
  readonly secretValue?: string | undefined;
  readonly serverUrl: string;
  readonly site: string;
}

export interface Trusts {
  /** By integration id; the development keys where an integration has none of its own and the instance has them. */
  byIntegration(projectId: string): Promise<ReadonlyMap<string, Trust>>;
  development(): Trust | null;
  save(projectId: string, integrationId: string, keys: TrustKeys, current: Trust | null): Promise<void>;
  remove(projectId: string, integrationId: string): Promise<void>;
  secretValue(projectId: string, trust: Trust): Promise<string>;
  /** The cause lies with the keys, not with a person: marked here once, and no credential is touched. */
  markBroken(projectId: string, trust: Trust, reason: EventReason): Promise<void>;
  markWorking(projectId: string, trust: Trust): Promise<void>;
}

export function createTrusts(parts: {
  database: DatabaseAccess;
  vaults: ProjectVaults;
  developmentKeys: DevelopmentKeys | null;
  clock: () => number;
}): Trusts {
  const { database, vaults, developmentKeys, clock } = parts;
  const developmentTrust = developmentKeys === null ? null : openDevelopmentTrust(developmentKeys);

  const find = async (projectId: string, trustId: string): Promise<TrustRow | undefined> =>
    (await listTrusts(database, projectId)).find((row) => row.id === trustId);

  return {
    development: () => developmentTrust?.trust ?? null,
    byIntegration: async (projectId) =>
      new Map((await listTrusts(database, projectId)).map((row) => [row.integration_id, read(row)])),
    save: async (projectId, integrationId, keys, current) => {
      // New keys are a new trust: what was signed in with the old ones ends with them.
      const id = randomUUID();
      const vault = await vaults(projectId);
      const secretValue =
        keys.secretValue ?? (current?.kind === "own" ? await openValue(projectId, current.id) : undefined);
      if (secretValue === undefined)
        throw easelError("request_malformed", { detail: "clientSecretValue is required with new keys." });
      const sealedValue = vault.seal(secretValue, `trust:${id}:value`);
      await upsertTrust(database, { ...keys, id, projectId, integrationId, sealedValue });
    },
    remove: (projectId, integrationId) => deleteTrust(database, projectId, integrationId),
    secretValue: async (projectId, trust) => {
      if (trust.kind === "development" && developmentKeys !== null) return developmentKeys.secretValue;
      const value = await openValue(projectId, trust.id);
      if (value === undefined) throw easelError("trust_missing");
      return value;
    },
    markBroken: async (projectId, trust, reason) => {
      const at = new Date(clock());
      if (trust.kind === "own") await setTrustBroken(database, projectId, trust.id, { reason, at });
      else developmentTrust?.setBroken({ code: reason.code, reason: reason.message, at });
    },
    markWorking: async (projectId, trust) => {
      if (trust.broken === null) return;
      if (trust.kind === "own") await setTrustBroken(database, projectId, trust.id, null);
      else developmentTrust?.setBroken(null);
    },
  };

  async function openValue(projectId: string, trustId: string): Promise<string | undefined> {
    const row = await find(projectId, trustId);
    if (row === undefined) return undefined;
    return (await vaults(projectId)).open(row.secret_value, `trust:${trustId}:value`).toString();
  }
}

/** The instance's own keys have no row: whether they work is known to each process by itself. */
function openDevelopmentTrust({ clientId, secretId, serverUrl, site }: DevelopmentKeys) {
  let broken: Trust["broken"] = null;
  const facts = { kind: "development", id: "development", clientId, secretId, serverUrl, site } as const;
  const trust: Trust = {
    ...facts,
    secretSetAt: null,
    get broken() {
      return broken;
    },
  };
  return {
    trust,
    setBroken: (cause: Trust["broken"]): void => {
      broken = cause;
    },
  };
}

function read(row: TrustRow): Trust {
  const { broken_code: code, broken_reason: reason, broken_at: at } = row;
  return {
    kind: "own",
    id: row.id,
    clientId: row.client_id,
    secretId: row.secret_id,
    serverUrl: row.server_url,
    site: row.site,
    secretSetAt: row.secret_set_at,
    broken: code !== null && reason !== null && at !== null ? { code, reason, at } : null,
  };
}
