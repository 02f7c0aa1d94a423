import { randomUUID } from "node:crypto";
import type { DevelopmentKeys } from "../config.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { EventReason } from "../events/events.ts";
import { easelError } from "../http/errors.ts";
import type { IssuerKeys } from "../issuer/keys.ts";
import type { ProjectVaults } from "../projects/data-keys.ts";
import type { Vault } from "../vault/vault.ts";
import {
  deleteOwnTrust,
  findTrust,
  listOrganisationTrusts,
  listTrusts,
  setSpare,
  setTrustBroken,
  swapSecrets,
  type TrustRow,
  type TrustValues,
  upsertTrust,
} from "./store.ts";
import type { GivenKeys, NewTrust, Trust, TrustKeys, TrustOwner } from "./trust.ts";

export interface Trusts {
  /** Those of the project itself, by integration id. */
  byIntegration(projectId: string): Promise<ReadonlyMap<string, Trust>>;
  /** Those of organisations, by their names. */
  ofOrganisations(
    integration: Pick<TrustOwner, "projectId" | "integrationId">,
    organisations: readonly string[],
  ): Promise<ReadonlyMap<string, Trust>>;
  development(): Trust | null;
  /** Seals new keys: what signed in with the old ones ends with them, so they have a new id. */
  seal(projectId: string, trust: NewTrust): Promise<TrustValues>;
  /** In the transaction of whatever else changes with it. @param organisationId of the owner's organisation, where it has one */
  save(trx: Trx, owner: TrustOwner, organisationId: string | null, values: TrustValues): Promise<void>;
  removeOwn(trx: Trx, owner: TrustOwner): Promise<void>;
  /** What to sign in with, as the connector wants it: first what signs, then the second secret, where there is one. */
  fields(projectId: string, trust: Trust): Promise<readonly SigningFields[]>;
  /** Keeps a second secret of the same app, or none any more. */
  setSpare(trust: Trust, spare: { secretId: string; secretValue: string } | null): Promise<void>;
  /** The second secret signs from now on. Nothing where `signing`, the id of a secret, does not sign any more. */
  swap(trust: Trust, signing: string): Promise<boolean>;
  /** The cause lies with the keys, not with a person: marked here once, and no credential is touched. */
  markBroken(projectId: string, trust: Trust, reason: EventReason): Promise<void>;
  markWorking(projectId: string, trust: Trust): Promise<void>;
}

export type SigningFields = Readonly<Record<string, string>>;

export function createTrusts(parts: {
  database: DatabaseAccess;
  vaults: ProjectVaults;
  issuerKeys: IssuerKeys;
  developmentKeys: DevelopmentKeys | null;
  clock: () => number;
}): Trusts {
  const { database, vaults, issuerKeys, developmentKeys, clock } = parts;
  const developmentTrust = developmentKeys === null ? null : openDevelopmentTrust(developmentKeys);

  const fieldsOf = async (row: TrustRow): Promise<readonly SigningFields[]> => {
    const keys = readKeys(row);
    if (keys.kind === "issuer") return [{ issuer: keys.issuer, ...(await issuerKeys.signing(row.project_id)) }];
    const vault = await vaults(row.project_id);
    if (keys.kind === "uat") {
      const { issuer, keyId, tenantId, usernameClaim } = keys;
      return [{ issuer, keyId, tenantId, usernameClaim, privateKey: open(vault, row, row.secret_value) }];
    }
    const { clientId, secretId, spare } = keys;
    const first = { clientId, secretId, secretValue: open(vault, row, row.secret_value) };
    return spare === null
      ? [first]
      : [first, { clientId, secretId: spare.secretId, secretValue: open(vault, row, row.spare_value) }];
  };

  return {
    development: () => developmentTrust?.trust ?? null,
    byIntegration: async (projectId) =>
      new Map((await listTrusts(database, projectId)).map((row) => [row.integration_id, readTrust(row, null)])),
    ofOrganisations: async (integration, organisations) => {
      const rows = await listOrganisationTrusts(database, integration, organisations);
      return new Map(rows.map((row) => [row.organisation, readTrust(row, row.organisation)]));
    },
    seal: async (projectId, { serverUrl, site, keys, setBy }) => {
      const id = randomUUID();
      const vault = await vaults(projectId);
      return { id, server_url: serverUrl, site, set_by: setBy, ...keyColumns(vault, id, keys) };
    },
    save: upsertTrust,
    removeOwn: deleteOwnTrust,
    fields: async (projectId, trust) => {
      if (trust.kind === "development" && developmentKeys !== null) {
        const { clientId, secretId, secretValue } = developmentKeys;
        return [{ clientId, secretId, secretValue }];
      }
      const row = await findTrust(database, projectId, trust.id);
      if (row === undefined) throw easelError("trust_missing");
      return fieldsOf(row);
    },
    setSpare: async (trust, spare) => {
      const owner = ownerOf(trust);
      const sealed =
        spare === null
          ? null
          : {
              secretId: spare.secretId,
              addedAt: new Date(clock()),
              sealedValue: (await vaults(owner.projectId)).seal(spare.secretValue, contextOf(trust.id)),
            };
      if (!(await setSpare(database, owner, trust.id, sealed))) throw easelError("trust_missing");
    },
    swap: (trust, signing) => swapSecrets(database, ownerOf(trust), trust.id, signing),
    markBroken: async (_projectId, trust, reason) => {
      const at = new Date(clock());
      if (trust.kind === "development") developmentTrust?.setBroken({ code: reason.code, reason: reason.message, at });
      else await setTrustBroken(database, trust.owner, trust.id, { reason, at });
    },
    markWorking: async (_projectId, trust) => {
      if (trust.broken === null) return;
      if (trust.kind === "development") developmentTrust?.setBroken(null);
      else await setTrustBroken(database, trust.owner, trust.id, null);
    },
  };
}

function ownerOf(trust: Trust): TrustOwner {
  if (trust.kind === "development") throw easelError("trust_missing");
  return trust.owner;
}

/** Both secrets of a row are sealed for the row, so that they can change places. */
function contextOf(trustId: string): string {
  return `trust:${trustId}:value`;
}

function open(vault: Vault, row: TrustRow, sealed: Buffer | null): string {
  if (sealed === null) throw new Error("A trust has no secret where its kind needs one.");
  return vault.open(sealed, contextOf(row.id)).toString();
}

function keyColumns(vault: Vault, id: string, keys: GivenKeys): Omit<TrustValues, "id" | "server_url" | "site"> {
  const seal = (secret: string): Buffer => vault.seal(secret, contextOf(id));
  switch (keys.kind) {
    case "connectedApp": {
      const { kind, clientId, secretId, secretValue } = keys;
      return { kind, client_id: clientId, secret_id: secretId, secret_value: seal(secretValue) };
    }
    case "issuer":
      return { kind: keys.kind, issuer: keys.issuer };
    case "uat": {
      const { kind, issuer, keyId, tenantId, usernameClaim, privateKey } = keys;
      return {
        ...{ kind, issuer, key_id: keyId, tenant_id: tenantId, user_claim: usernameClaim },
        secret_value: seal(privateKey),
      };
    }
  }
}

/** The instance's own keys have no row: whether they work is known to each process by itself. */
function openDevelopmentTrust({ clientId, secretId, serverUrl, site }: DevelopmentKeys) {
  let broken: Trust["broken"] = null;
  const keys = { kind: "connectedApp", clientId, secretId, spare: null } as const;
  const trust: Trust = {
    ...{ kind: "development", id: "development", serverUrl, site, keys, setAt: null, setBy: null },
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

function readTrust(row: TrustRow, organisation: string | null): Trust {
  const { broken_code: code, broken_reason: reason, broken_at: at } = row;
  return {
    kind: organisation === null ? "own" : "organisation",
    owner: { projectId: row.project_id, integrationId: row.integration_id, organisation },
    id: row.id,
    serverUrl: row.server_url,
    site: row.site,
    keys: readKeys(row),
    setAt: row.secret_set_at,
    setBy: row.set_by,
    broken: code !== null && reason !== null && at !== null ? { code, reason, at } : null,
  };
}

/** The table checks what each kind needs. */
function readKeys(row: TrustRow): TrustKeys {
  const { spare_secret_id: spareId, spare_added_at: addedAt } = row;
  switch (row.kind) {
    case "connectedApp":
      return {
        kind: row.kind,
        clientId: row.client_id ?? "",
        secretId: row.secret_id ?? "",
        spare: spareId === null || addedAt === null ? null : { secretId: spareId, addedAt },
      };
    case "issuer":
      return { kind: row.kind, issuer: row.issuer ?? "" };
    case "uat":
      return {
        kind: row.kind,
        issuer: row.issuer ?? "",
        keyId: row.key_id ?? "",
        tenantId: row.tenant_id ?? "",
        usernameClaim: row.user_claim ?? "",
      };
  }
}
