import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

/** ui.md's budget for everything but fonts is 90 KB; this holds us well under it. */
const BUDGET_BYTES = 40 * 1024;

let out = "";
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "easel-portal-"));
  const root = join(import.meta.dirname, "..");
  await build({ root, logLevel: "error", build: { outDir: out, emptyOutDir: true } });
}, 60_000);
afterAll(() => rm(out, { recursive: true, force: true }));

test("script and style stay within their budget, gzipped", async () => {
  const names = (await readdir(join(out, "assets"))).filter((name) => /\.(js|css)$/.test(name));
  const sizes = await Promise.all(
    names.map(async (name) => gzipSync(await readFile(join(out, "assets", name))).length),
  );
  expect(names.length).toBeGreaterThanOrEqual(2);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BUDGET_BYTES);
});

test("the page needs no inline script or style, and everything it loads carries the nonce's placeholder", async () => {
  const html = await readFile(join(out, "index.html"), "utf8");
  // An icon is a picture: the policy admits it by its address.
  const loaded = (html.match(/<(script|link)\b[^>]*>/g) ?? []).filter((tag) => !tag.includes('rel="icon"'));
  expect(loaded.length).toBeGreaterThanOrEqual(2);
  for (const tag of loaded) expect(tag).toContain('nonce="__EASEL_NONCE__"');
  expect(html).toContain('<meta property="csp-nonce" nonce="__EASEL_NONCE__">');
  expect(html).not.toMatch(/<style|\sstyle=|<script[^>]*>[^<]/);
});

test("nothing is loaded from another host", async () => {
  const files = (await readdir(join(out, "assets"))).filter((name) => /\.css$/.test(name));
  for (const name of files) {
    expect(await readFile(join(out, "assets", name), "utf8")).not.toMatch(/url\(["']?(https?:)?\/\/|@import/);
  }
});
