import { type Sandbox, startSandbox } from "@easel/sandbox";
import type { BearerMethod } from "@easel/tableau";
import type { FastifyBaseLogger } from "fastify";
import { importPKCS8, SignJWT } from "jose";
import pino from "pino";
import { composeEasel, type Easel, type Patience } from "../compose.ts";
import { type Config, type DevelopmentKeys, readConfig } from "../config.ts";
import type { Resolve } from "../egress/connector.ts";
import { newKey, parseKeys } from "../vault/keys.ts";
import { createTestDatabase } from "./test-database.ts";

/** A whole server in this process, on a database and a sandbox of its own, listening on a free port. */
export interface TestEasel {
  readonly easel: Easel;
  readonly origin: string;
  readonly sandbox: Sandbox;
  readonly project: TestProject;
  /** With its keys, for a second server on it. */
  readonly database: { readonly url: string; readonly keys: string };
  newProject(options?: { permissions?: readonly string[] }): Promise<TestProject>;
  close(): Promise<void>;
}

export interface TestProject {
  readonly id: string;
  readonly integrationId: string;
  readonly signingKey: { id: string; privateKey: string };
  /** A user token; claims override what it has by itself. */
  token(user: string, claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  /** Calls below `/projects/:id`, as this user. */
  call(user: string, path: string, init?: CallInit): Promise<Response>;
  /** Connects the user with a sandbox person's PAT, or with the payload given. Fails where that is refused. */
  connect(user: string, payload?: Record<string, unknown>): Promise<{ id: string }>;
  /** The management API, with an admin key. */
  manage(path: string, init?: CallInit): Promise<Response>;
  /** The same project, called at another server on the same database. */
  at(origin: string): TestProject;
}

export interface CallInit extends Omit<RequestInit, "body"> {
  /** Sent as JSON. */
  json?: unknown;
  body?: RequestInit["body"];
  claims?: Record<string, unknown>;
  token?: string;
}

export async function startTestEasel(
  options: {
    clock?: () => number;
    developmentKeys?: "sandbox" | "none";
    egressAllow?: readonly string[];
    environment?: Record<string, string>;
    log?: FastifyBaseLogger;
    sandbox?: Sandbox;
    /** In place of the operating system's resolver. */
    resolve?: Resolve;
    patience?: Patience;
    bearerMethods?: readonly BearerMethod[];
    /** With `keys`: a second server on the database of the first. */
    database?: { url: string; keys: string };
  } = {},
): Promise<TestEasel> {
  const clock = options.clock ?? Date.now;
  const sandbox = options.sandbox ?? (await startSandbox({ port: 0, host: "127.0.0.1", clock }));
  const database = options.database ?? { url: await createTestDatabase(), keys: newKey() };
  const config: Config = readConfig(
    { EASEL_PORT: "0", EASEL_LOG_LEVEL: "silent", ...options.environment },
    "/nonexistent",
  );
  const easel = await composeEasel({
    config,
    databaseUrl: database.url,
    keyRing: parseKeys(database.keys),
    egressAllow: [new URL(sandbox.url).host, ...(options.egressAllow ?? [])],
    developmentKeys: options.developmentKeys === "none" ? null : keysOf(sandbox),
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
    bearerMethods: options.bearerMethods ?? [],
    clock,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    log: options.log ?? pino({ level: process.env.EASEL_TEST_LOG ?? "silent" }, pino.destination(2)),
  });
  const origin = (await easel.app.listen({ host: "127.0.0.1", port: config.port })).replace("127.0.0.1", "localhost");
  const newProject = async ({ permissions = ["tableau:*:*"] }: { permissions?: readonly string[] } = {}) =>
    openProject(easel, { origin, sandbox, clock }, (await easel.projects.create({ name: "Acme", permissions })).id);
  return {
    easel,
    origin,
    sandbox,
    database,
    newProject,
    project: await newProject(),
    close: async () => {
      await easel.close();
      if (options.sandbox === undefined) await sandbox.close();
    },
  };
}

function keysOf({ url, keys }: Sandbox): DevelopmentKeys {
  return { ...keys.connectedApp, serverUrl: url, site: keys.site.contentUrl };
}

async function openProject(
  easel: Easel,
  place: { origin: string; sandbox: Sandbox; clock: () => number },
  projectId: string,
): Promise<TestProject> {
  const { integrations } = await easel.projects.get(projectId);
  const signingKey = await easel.signingKeys.create(projectId);
  const { key } = await easel.apiKeys.create(projectId, "test", "admin");
  const privateKey = await importPKCS8(signingKey.privateKey, "RS256");
  const token: TestProject["token"] = async (user, claims = {}, header = {}) => {
    const iat = Math.floor(place.clock() / 1000);
    return new SignJWT({ sub: user, iat, exp: iat + 3600, "tableau.username": place.sandbox.keys.user.name, ...claims })
      .setProtectedHeader({ alg: "RS256", kid: signingKey.id, ...header })
      .sign(privateKey);
  };
  const facts = { id: projectId, integrationId: integrations[0]?.id ?? "", signingKey, token };
  return projectAt(place.origin, facts, { apiKey: key, sandbox: place.sandbox });
}

function projectAt(
  origin: string,
  facts: Pick<TestProject, "id" | "integrationId" | "signingKey" | "token">,
  keys: { apiKey: string; sandbox: Sandbox },
): TestProject {
  const call: TestProject["call"] = async (user, path, init = {}) =>
    send(`${origin}/projects/${facts.id}${path}`, init.token ?? (await facts.token(user, init.claims)), init);
  return {
    ...facts,
    call,
    connect: async (user, payload) => {
      const { url, keys: sandboxKeys } = keys.sandbox;
      const { pat, site } = sandboxKeys;
      const usual = {
        serverUrl: url,
        site: site.contentUrl,
        method: "pat",
        tokenName: pat.name,
        tokenSecret: pat.secret,
      };
      const response = await call(user, "/sdk/credentials", {
        method: "POST",
        json: { integrationId: facts.integrationId, payload: payload ?? usual },
      });
      const body = (await response.json()) as { id?: string };
      if (!response.ok || body.id === undefined) throw new Error(`connect: ${response.status} ${JSON.stringify(body)}`);
      return { id: body.id };
    },
    manage: (path, init = {}) => send(`${origin}/manage/v1/projects/${facts.id}${path}`, keys.apiKey, init),
    at: (other) => projectAt(other, facts, keys),
  };
}

async function send(
  url: string,
  bearer: string,
  { json, claims: _claims, token: _token, ...init }: CallInit,
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) headers.set("authorization", `Bearer ${bearer}`);
  if (json !== undefined) headers.set("content-type", "application/json");
  return fetch(url, { ...init, headers, ...(json === undefined ? {} : { body: JSON.stringify(json) }) });
}
