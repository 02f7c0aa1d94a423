import type { Server } from "node:http";
import { type BearerMethod, createTableauConnector } from "@easel/tableau";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { createClients } from "./clients/clients.ts";
import { clientRoutes } from "./clients/routes.ts";
import type { Config, DevelopmentKeys } from "./config.ts";
import { createConnectByItself } from "./credentials/by-itself.ts";
import { createConnecting } from "./credentials/connect.ts";
import { createContests } from "./credentials/contests.ts";
import { createCredentials } from "./credentials/credentials.ts";
import { createDisconnect } from "./credentials/disconnect.ts";
import { createCredentialHealth } from "./credentials/health.ts";
import { createImport } from "./credentials/import.ts";
import { createLiveSessions } from "./credentials/live-sessions.ts";
import { createSigning } from "./credentials/signing.ts";
import { credentialChores } from "./credentials/upkeep.ts";
import { listenForChanges } from "./database/changes.ts";
import { openDatabase } from "./database/database.ts";
import { migrate } from "./database/migrate.ts";
import { startPruning } from "./database/pruning.ts";
import { parseEgressAllow } from "./egress/allowance.ts";
import { readAuthorities } from "./egress/authorities.ts";
import type { Resolve } from "./egress/connector.ts";
import { createEgress } from "./egress/egress.ts";
import { createEvents } from "./events/events.ts";
import { healthRoutes } from "./health/routes.ts";
import { createHelpDesk } from "./help/help.ts";
import { createApp } from "./http/app.ts";
import { createCallers } from "./http/caller.ts";
import { ownAddress } from "./http/hosts.ts";
import type { Pace } from "./http/pace.ts";
import { createIntegrations } from "./integrations/integrations.ts";
import { createIssuerKeys } from "./issuer/keys.ts";
import { issuerRoutes } from "./issuer/routes.ts";
import { createApiKeys } from "./keys/api-keys.ts";
import { createSigningKeys } from "./keys/signing-keys.ts";
import { createUserTokens } from "./keys/user-tokens.ts";
import { type Budgets, createBudgets, FLUSH_EVERY_MS } from "./limits/budgets.ts";
import { createLimits } from "./limits/limits.ts";
import { createSignInTries } from "./limits/sign-in-tries.ts";
import { manageRoutes } from "./manage/routes.ts";
import { createFirstRun, type FirstRun } from "./members/first-run.ts";
import { firstRunRoutes } from "./members/routes.ts";
import { createTrustInEffect } from "./organisations/trust-in-effect.ts";
import { createProjectVaults, rewrapDataKeys } from "./projects/data-keys.ts";
import { createProjects, type Projects } from "./projects/projects.ts";
import { createCheckedRoute } from "./proxy/checked-route.ts";
import { createExchange } from "./proxy/exchange.ts";
import { createExplanations } from "./proxy/explanations.ts";
import { createProxy } from "./proxy/proxy.ts";
import { proxyRoutes } from "./proxy/routes.ts";
import { createScopeRefusals } from "./proxy/scope-refusals.ts";
import { createSendUpstreamError } from "./proxy/upstream-error.ts";
import { createInstalls } from "./sdk/installs.ts";
import { sdkRoutes } from "./sdk/routes.ts";
import { createServers, LOOK_FOR_DUE_MS, type Servers } from "./servers/servers.ts";
import { createSites, LOOK_FOR_SITES_MS, type Sites } from "./servers/sites.ts";
import { createConfirmation } from "./sessions/confirmation.ts";
import { loadIdentityKey } from "./sessions/identity-key.ts";
import { createSessions } from "./sessions/sessions.ts";
import { meterSignIns } from "./telemetry/meters.ts";
import { metricsRoute, serveMetrics } from "./telemetry/metrics-server.ts";
import { createTelemetry } from "./telemetry/telemetry.ts";
import { createTrustDesk } from "./trusts/desk.ts";
import { createTrusts } from "./trusts/trusts.ts";
import { createTrustVerification } from "./trusts/verification.ts";
import { startUpkeep, type Upkeep } from "./upkeep.ts";
import { createUsage, type Usage } from "./usage/usage.ts";
import { createUsers } from "./users/users.ts";
import type { KeyRing } from "./vault/keys.ts";
import { createVault } from "./vault/vault.ts";
import { webRoutes } from "./web/routes.ts";

export interface Easel {
  readonly app: FastifyInstance;
  readonly projects: Projects;
  readonly signingKeys: ReturnType<typeof createSigningKeys>;
  readonly apiKeys: ReturnType<typeof createApiKeys>;
  readonly firstRun: FirstRun;
  /** What is done now and then, at once: for tests. */
  readonly upkeep: Upkeep;
  readonly servers: Servers;
  readonly sites: Sites;
  readonly usage: Usage;
  readonly budgets: Budgets;
  /** Prometheus's own port, not listening yet; null where none is configured. */
  readonly metricsServer: Server | null;
  /** Answers what was accepted, writes what is held, closes every connection. */
  close(): Promise<void>;
}

/** How long the other side is waited for. */
export interface Patience {
  readonly firstByteTimeoutMs?: number;
  readonly bodyIdleTimeoutMs?: number;
  readonly pace?: Pace;
}

/** Puts the server together from its parts. The database at `databaseUrl` is migrated; nothing listens yet. */
export async function composeEasel(options: {
  config: Config;
  databaseUrl: string;
  keyRing: KeyRing;
  /** Besides `EASEL_EGRESS_ALLOW`: the sandbox's address. */
  egressAllow: readonly string[];
  developmentKeys: DevelopmentKeys | null;
  /** The operating system's resolver, where tests do not put theirs. */
  resolve?: Resolve;
  /** Ways to sign in whose sessions are access tokens; Easel brings none with it. */
  bearerMethods?: readonly BearerMethod[];
  clock: () => number;
  log: FastifyBaseLogger;
  /** Shorter than usual, for tests that cannot wait so long. */
  patience?: Patience;
}): Promise<Easel> {
  const { config, clock, log } = options;
  const database = openDatabase(options.databaseUrl, (error) =>
    log.warn({ err: error }, "a database connection was lost"),
  );
  await migrate(database.db);
  const changes = await listenForChanges(options.databaseUrl, database, (error) =>
    log.warn({ err: error }, "changes are not heard"),
  );
  const onError = (error: unknown): void => log.error({ err: error }, "work in the background failed");
  const vault = createVault(options.keyRing);
  const telemetry = await createTelemetry(
    config,
    {
      usage: () => usage.counts(),
      database: database.connections,
      changes: () => ({ isListening: changes.isListening(), silentMs: changes.silentMs() }),
      sessions: () => sessions.counts(),
      egress: () => egress.counts(),
      breakers: () => limits.breakers(),
    },
    (error) => log.warn({ err: error }, "traces were not taken"),
  );
  const { meters, metrics, traces } = telemetry;
  const metered = meterSignIns(createTableauConnector({ clock, bearerMethods: options.bearerMethods ?? [] }), meters);
  const connector = traces?.connector(metered) ?? metered;
  const egress = createEgress({
    allow: parseEgressAllow([config.egressAllow, ...options.egressAllow].filter(Boolean).join(",")),
    intercept: traces?.exchange,
    firstByteTimeoutMs: options.patience?.firstByteTimeoutMs,
    bodyIdleTimeoutMs: options.patience?.bodyIdleTimeoutMs,
    trustIn: await readAuthorities(config.egressTrust.caFile, config.egressTrust.pins),
    proxy: config.egressProxy,
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
  });

  await rewrapDataKeys(database, vault);
  const vaults = createProjectVaults(database, vault);
  const issuerKeys = createIssuerKeys({ database, vaults, clock });
  const { developmentKeys } = options;
  const trusts = createTrusts({ database, vaults, issuerKeys, developmentKeys, clock });
  const trustInEffect = createTrustInEffect({ changes, trusts });
  const tries = createSignInTries(database);
  const verification = createTrustVerification({ connector, egress, issuerKeys, tries });
  const integrations = createIntegrations({ database, trusts, connector, verification });
  const trustDesk = createTrustDesk({ database, connector, egress, trusts, verification, origin: config.origin });
  const signingKeys = createSigningKeys(database);
  const apiKeys = createApiKeys(database);
  const projects = createProjects({
    database,
    changes,
    vault,
    signingKeys,
    integrations,
    isDemoAllowed: config.isLocal,
  });
  const userTokens = createUserTokens(database, clock);
  const users = createUsers(database);
  const credentials = createCredentials({ database, changes, users, clock });
  const sessions = createSessions({
    database,
    changes,
    vault,
    contests: createContests(connector),
    clock,
    onError,
  });
  const identityKey = await loadIdentityKey(database, vault);
  const servers = createServers({ database, changes, connector, egress, clock });
  const budgets = createBudgets({
    database,
    connector,
    edition: (serverUrl) => servers.peek(serverUrl)?.edition,
    clock,
  });
  const limits = createLimits({ connector, egress, budgets, clock });
  const sites = createSites({ database, connector, egress, clock });
  const signing = createSigning({
    database,
    connector: limits.watched(connector),
    egress,
    vaults,
    trusts,
    servers,
    sites,
    identityKey,
  });
  const held = createLiveSessions({
    connector,
    credentials,
    sessions,
    signing,
    trusts,
    trustInEffect,
    clock,
    onError,
  });
  const liveSessions = traces?.liveSessions(held) ?? held;
  const confirmation = createConfirmation(connector, egress, clock);
  const connecting = createConnecting({
    database,
    connector,
    egress,
    vaults,
    sessions,
    signing,
    trusts,
    trustInEffect,
    tries,
    confirmation,
    servers,
  });
  const disconnect = createDisconnect({
    database,
    connector,
    egress,
    credentials,
    sessions,
    signing,
    trustInEffect,
  });
  const installs = createInstalls({ database, projects, credentials });
  const usage = createUsage({
    database,
    clock,
    keepDays: config.usageDays,
    onError: (error, lost) => log.error({ err: error, lost }, "usage rows were not written"),
  });
  const events = createEvents(database);
  const pruning = startPruning(database, onError);
  const clients = createClients({
    database,
    changes,
    egress,
    projects,
    userTokens,
    credentials,
    liveSessions,
    servers,
    type: connector.type,
    clock,
  });
  const upkeep = startUpkeep(
    [
      ...clients.chores,
      { everyMs: 60_000, run: sessions.tendIdle },
      { everyMs: 10_000, run: sessions.tendContests },
      ...credentialChores({ database, connector, egress, projects, credentials, liveSessions, signing, onError }),
      { everyMs: 3_600_000, run: events.prune },
      { everyMs: 3_600_000, run: issuerKeys.tend },
      { everyMs: LOOK_FOR_DUE_MS, run: servers.askDue },
      { everyMs: FLUSH_EVERY_MS, run: budgets.flush },
      { everyMs: LOOK_FOR_SITES_MS, run: sites.askDue },
    ],
    onError,
  );
  const scopeRefusals = createScopeRefusals(confirmation, clock);
  const explanations = createExplanations({ connector, egress, liveSessions, servers, clock });
  const exchange = createExchange({
    connector,
    egress,
    liveSessions,
    confirmation,
    scopeRefusals,
    explanations,
    limits,
    clock,
  });
  const route = createCheckedRoute({ connector, servers, explanations });
  const sendUpstreamError = createSendUpstreamError({ connector, explanations });
  const help = createHelpDesk({ connector, exchange, limits, route, sendUpstreamError, clock });
  const proxy = createProxy({
    route,
    exchange,
    help,
    sendUpstreamError,
    limits,
    usage,
    meters,
    clock,
  });
  const callers = createCallers({ projects, userTokens, credentials });
  const firstRun = createFirstRun(database, apiKeys);

  const app = createApp({ log, trustProxy: config.trustProxy, own: ownAddress(config), pace: options.patience?.pace });
  traces?.requests(app);
  healthRoutes(app, { database, changes });
  if (metrics !== null && config.metrics.token !== null) metricsRoute(app, metrics, config.metrics.token);
  const metricsServer =
    metrics === null || config.metrics.port === null ? null : serveMetrics(metrics, config.metrics.token);
  if (config.role !== "worker") {
    sdkRoutes(app, {
      callers,
      connector,
      connecting,
      credentials,
      disconnect,
      installs,
      tries,
      sessions,
      users,
      trustInEffect,
      trustDesk,
    });
    issuerRoutes(app, { projects, issuerKeys, origin: config.origin });
    const traced = traces?.proxy(proxy) ?? proxy;
    const connectByItself = createConnectByItself({ connector, connecting, credentials, trustInEffect });
    proxyRoutes(app, { callers, help, proxy: traced, connectByItself });
    clientRoutes(app, { ...clients, proxy: traced, servers });
    manageRoutes(app, {
      projects,
      signingKeys,
      userTokens,
      apiKeys,
      integrations,
      trustDesk,
      usage,
      budgets,
      database,
      importCredentials: createImport({ connecting, credentials }),
      credentialHealth: createCredentialHealth({ database, connector, sessions }),
      disconnect,
      servers,
      clientKeys: clients.keys,
      events,
      clock,
      origin: config.origin,
    });
    firstRunRoutes(app, firstRun);
    webRoutes(app, { projects, demoOrigin: config.demo.enabled ? config.demo.origin : null });
  }

  return {
    app,
    projects,
    signingKeys,
    apiKeys,
    firstRun,
    upkeep,
    usage,
    budgets,
    metricsServer,
    servers,
    sites,
    close: async () => {
      await app.close();
      liveSessions.close();
      pruning.close();
      await upkeep.close();
      await clients.close().catch(onError);
      await sessions.close();
      await usage.close();
      await budgets.flush().catch(onError);
      await egress.close();
      await changes.close();
      await database.close();
      metricsServer?.close();
      metricsServer?.closeAllConnections();
      await traces?.close();
    },
  };
}
