import type { Connector } from "@easel/connector";
import type { Updateable } from "kysely";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { IntegrationTable } from "../database/schema.ts";
import { connectorError, easelError } from "../http/errors.ts";
import type { Trust, Trusts } from "../trusts/trusts.ts";
import { type IntegrationRow, insertIntegration, listIntegrations, updateIntegration } from "./store.ts";

/** A connector as one project has configured it. */
export interface Integration {
  readonly id: string;
  readonly type: string;
  readonly isActive: boolean;
  readonly permissions: readonly string[];
  /** Ids of the sign-in methods offered; null offers all that work. */
  readonly methods: readonly string[] | null;
  /** Where people of this project connect to; null lets each person say. */
  readonly serverUrl: string | null;
  readonly site: string | null;
  /** The claim of the user token that holds a person's Tableau user name. */
  readonly usernameClaim: string;
  readonly mayMintCredentials: boolean;
  /** Signs in now and then with tokens that nobody uses, so that Tableau does not end them for it. */
  readonly keepTokensAlive: boolean;
  /** Calls that name no version of Tableau's API are made at this one; null: the newest that the server speaks. */
  readonly apiVersion: string | null;
  readonly description: string;
  /** The project's own keys, else the development keys, else null. */
  readonly trust: Trust | null;
}

/** The settings page. What is left out stays as it is. */
export interface IntegrationSettings {
  readonly isActive?: boolean | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly clientSecretValue?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
  readonly serverUrl?: string | null | undefined;
  readonly site?: string | null | undefined;
  readonly methods?: readonly string[] | null | undefined;
  readonly usernameClaim?: string | undefined;
  readonly mayMintCredentials?: boolean | undefined;
  readonly keepTokensAlive?: boolean | undefined;
  readonly apiVersion?: string | null | undefined;
  readonly description?: string | undefined;
}

export interface Integrations {
  list(projectId: string): Promise<readonly Integration[]>;
  /** The Tableau integration that every project begins with. */
  insertDefault(trx: Trx, projectId: string, permissions?: readonly string[]): Promise<void>;
  /**
   * Saves the settings page. Blank Client ID and Client Secret mean the development keys; `trust_development_keys` where
   * this instance has none.
   */
  change(projectId: string, integration: Integration, settings: IntegrationSettings): Promise<void>;
}

/** What a new project may do until its members widen it: look, and follow jobs. */
const FIRST_PERMISSIONS = ["tableau:content:read", "tableau:jobs:read"];

export function createIntegrations(parts: {
  database: DatabaseAccess;
  trusts: Trusts;
  connector: Connector;
}): Integrations {
  const { database, trusts, connector } = parts;
  return {
    list: async (projectId) => {
      const [rows, own] = await Promise.all([listIntegrations(database, projectId), trusts.byIntegration(projectId)]);
      return rows.map((row) => read(row, own.get(row.id) ?? trusts.development()));
    },
    insertDefault: (trx, projectId, permissions = FIRST_PERMISSIONS) =>
      insertIntegration(trx, { project_id: projectId, connector: connector.type, permissions: [...permissions] }),
    change: async (projectId, integration, settings) => {
      checkMethods(connector, settings.methods);
      const address =
        settings.serverUrl === undefined ? undefined : readServer(connector, settings.serverUrl, settings.site);
      const changes: Updateable<IntegrationTable> = {
        is_active: settings.isActive,
        permissions: settings.permissions === undefined ? undefined : [...settings.permissions],
        methods: settings.methods === undefined || settings.methods === null ? settings.methods : [...settings.methods],
        server_url: address?.serverUrl,
        site: address === undefined ? settings.site : address.site,
        username_claim: settings.usernameClaim,
        may_mint_credentials: settings.mayMintCredentials,
        keep_tokens_alive: settings.keepTokensAlive,
        api_version: settings.apiVersion,
        description: settings.description,
      };
      await saveTrust(trusts, projectId, integration, { ...settings, ...address });
      await updateIntegration(database, projectId, integration.id, changes);
    },
  };
}

/** Does the project hold keys of its own, blank keys, or a change of keys? */
async function saveTrust(
  trusts: Trusts,
  projectId: string,
  integration: Integration,
  settings: IntegrationSettings,
): Promise<void> {
  const current = integration.trust?.kind === "own" ? integration.trust : null;
  const isTouched = [
    settings.clientId,
    settings.clientSecret,
    settings.clientSecretValue,
    settings.serverUrl,
    settings.site,
  ].some((setting) => setting !== undefined);
  if (!isTouched) return;
  const clientId = settings.clientId ?? current?.clientId ?? "";
  const secretId = settings.clientSecret ?? current?.secretId ?? "";
  if (clientId === "" && secretId === "") {
    const asksForBlank = settings.clientId === "" || settings.clientSecret === "";
    if (asksForBlank && trusts.development() === null) throw easelError("trust_development_keys");
    if (current !== null) await trusts.remove(projectId, integration.id);
    return;
  }
  const serverUrl =
    settings.serverUrl === undefined ? (integration.serverUrl ?? current?.serverUrl) : settings.serverUrl;
  const site = settings.site === undefined ? (integration.site ?? current?.site) : settings.site;
  const missing = [
    clientId === "" ? "clientId" : null,
    secretId === "" ? "clientSecret" : null,
    serverUrl == null ? "serverUrl (a connected app belongs to one server)" : null,
    site == null ? "site (a connected app belongs to one site)" : null,
  ].filter((name) => name !== null);
  if (missing.length > 0 || serverUrl == null || site == null) {
    throw easelError("request_malformed", { detail: `the keys of a connected app need ${missing.join(", ")} too.` });
  }
  const isSame = current !== null && current.clientId === clientId && current.secretId === secretId;
  const secretValue = settings.clientSecretValue || undefined;
  // A stored value must not follow the keys to another server: whoever may save settings could read it there.
  const isElsewhere = current !== null && (current.serverUrl !== serverUrl || current.site !== site);
  if ((!isSame || isElsewhere) && secretValue === undefined) {
    throw easelError("request_malformed", {
      detail: "clientSecretValue is required with new keys, another server or another site.",
    });
  }
  if (isSame && !isElsewhere && secretValue === undefined) return;
  await trusts.save(projectId, integration.id, { clientId, secretId, secretValue, serverUrl, site }, current);
}

function readServer(connector: Connector, serverUrl: string | null, site: string | null | undefined) {
  if (serverUrl === null || serverUrl === "") return { serverUrl: null, site: site ?? null };
  const address = connector.readAddress(serverUrl);
  if (address.kind === "unreadable") throw connectorError(connector.problems, address.problem);
  return { serverUrl: address.serverUrl, site: site === undefined ? (address.site ?? undefined) : site };
}

function checkMethods(connector: Connector, methods: readonly string[] | null | undefined): void {
  const unknown = methods?.filter((id) => !connector.methods.some((method) => method.id === id)) ?? [];
  if (unknown.length > 0)
    throw easelError("request_malformed", {
      detail: `methods holds ${unknown.join(", ")}, which Tableau does not have.`,
    });
}

function read(row: IntegrationRow, trust: Trust | null): Integration {
  return {
    id: row.id,
    type: row.connector,
    isActive: row.is_active,
    permissions: row.permissions,
    methods: row.methods,
    serverUrl: row.server_url,
    site: row.site,
    usernameClaim: row.username_claim,
    mayMintCredentials: row.may_mint_credentials,
    keepTokensAlive: row.keep_tokens_alive,
    apiVersion: row.api_version,
    description: row.description,
    trust,
  };
}
