import { randomUUID } from "node:crypto";
import type { Connector, ServerFacts } from "@easel/connector";
import type { DatabaseAccess } from "../database/database.ts";
import type { Egress } from "../egress/egress.ts";
import { connectorError, easelError } from "../http/errors.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { SignInTries, SignInTry } from "../limits/sign-in-tries.ts";
import { organisationNamed, type TrustInEffect } from "../organisations/trust-in-effect.ts";
import type { ProjectVaults } from "../projects/data-keys.ts";
import type { Project } from "../projects/projects.ts";
import type { Servers } from "../servers/servers.ts";
import type { Confirmation } from "../sessions/confirmation.ts";
import type { AcquireResult, Session, Sessions, Signer } from "../sessions/sessions.ts";
import type { Trusts } from "../trusts/trusts.ts";
import { type Credential, readCredential, type Wallet } from "./credentials.ts";
import { type ConnectPayload, inferMethod, readPayload } from "./payload.ts";
import { type SignInPlan, type Signing, secretsContext } from "./signing.ts";
import {
  announceWallet,
  type CredentialRow,
  listCredentials,
  lockUser,
  recordRecovery,
  sitesOfIdentity,
  upsertCredential,
} from "./store.ts";
import {
  defaultSite,
  isOffered,
  isOfferedAt,
  offeredMethod,
  readFields,
  trustTarget,
  typedTarget,
  worksAt,
} from "./target.ts";
import { tableauUsername } from "./username.ts";

export interface ConnectRequest {
  readonly project: Project;
  readonly integration: Integration;
  readonly wallet: Wallet;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly payload: unknown;
  readonly options: ConnectOptions;
}
export interface ConnectOptions {
  readonly allowMultipleCredentials?: boolean | undefined;
  readonly selectedCredentialId?: string | undefined;
  readonly externalId?: string | undefined;
}

export interface Connecting {
  /**
   * Asks the server what it is, signs in, and keeps the credential only when that worked. A user has one credential
   * unless more are asked for: connecting again replaces it and keeps its id.
   */
  connect(request: ConnectRequest): Promise<Credential>;
  /** The server behind an address as people paste it, with the methods that this project offers there. */
  probe(
    person: Pick<ConnectRequest, "project" | "integration" | "claims">,
    address: string,
  ): Promise<{ server: ServerFacts; site: string | null; methods: readonly string[] }>;
}

/** A server that says nothing for so long is not one that a person waits for. */
const PROBE_MS = 10_000;

/** Everything needed to sign in once, before the server has been asked what it is. */
interface Intent {
  readonly methodId: string;
  readonly serverUrl: string;
  readonly site: string | null;
  /** Null where a trust signs in. */
  readonly secrets: Record<string, string> | null;
  /** The Tableau user, where it is known before the sign-in. */
  readonly username: string | null;
  /** Whose tries are counted: the user name, or the name of the token. */
  readonly account: string;
}

/** A sign-in that is counted: one that Tableau refuses stays counted against the name. */
interface Attempt extends Intent {
  readonly tried: SignInTry;
}

export function createConnecting(parts: {
  database: DatabaseAccess;
  connector: Connector;
  egress: Egress;
  vaults: ProjectVaults;
  sessions: Sessions;
  signing: Signing;
  trusts: Trusts;
  trustInEffect: TrustInEffect;
  tries: SignInTries;
  confirmation: Confirmation;
  servers: Servers;
}): Connecting {
  const { database, connector, egress, vaults, sessions, signing, trusts, tries, confirmation, servers } = parts;
  const { trustInEffect } = parts;
  const send = egress.send(PROBE_MS);

  /** With the trust that is in effect for this person. */
  const integrationFor = async ({
    project,
    integration,
    claims,
  }: Pick<ConnectRequest, "project" | "integration" | "claims">): Promise<Integration> => {
    const trust = await trustInEffect.find({ projectId: project.id, integration, claims, organisation: null });
    return { ...integration, trust };
  };

  const readIntent = ({ integration, claims }: ConnectRequest, payload: ConnectPayload): Intent => {
    const method = offeredMethod(connector, integration, inferMethod(payload));
    if (method.usesTrust) {
      const target = trustTarget(connector, integration, payload);
      const username = tableauUsername(claims, integration.usernameClaim);
      if (username === null) throw easelError("trust_user_unnamed", { claim: integration.usernameClaim });
      return { methodId: method.id, ...target, secrets: null, username, account: username };
    }
    const target = typedTarget(connector, integration, payload);
    const username = payload.username ?? null;
    const secrets = readFields(method, payload);
    return { methodId: method.id, ...target, secrets, username, account: username ?? payload.tokenName ?? "" };
  };

  const findServer = async (serverUrl: string): Promise<ServerFacts> => {
    const result = await connector.probe(serverUrl, send);
    if (result.kind === "notFound") throw connectorError(connector.problems, result.problem);
    return result.server;
  };

  const signerFor = ({ project, integration }: ConnectRequest, plan: SignInPlan, intent: Intent): Signer => {
    if (intent.secrets !== null) return signing.withSecrets(plan, intent.secrets);
    if (integration.trust === null || intent.username === null) throw easelError("trust_missing");
    return signing.withTrust(project.id, plan, integration.trust, intent.username);
  };

  /** A session that was there already says nothing about the secret today: Tableau ends it when the secret is revoked. */
  const acquireProven = async (signer: Signer, plan: SignInPlan): Promise<AcquireResult> => {
    const result = await sessions.acquire(signer);
    if (result.kind !== "session" || result.isNew) return result;
    const verdict = await confirmation.ask(result.session, plan.method, plan.scopes);
    if (verdict !== "dead") return result;
    await sessions.drop(result.session, { isExclusive: signer.isExclusive, isCertain: true });
    return sessions.acquire(signer);
  };

  /** By its name, or by its id where the site was renamed since the session was signed in to. */
  const isOfSite = async ({ identity, site, siteId }: Session, asked: string): Promise<boolean> =>
    site === asked ||
    (await sitesOfIdentity(database, identity)).some((other) => other.site === asked && other.site_id === siteId);

  const signIn = async (
    { project, integration }: ConnectRequest,
    signer: Signer,
    plan: SignInPlan,
    { secrets, tried }: Attempt,
  ): Promise<Session> => {
    const result = await acquireProven(signer, plan);
    switch (result.kind) {
      case "session":
        if (!(await isOfSite(result.session, plan.site))) throw easelError("pat_on_other_site");
        if (secrets === null && integration.trust?.broken != null)
          await trusts.markWorking(project.id, integration.trust);
        return result.session;
      case "contested":
        throw connectorError(connector.problems, { code: "tableau_session_contested", params: {} });
      case "busy":
        throw easelError("credential_busy");
      case "failed":
        throw connectorError(connector.problems, result.problem);
      case "refused": {
        tried.refused();
        const error = connectorError(connector.problems, result.problem);
        if (result.concerns === "app" && integration.trust !== null) {
          const { code, message, action } = error;
          await trusts.markBroken(project.id, integration.trust, { code, message, action });
        }
        throw error;
      }
    }
  };

  const keep = async (request: ConnectRequest, selected: ConnectOptions, signedIn: SignedIn): Promise<Credential> => {
    const { project, integration, wallet, options } = request;
    const { secrets, ...columns } = signedIn;
    const vault = await vaults(project.id);
    return database.inProject(project.id, async (trx) => {
      await lockUser(trx, wallet.user.id);
      const present = await listCredentials(trx, project.id, wallet.user.id);
      const replaced = findReplaced(present, integration, selected);
      const id = replaced?.id ?? randomUUID();
      await upsertCredential(trx, {
        ...columns,
        id,
        project_id: project.id,
        integration_id: integration.id,
        user_id: wallet.user.id,
        external_id: options.externalId ?? replaced?.external_id ?? null,
        secrets: secrets === null ? null : vault.seal(JSON.stringify(secrets), secretsContext(id)),
        status: "VALID",
        reason_code: null,
        reason: null,
        reason_action: null,
        refused_at: null,
      });
      await announceWallet(trx, wallet.user);
      const kept = (await listCredentials(trx, project.id, wallet.user.id)).find((candidate) => candidate.id === id);
      if (kept === undefined) throw new Error("The credential that was just stored is not there.");
      if (replaced?.status === "INVALID")
        await recordRecovery(trx, { projectId: project.id, userId: wallet.user.id, credentialId: id });
      return readCredential(kept);
    });
  };

  /**
   * One secret, one site: its one session can be of one only. Where the credential at the other site is the one that is
   * replaced, its session ends with it.
   */
  const leaveOtherSite = async (
    { project, integration, wallet }: ConnectRequest,
    selected: ConnectOptions,
    signer: Signer,
    site: string,
  ): Promise<void> => {
    const elsewhere = (await sitesOfIdentity(database, signer.identity)).filter((other) => other.site !== site);
    if (elsewhere.length === 0) return;
    const present = await database.inProject(project.id, (trx) => listCredentials(trx, project.id, wallet.user.id));
    const replaced = findReplaced(present, integration, selected);
    if (elsewhere.some(({ id }) => id !== replaced?.id)) throw easelError("pat_on_other_site");
    await sessions.remove(signer.identity);
  };

  const connectCounted = async (
    request: ConnectRequest,
    selected: ConnectOptions,
    attempt: Attempt,
  ): Promise<Credential> => {
    const server = await findServer(attempt.serverUrl);
    const method = signing.method(attempt.methodId);
    if (!isOfferedAt(request.integration, method, server))
      throw easelError("method_not_here", { method: method.title, server: new URL(server.serverUrl).host });
    const site = attempt.site ?? defaultSite(server);
    const plan: SignInPlan = {
      serverUrl: server.serverUrl,
      apiVersion: server.apiVersion,
      site,
      method: attempt.methodId,
      scopes: request.integration.permissions,
    };
    const signer = signerFor(request, plan, attempt);
    if (signer.isExclusive) await leaveOtherSite(request, selected, signer, site);
    const session = await signIn(request, signer, plan, attempt);
    await servers.learn({ ...server, serverUrl: session.serverUrl });
    return keep(request, selected, {
      method: attempt.methodId,
      server_url: session.serverUrl,
      site,
      api_version: session.apiVersion,
      site_id: session.siteId,
      tableau_user_id: session.userId,
      username: attempt.username ?? (await connector.whoAmI(session, send)),
      organisation: attempt.secrets === null ? organisationNamed({ ...request, organisation: null }) : null,
      identity: attempt.secrets === null ? null : signer.identity,
      secrets: attempt.secrets,
    });
  };

  return {
    connect: async (asked) => {
      if (!asked.integration.isActive) throw easelError("integration_inactive");
      const request = { ...asked, integration: await integrationFor(asked) };
      const payload = readPayload(request.payload);
      const { options } = request;
      const selected = { ...options, selectedCredentialId: payload.credentialId ?? options.selectedCredentialId };
      const intent = readIntent(request, payload);
      const tried = await tries.begin(intent.serverUrl, intent.account, request.wallet.user.id);
      try {
        return await connectCounted(request, selected, { ...intent, tried });
      } finally {
        await tried.end();
      }
    },
    probe: async (person, address) => {
      const integration = await integrationFor(person);
      const target = typedTarget(connector, integration, { serverUrl: address });
      const server = await findServer(target.serverUrl);
      const methods = connector.methods.filter(
        (method) => isOffered(integration, method) && worksAt(integration, method, server, target),
      );
      return { server, site: target.site, methods: methods.map((method) => method.id) };
    },
  };
}

type SignedIn = Pick<
  CredentialRow,
  | "method"
  | "server_url"
  | "site"
  | "api_version"
  | "site_id"
  | "tableau_user_id"
  | "username"
  | "organisation"
  | "identity"
> & { secrets: Record<string, string> | null };

/** The credential that this one takes the place of. Throws `credential_unknown` where one is named that is not there. */
function findReplaced(
  present: readonly CredentialRow[],
  integration: Integration,
  options: ConnectOptions,
): CredentialRow | undefined {
  const mine = present.filter((row) => row.integration_id === integration.id);
  const { selectedCredentialId: selected, externalId } = options;
  if (selected !== undefined) {
    const found = mine.find((row) => row.id === selected);
    if (found === undefined) throw easelError("credential_unknown", { credential: selected });
    return found;
  }
  if (externalId !== undefined) return mine.find((row) => row.external_id === externalId);
  return options.allowMultipleCredentials === true ? undefined : mine[0];
}
