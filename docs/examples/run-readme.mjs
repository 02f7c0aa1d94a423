/**
 * Runs README.md's shell blocks between `<!-- run -->` and `<!-- /run -->`, in their order and in one shell, against a
 * running Easel with its demo. Shows each command and what it answers; ends with 1 at the first that fails, an error of
 * Easel's included.
 *
 *     EASEL_DATA_DIR=.easel node docs/examples/run-readme.mjs
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const part = /<!-- run -->([\s\S]*)<!-- \/run -->/.exec(readme)?.[1] ?? "";
const blocks = Array.from(part.matchAll(/```sh\n([\s\S]*?)```/g), ([, block = ""]) => block);

// npm looks for the checkout from where it stands; files that the commands write belong elsewhere.
const script = `
set -euo pipefail
npm() { command npm --prefix "${ROOT}" "$@"; }
curl() { command curl --fail-with-body "$@"; }
set -v
${blocks.join("\necho\n")}
echo
`;
const cwd = mkdtempSync(join(tmpdir(), "easel-readme-"));
const env = { ...process.env, EASEL_DATA_DIR: resolve(ROOT, process.env.EASEL_DATA_DIR ?? ".easel") };
const { status } = spawnSync("bash", ["-c", script], { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
process.exitCode = blocks.length === 0 ? 1 : (status ?? 1);
