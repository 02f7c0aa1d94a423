import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ROOT, textOf } from "./checkout.mjs";
import { chromium } from "./chromium.mjs";
import { leaveIfStopped, supervise } from "./supervise.mjs";

/** @typedef {import("./node-runtime.mjs").NodeRuntime} NodeRuntime */
/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** What the compiler is run on: each has a tsconfig.json of its own. */
const TYPED = ["tsconfig.json", "launcher", "packages/sandbox/build", "apps/portal", "apps/demo/web", "e2e"];

/**
 * `npm test`: lint, types, unit tests, integration tests, browser tests. Each stage runs whatever became of the one before.
 * The last line on stdout is `N passed, N failed, N skipped` over all of them; lint, and the types of each part, count
 * as one check each.
 *
 * @param {NodeRuntime} node
 * @param {readonly string[]} args what `npm test -- …` was given; goes to Vitest
 * @returns {Promise<number>} the exit code: 1 when anything failed
 */
export async function runChecks(node, args) {
  const browser = await chromium();
  const folder = mkdtempSync(join(tmpdir(), "easel-checks-"));
  const options = { args, env: testEnvironment(node, browser), folder };
  /** @type {{ name: string, check: () => Promise<Counts> }[]} */
  const stages = [
    { name: "lint", check: () => tool(node, ["@biomejs/biome/bin/biome", "check", "."]) },
    { name: "types", check: () => types(node) },
    { name: "unit tests", check: () => vitest(node, "unit", options) },
    { name: "integration tests", check: () => vitest(node, "server", options) },
    { name: "browser tests", check: async () => (browser === null ? noBrowser() : vitest(node, "browser", options)) },
  ];
  try {
    const done = [];
    for (const { name, check } of stages) {
      process.stdout.write(`\n> ${name}\n`);
      done.push({ name, counts: await check() });
    }
    return summarise(done);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Tests find the browser by EASEL_CHROMIUM, and whatever they start as `node` is the Node.js that Easel runs under. The
 * settings of an instance that the person runs from the same shell are not theirs.
 * @param {NodeRuntime} node
 * @param {string | null} browser
 */
function testEnvironment(node, browser) {
  const others = Object.entries(process.env).filter(([name]) => !/^(EASEL_.*|DATABASE_URL)$/.test(name));
  const path = [dirname(node.path), process.env.PATH].join(delimiter);
  return { ...Object.fromEntries(others), PATH: path, ...(browser === null ? {} : { EASEL_CHROMIUM: browser }) };
}

/**
 * @param {NodeRuntime} node
 * @param {readonly string[]} line a script below node_modules and its arguments
 * @returns {Promise<Counts>}
 */
async function tool(node, [script = "", ...args]) {
  const ending = await supervise(node.path, [join(ROOT, "node_modules", script), ...args], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  leaveIfStopped(ending);
  return ending.code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** @param {NodeRuntime} node */
async function types(node) {
  const each = [];
  for (const project of TYPED) each.push(await tool(node, ["typescript/bin/tsc", "-p", project]));
  return total(each);
}

/**
 * @param {NodeRuntime} node
 * @param {string} project of vitest.config.ts
 * @param {{ args: readonly string[], env: NodeJS.ProcessEnv, folder: string }} options `folder` is for its report
 * @returns {Promise<Counts>}
 */
async function vitest(node, project, { args, env, folder }) {
  const report = join(folder, `${project}.json`);
  const script = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const line = [script, "run", `--project=${project}`, "--passWithNoTests", ...reporters, ...args];
  const ending = await supervise(node.path, line, { stdio: ["ignore", "inherit", "inherit"], env });
  leaveIfStopped(ending);
  const counts = readReport(textOf(report));
  // A run that fails outside any test (an error that nobody caught, no report at all) counts as one failure.
  return ending.code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {string | null} text what Vitest's JSON reporter wrote
 * @returns {Counts} a file that fails before any of its tests counts as one failure
 */
function readReport(text) {
  const report = JSON.parse(text ?? "{}");
  /** @type {{ status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults ?? [];
  const broken = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: report.numPassedTests ?? 0,
    failed: (report.numFailedTests ?? 0) + broken.length,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

/**
 * A person without a browser still gets an answer about all the rest; where nobody reads along, a check that silently
 * no longer takes place would be worse than none.
 * @returns {Counts}
 */
function noBrowser() {
  const isUnattended = !["", "0", "false", undefined].includes(process.env.CI);
  return isUnattended ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: 1 };
}

/** @param {readonly Counts[]} each @returns {Counts} */
function total(each) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of each) {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return sum;
}

/**
 * @param {readonly { name: string, counts: Counts }[]} stages
 * @returns {number} the exit code
 */
function summarise(stages) {
  const line = (/** @type {Counts} */ counts) =>
    `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
  const width = Math.max(...stages.map(({ name }) => name.length));
  const rows = stages.map(({ name, counts }) => {
    const verdict = counts.failed > 0 ? "FAIL" : counts.passed === 0 && counts.skipped > 0 ? "skip" : "ok  ";
    return `${verdict}  ${name.padEnd(width)}  ${line(counts)}`;
  });
  const all = total(stages.map(({ counts }) => counts));
  process.stdout.write(`\n${rows.join("\n")}\n\n${line(all)}\n`);
  return all.failed > 0 ? 1 : 0;
}
