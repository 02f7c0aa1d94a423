import { fileURLToPath } from "node:url";
import { configurationTable } from "./configuration-table.ts";
import { errorsPage } from "./errors-page.ts";
import { metricsTable } from "./metrics-table.ts";
import { sandboxRoutesPage, sandboxSummary } from "./sandbox-routes.ts";

export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** A file that is made, wholly or between two marks, from what the code says. */
export interface Generated {
  /** Relative to the checkout. */
  readonly path: string;
  /** What it should be, given what it is. */
  make(current: string): string;
}

export const generated: readonly Generated[] = [
  { path: "docs/errors.md", make: errorsPage },
  { path: "README.md", make: (current) => between(current, "configuration", configurationTable()) },
  { path: "docs/metrics.md", make: (current) => between(current, "metrics", metricsTable()) },
  { path: "packages/sandbox/README.md", make: (current) => between(current, "routes", sandboxSummary()) },
  { path: "packages/sandbox/ROUTES.md", make: sandboxRoutesPage },
];

/** Puts `text` between `<!-- name -->` and `<!-- /name -->`. Throws where these are not there. */
function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no ${begin} … ${end}.`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
