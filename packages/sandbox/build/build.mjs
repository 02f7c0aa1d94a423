/**
 * `npm run build -w packages/sandbox [-- folder]`: makes `dist/` (or the folder), the sandbox as a package of its own.
 * Plain JavaScript for Node.js 20 and later with every dependency inside, so that it starts from a tarball without a
 * network.
 *
 * The sources stay what the workspace imports; nothing of it needs this build.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { copyDeclarations } from "./declarations.mjs";
import { notices } from "./notices.mjs";

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(folder));
const dist = resolve(process.argv[2] ?? join(folder, "dist"));
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

rmSync(dist, { recursive: true, force: true });
const bundled = await bundle();
const assets = copyAssets();
for (const page of ["README.md", "ROUTES.md"]) copyFileSync(join(folder, page), join(dist, page));
copyFileSync(join(root, "LICENSE"), join(dist, "LICENSE"));
writeFileSync(join(dist, "NOTICES.md"), notices([...bundled, ...assets.map(({ from }) => from)]));
writeDeclarations();
writeFileSync(join(dist, "package.json"), `${JSON.stringify(packed(), undefined, 2)}\n`);

/** Bundles both entries, and returns the files of other packages that went in. */
async function bundle() {
  /** @type {Set<string>} */
  const files = new Set();
  await build({
    root: folder,
    configFile: false,
    logLevel: "warn",
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: true,
      target: "node20",
      outDir: dist,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: {
          "easel-sandbox": join(folder, "build/entries/cli.mjs"),
          sandbox: join(folder, "build/entries/sandbox.mjs"),
          // What starts the thread that draws looks for it beside itself.
          "parts/worker": join(folder, "build/entries/worker.mjs"),
        },
        // Drawing packages look for a canvas that is only there where somebody installs it; ours draws without.
        external: ["canvas"],
        output: { entryFileNames: "[name].js", chunkFileNames: "parts/[name]-[hash].js" },
      },
    },
    plugins: [
      {
        name: "remember-bundled-files",
        generateBundle(_options, output) {
          for (const part of Object.values(output)) {
            if (part.type !== "chunk") continue;
            for (const id of part.moduleIds) if (id.includes("node_modules")) files.add(id.replace(/^\0|\?.*$/g, ""));
          }
        },
      },
    ],
  });
  return [...files];
}

/** Copies what the code reads as files, by the names that package.json's `imports` gives them. */
function copyAssets() {
  const { resolve } = createRequire(join(folder, "package.json"));
  mkdirSync(join(dist, "assets"));
  return Object.entries(manifest.imports).map(([name, target]) => {
    const from = resolve(target);
    const to = name.slice("#".length);
    copyFileSync(from, join(dist, to));
    return { name, from, to };
  });
}

/** The types of what `import` gives, and of nothing else. */
function writeDeclarations() {
  const { resolve } = createRequire(import.meta.url);
  const compiler = join(dirname(resolve("typescript/package.json")), "bin/tsc");
  const all = mkdtempSync(join(tmpdir(), "easel-sandbox-types-"));
  const parameters = [compiler, "-p", join(folder, "build/tsconfig.declarations.json"), "--outDir", all];
  const { status, stdout } = spawnSync(process.execPath, parameters, { encoding: "utf8" });
  if (status !== 0) throw new Error(`tsc said:\n${stdout}`);
  copyDeclarations(all, "sandbox.d.ts", join(dist, "types"));
  rmSync(all, { recursive: true });
}

/** What the package says of itself: as here, but without the workspace's dependencies and scripts. */
function packed() {
  const { name, version, description, keywords, type, license } = manifest;
  const entry = { types: "./types/sandbox.d.ts", default: "./sandbox.js" };
  return {
    name,
    version,
    description,
    keywords,
    license,
    type,
    engines: { node: ">=20" },
    bin: { "easel-sandbox": "easel-sandbox.js" },
    exports: { ".": entry, "./package.json": "./package.json" },
    imports: Object.fromEntries(assets.map(({ name, to }) => [name, `./${to}`])),
    files: ["*.js", "parts", "assets", "types", "LICENSE", "NOTICES.md", "README.md", "ROUTES.md"],
  };
}
