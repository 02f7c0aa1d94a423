import { execFile } from "node:child_process";
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Child, startChild } from "./child.ts";

/** Easel as it is deployed, with one project, set up through its own doors: the command line, and what the SDK calls. */
export interface BenchEasel extends Child {
  /** Where the project's calls to Tableau go. */
  readonly tableau: string;
  /** Connects a user of this name with a personal access token of its own; gives back the user's token. */
  connect(user: string): Promise<string>;
}

const SERVER = join(import.meta.dirname, "../apps/server/src");
/** Of a user token, in seconds: longer than any run. */
const TOKEN_S = 36_000;

const run = promisify(execFile);

export async function startEasel(options: {
  directory: string;
  databaseUrl: string;
  upstream: string;
  /** A directory for a profile of what its processor time went into; null for none. */
  profile: string | null;
}): Promise<BenchEasel> {
  const { directory, databaseUrl, upstream, profile } = options;
  const command = async (env: Record<string, string>, ...args: string[]): Promise<string> =>
    (await run(process.execPath, [join(SERVER, "cli.ts"), ...args], { env })).stdout.trim();

  const keys = await command({ EASEL_DATA_DIR: directory }, "keys", "new");
  const env = { EASEL_DATA_DIR: directory, DATABASE_URL: databaseUrl, EASEL_KEYS: keys };
  const { projectId, integrationId, signingKey } = JSON.parse(
    await command(env, "project", "create", "--name", "Bench"),
  );
  const child = await startChild(join(SERVER, "main.ts"), {
    env: { ...env, EASEL_PORT: "0", EASEL_EGRESS_ALLOW: new URL(upstream).host },
    nodeArgs: profile === null ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`],
    ready: /Server listening at (http:\/\/127\.0\.0\.1:\d+)/,
  });
  const adminKey = await command(env, "api-key", "create", "--project", projectId, "--role", "admin");
  await send(`${child.origin}/manage/v1/projects/${projectId}/integrations/${integrationId}`, {
    method: "PATCH",
    token: adminKey,
    json: { permissions: ["tableau:content:read", "tableau:workbooks:download"] },
  });
  const privateKey = createPrivateKey(signingKey.privateKey);

  const connect = async (user: string): Promise<string> => {
    const token = userToken(privateKey, signingKey.kid, user);
    const tableauToken = { method: "pat", tokenName: user, tokenSecret: `secret of ${user}` };
    await send(`${child.origin}/projects/${projectId}/sdk/credentials`, {
      method: "POST",
      token,
      json: { integrationId, payload: { serverUrl: upstream, site: "bench", ...tableauToken } },
    });
    return token;
  };
  return { ...child, tableau: `${child.origin}/projects/${projectId}/sdk/proxy/tableau`, connect };
}

async function send(url: string, call: { method: string; token: string; json: unknown }): Promise<void> {
  const response = await fetch(url, {
    method: call.method,
    headers: { authorization: `Bearer ${call.token}`, "content-type": "application/json" },
    body: JSON.stringify(call.json),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${call.method} ${url} was answered ${response.status}: ${text}`);
}

/** As a product signs them (RFC 7519, RS256), with what products say of their users. */
function userToken(key: KeyObject, kid: string, user: string): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { sub: user, iat, exp: iat + TOKEN_S, org: "bench", name: "A user of the bench" };
  const text = [{ alg: "RS256", typ: "JWT", kid }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
