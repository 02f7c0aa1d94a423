import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, Refusal, ROOT, say, textOf } from "./checkout.mjs";
import { leaveIfStopped, supervise } from "./supervise.mjs";

/**
 * The pages that Vite builds into `<folder>/dist`, and what each is made of besides SHARED.
 * @typedef {{ name: string, folder: string, sources: readonly string[] }} Pages
 * @type {readonly Pages[]}
 */
const PAGES = [
  { name: "portal", folder: "apps/portal", sources: ["apps/portal"] },
  {
    name: "demo",
    folder: "apps/demo",
    sources: ["apps/demo/web", "apps/demo/vite.config.ts", "apps/demo/package.json"],
  },
];

const SHARED = ["packages/design", "packages/api", "packages/connector", "package-lock.json"];

/** How much of a failed build's output is shown, in characters: its end. */
const SHOWN = 100_000;

/** @param {Pages} pages */
const stampOf = (pages) => join(ROOT, pages.folder, "dist", ".easel-build");

/** @param {Pages} pages */
function wanted(pages) {
  const leaveOut = (/** @type {string} */ name) =>
    name === "dist" || name === "node_modules" || name.startsWith(".") || /\.test\.tsx?$/.test(name);
  return fingerprint([...pages.sources, ...SHARED], leaveOut);
}

/** @returns {Pages[]} the pages whose last finished build was made of something else */
export function stalePages() {
  return PAGES.filter((pages) => textOf(stampOf(pages))?.trim() !== wanted(pages));
}

/**
 * Builds the pages that are stale, side by side.
 * @param {import("./node-runtime.mjs").NodeRuntime} node
 */
export async function buildPages(node) {
  const stale = stalePages();
  if (stale.length === 0) return;
  say(`Building the web pages (${stale.map((pages) => pages.name).join(", ")})…`);
  const built = await Promise.all(stale.map((pages) => build(node, pages)));
  const failed = built.filter((result) => result.code !== 0);
  for (const { pages, output } of failed) say(`\nvite build in ${pages.folder} said:\n${output}`);
  if (failed.length > 0) {
    throw new Refusal(`The web pages could not be built: ${failed.map(({ pages }) => pages.name).join(", ")}.`);
  }
}

/**
 * @param {import("./node-runtime.mjs").NodeRuntime} node
 * @param {Pages} pages
 */
async function build(node, pages) {
  // Taken before, so that a file changed during the build makes it stale.
  const fresh = wanted(pages);
  let output = "";
  const keep = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk).slice(-SHOWN);
  };
  const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
  const ending = await supervise(node.path, [vite, "build"], {
    cwd: join(ROOT, pages.folder),
    stdio: ["ignore", "pipe", "pipe"],
    onSpawn: (child) => {
      child.stdout?.on("data", keep);
      child.stderr?.on("data", keep);
    },
  });
  leaveIfStopped(ending);
  if (ending.code === 0) writeFileSync(stampOf(pages), `${fresh}\n`);
  return { pages, code: ending.code, output };
}
