/**
 * Runs every example in docs/examples/mint-token whose language this machine has, and calls a running Easel with the
 * token that it prints:
 *
 *     node docs/examples/check.mjs [data directory, .easel by default]
 *
 * The instance must have its demo: the demo project's signing key signs. Ends with 1 when an example's token was refused.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const FOLDER = join(import.meta.dirname, "mint-token");

/** `needs` must succeed for the example to be run: the language, and its library where it has one. */
const EXAMPLES = [
  { name: "Node.js", needs: ["node", "--version"], command: ["node", "node.mjs"] },
  { name: "Python", needs: ["python3", "-c", "import jwt, cryptography"], command: ["python3", "python.py"] },
  { name: "Ruby", needs: ["ruby", "--version"], command: ["ruby", "ruby.rb"] },
  { name: "Go", needs: ["go", "version"], command: ["go", "run", "go/main.go"] },
  { name: "Java", needs: ["java", "--version"], command: ["java", "MintToken.java"] },
];
/** Go compiles its standard library on its first run. */
const TIMEOUT_MS = 180_000;

/** What an example must get right: letters beyond ASCII, and the quotes of JSON. */
const USER = 'zoë "z" o\'neil';

/** @param {readonly string[]} line @param {NodeJS.ProcessEnv} [env] */
async function output([command = "", ...args], env = {}) {
  const options = { cwd: FOLDER, env: { ...process.env, ...env }, timeout: TIMEOUT_MS };
  return (await run(command, args, options)).stdout.trim();
}

/** @param {readonly string[]} line */
const isThere = (line) =>
  output(line).then(
    () => true,
    () => false,
  );

const demo = JSON.parse(await readFile(join(process.argv[2] ?? ".easel", "demo.json"), "utf8"));
const { origin, projectId, signingKey, sandbox } = demo;
const env = { PROJECT_ID: projectId, SIGNING_KEY_ID: signingKey.kid, SIGNING_KEY: signingKey.privateKey };

/** Is the token's user who we said, and may the token sign in at Tableau as whom we said? @param {string} token */
async function refusal(token) {
  const call = (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) =>
    fetch(`${origin}/projects/${projectId}/sdk${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
  const me = await call("/me");
  const known = await me.json();
  if (!me.ok) return `${known.code}: ${known.message}`;
  if (known.userId !== USER) return `Easel read the user as ${known.userId}`;
  const body = JSON.stringify({ integrationId: demo.integrationId, payload: { method: "connectedApp" } });
  const connected = await call("/credentials", { method: "POST", body });
  return connected.ok ? null : (await connected.json()).message;
}

for (const { name, needs, command } of EXAMPLES) {
  if (!(await isThere(needs))) {
    console.log(`${name}: not run, ${needs.join(" ")} fails on this machine`);
    continue;
  }
  const refused = await refusal(await output([...command, USER, sandbox.user.name], env));
  console.log(`${name}: ${refused ?? "accepted"}`);
  if (refused !== null) process.exitCode = 1;
}
