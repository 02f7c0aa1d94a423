import type { Connector } from "@easel/connector";
import type { Updateable } from "kysely";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { IntegrationTable } from "../database/schema.ts";
import { connectorError, easelError } from "../http/errors.ts";
import type { Trust } from "../trusts/trust.ts";
import type { Trusts } from "../trusts/trusts.ts";
import type { TrustVerification } from "../trusts/verification.ts";
import { type IntegrationRow, insertIntegration, listIntegrations, updateIntegration } from "./store.ts";
import { readTrustChange, type TrustChange } from "./trust-change.ts";

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
  /** The claim of the user token that names a person's organisation. */
  readonly organisationClaim: string;
  /** A trust connects its people with their first call, without their having seen the portal. */
  readonly connectsByItself: boolean;
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
  /** A Tableau user to try the keys with, before anything is saved. */
  readonly testUsername?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
  readonly serverUrl?: string | null | undefined;
  readonly site?: string | null | undefined;
  readonly methods?: readonly string[] | null | undefined;
  readonly usernameClaim?: string | undefined;
  readonly organisationClaim?: string | undefined;
  readonly connectsByItself?: boolean | undefined;
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
   * Saves the settings page, all of it or nothing. With `testUsername` the keys are tried first. Blank Client ID and Client Secret mean the development keys; `trust_development_keys` where
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
  verification: TrustVerification;
}): Integrations {
  const { database, trusts, connector, verification } = parts;

  /** Signs in with the keys that are about to be saved, or with those that are there. */
  const verify = async (projectId: string, integration: Integration, change: TrustChange, username: string) => {
    const { trust } = integration;
    const isNew = change.kind === "save";
    if (!isNew && (trust === null || change.kind === "remove")) throw easelError("trust_missing");
    const { serverUrl, site } = isNew ? change.trust : (trust ?? NOWHERE);
    const fields = isNew
      ? await verification.fieldsOf(projectId, change.trust.keys)
      : ((trust && (await trusts.fields(projectId, trust))[0]) ?? {});
    const kind = isNew ? change.trust.keys.kind : (trust?.keys.kind ?? "connectedApp");
    const server = { ...(await verification.probe(serverUrl)), serverUrl };
    const { permissions: scopes } = integration;
    await verification.signIn({ projectId, server, site, kind, fields, scopes, username, countedAs: projectId });
  };

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
        organisation_claim: settings.organisationClaim,
        connects_by_itself: settings.connectsByItself,
        may_mint_credentials: settings.mayMintCredentials,
        keep_tokens_alive: settings.keepTokensAlive,
        api_version: settings.apiVersion,
        description: settings.description,
      };
      const change = readTrustChange(trusts, integration, { ...settings, ...address });
      if (settings.testUsername !== undefined)
        await verify(projectId, widened(integration, settings), change, settings.testUsername);
      const owner = { projectId, integrationId: integration.id, organisation: null };
      const sealed = change.kind === "save" ? await trusts.seal(projectId, change.trust) : null;
      await database.inProject(projectId, async (trx) => {
        if (change.kind === "remove") await trusts.removeOwn(trx, owner);
        if (sealed !== null) await trusts.save(trx, owner, null, sealed);
        await updateIntegration(trx, projectId, integration.id, changes);
      });
    },
  };
}

const NOWHERE = { serverUrl: "", site: "" };

/** With the Permissions that are saved together with the keys: they are what people will sign in with. */
function widened(integration: Integration, { permissions }: IntegrationSettings): Integration {
  return permissions === undefined ? integration : { ...integration, permissions };
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
    organisationClaim: row.organisation_claim,
    connectsByItself: row.connects_by_itself,
    mayMintCredentials: row.may_mint_credentials,
    keepTokensAlive: row.keep_tokens_alive,
    apiVersion: row.api_version,
    description: row.description,
    trust,
  };
}
