import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { freePorts, type Instance, startEasel } from "./easel.ts";
import { serveElsewhere } from "./elsewhere.ts";
import { serveProduct } from "./product/serve.ts";

declare module "vitest" {
  interface ProvidedContext {
    easel: Instance;
    /** A product on an origin of its own, which embeds Easel. The server answers under every name below localhost. */
    productPort: number;
    /** Addresses that Easel may reach and where there is no Tableau. */
    elsewhere: { readonly notTableau: string; readonly nobody: string };
  }
}

const PAGES = ["portal", "demo"].map((app) =>
  fileURLToPath(new URL(`../apps/${app}/dist/index.html`, import.meta.url)),
);

/** One Easel for all browser tests of a run: each test file has a project of its own there. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!PAGES.every(existsSync)) throw new Error("The web pages are not built: npm run build.");
  const [elsewhere, product, [nobody]] = await Promise.all([serveElsewhere(), serveProduct(), freePorts(1)]);
  const allowed = [new URL(elsewhere.url).host, `127.0.0.1:${nobody}`];
  const easel = await startEasel({ EASEL_EGRESS_ALLOW: allowed.join(",") });
  const { origin, demoOrigin, dataDirectory, sandbox } = easel;
  project.provide("easel", { origin, demoOrigin, dataDirectory, sandbox });
  project.provide("productPort", product.port);
  project.provide("elsewhere", { notTableau: elsewhere.url, nobody: `http://127.0.0.1:${nobody}` });
  return async () => {
    for (const error of easel.errors()) process.stderr.write(`Easel's log: ${error}\n`);
    await Promise.all([easel.stop(), elsewhere.close(), product.close()]);
  };
}
