/**
 * Holds the arrows of ARCHITECTURE.md: which part may know which. Every failure names the file and what it reached for.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

interface Import {
  readonly from: string;
  /** Whether it is gone when the types are stripped: `import type …`, `export type … from …`. */
  readonly typeOnly: boolean;
}

interface Source {
  /** Relative to the checkout, e.g. `packages/tableau/src/address.ts`. */
  readonly path: string;
  /** `apps/server`, `packages/tableau`, `bench`. */
  readonly part: string;
  /** Tests and what only tests run. */
  readonly isTest: boolean;
  readonly lines: number;
  /** Without its comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** Which packages a package may import; apps may import every package and no app. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  api: ["workflow", "connector"],
  connect: ["api"],
  connector: [],
  design: [],
  postgres: [],
  sandbox: [],
  tableau: ["connector"],
  workflow: [],
};

/** Packages that build and read, and leave every socket, file and process to the platform. */
const PURE = ["api", "connector", "tableau", "workflow"];
const IMPURE = /^(undici|pg|fastify|node:(net|tls|https?|http2|dgram|dns|fs|child_process|worker_threads)(\/.*)?)$/;

/** Where a process begins: only there may its environment be read, and its clock be chosen. */
const ENTRANCE = /\/(main|cli|config)\.ts$/;

const MOST_LINES = 450;

/** Matches comments, and strings so that what looks like a comment inside one is left alone. */
const COMMENT_OR_STRING = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;

function withoutComments(text: string): string {
  return text.replace(COMMENT_OR_STRING, (found) => (found.startsWith("/") ? " " : found));
}

function importsOf(code: string): Import[] {
  const statements = code.matchAll(/^\s*(?:import|export)\s+(type\s)?[^;"'`()]*?\bfrom\s*["']([^"']+)["']/gm);
  const bare = code.matchAll(/^\s*import\s*["']([^"']+)["']/gm);
  const dynamic = code.matchAll(/\bimport\(\s*["']([^"']+)["']/g);
  return [
    ...Array.from(statements, ([, type, from = ""]) => ({ from, typeOnly: type !== undefined })),
    ...Array.from(bare, ([, from = ""]) => ({ from, typeOnly: false })),
    ...Array.from(dynamic, ([, from = ""]) => ({ from, typeOnly: false })),
  ];
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), "utf8");
  const code = withoutComments(text);
  return {
    path,
    part: path.startsWith("bench/") ? "bench" : path.split("/").slice(0, 2).join("/"),
    isTest: /(\.(test|fixture)\.tsx?|\/test-[^/]*\.ts|\/testing\/[^/]+\.ts)$/.test(path),
    lines: text.split("\n").length - 1,
    code,
    imports: importsOf(code),
  };
}

const sources = globSync(["{apps,packages}/*/**/*.{ts,tsx}", "bench/**/*.ts"], {
  cwd: ROOT,
  exclude: (name) => ["node_modules", "dist"].includes(name.split(sep).at(-1) ?? ""),
}).map((path) => readSource(path.split(sep).join("/")));

const shipped = sources.filter(({ isTest }) => !isTest);
const isConfiguration = ({ path }: Source) => /\.config\.ts$/.test(path);

/** The sentences about every import that is not as it should be. */
function offences(of: readonly Source[], judge: (source: Source, found: Import) => boolean): string[] {
  return of.flatMap((source) =>
    source.imports.filter((found) => judge(source, found)).map(({ from }) => `${source.path} imports ${from}`),
  );
}

/** The name of a package of ours, e.g. `tableau` for `@easel/tableau/address`; null for anything else. */
function ours(from: string): string | null {
  return /^@easel\/([^/]+)/.exec(from)?.[1] ?? null;
}

/** Where a relative import leads, relative to the checkout; null for a package. */
function target(source: Source, { from }: Import): string | null {
  return from.startsWith(".")
    ? normalize(join(dirname(source.path), from))
        .split(sep)
        .join("/")
    : null;
}

describe("reading imports", () => {
  test("finds every form, over several lines too, and none in comments or strings", () => {
    const code = withoutComments(`
      import a from "a";
      import type { B } from "b";
      import { c,
        type d } from 'c';
      export { e } from "e";
      export type { F } from "f";
      import "g";
      const h = await import("h");
      // import i from "i";
      /** import j from "j"; */
      const k = 'import l from "l"';
    `);
    const found = importsOf(code).map(({ from, typeOnly }) => (typeOnly ? `${from} (type)` : from));
    expect(found.sort()).toEqual(["a", "b (type)", "c", "e", "f (type)", "g", "h"]);
  });

  test("finds the sources", () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.some(({ imports }) => imports.some(({ from }) => ours(from) === "connector"))).toBe(true);
  });
});

describe("arrows", () => {
  test("a package imports only the packages that it may know", () => {
    const wrong = offences(sources, ({ part }, { from }) => {
      const [kind, name = ""] = part.split("/");
      const known = ours(from);
      if (kind !== "packages" || known === null || known === name) return false;
      return !(MAY_IMPORT[name] ?? []).includes(known);
    });
    expect(wrong).toEqual([]);
  });

  test("every package is in the table of arrows", () => {
    const packages = sources.map(({ part }) => part.split("/")).filter(([kind]) => kind === "packages");
    const unknown = new Set(packages.map(([, name = ""]) => name).filter((name) => !(name in MAY_IMPORT)));
    expect([...unknown]).toEqual([]);
  });

  test("nothing imports an app", () => {
    const apps = new Set(sources.map(({ part }) => part).filter((part) => part.startsWith("apps/")));
    expect(offences(sources, (_, { from }) => apps.has(`apps/${ours(from)}`))).toEqual([]);
  });

  test("another part is imported by its package's name, never by a path", () => {
    const wrong = offences(sources, (source, found) => {
      const path = target(source, found);
      return path !== null && !path.startsWith(`${source.part}/`);
    });
    expect(wrong).toEqual([]);
  });

  test("connect takes only types from api", () => {
    const connect = sources.filter(({ part }) => part === "packages/connect");
    expect(offences(connect, (_, { from, typeOnly }) => ours(from) === "api" && !typeOnly)).toEqual([]);
  });

  test("pure packages open no socket, no file and no process", () => {
    const pure = shipped.filter(({ part }) => PURE.some((name) => part === `packages/${name}`));
    expect(offences(pure, (_, { from }) => IMPURE.test(from))).toEqual([]);
  });

  test("a feature of the server never imports another feature's store", () => {
    const server = shipped.filter(({ part }) => part === "apps/server");
    const wrong = offences(server, (source, found) => {
      const path = target(source, found);
      return path?.endsWith("/store.ts") === true && dirname(path) !== dirname(source.path);
    });
    expect(wrong).toEqual([]);
  });
});

describe("habits", () => {
  const paths = (of: readonly Source[]) => of.map(({ path }) => path);

  test("the environment is read only where a process begins", () => {
    const readers = shipped.filter((source) => /\bprocess\.env\b/.test(source.code) && !isConfiguration(source));
    expect(paths(readers).filter((path) => !ENTRANCE.test(path))).toEqual([]);
  });

  test("the server's time comes in as a clock", () => {
    const server = shipped.filter(({ part }) => part === "apps/server");
    const readers = server.filter(({ code }) => /\bDate\.now\b|\bnew Date\(\s*\)/.test(code));
    // Where the server, or a command, is put together.
    expect(paths(readers).filter((path) => !/\/(main\.ts$|cli\.ts$|cli\/)/.test(path))).toEqual([]);
  });

  test("no file only passes on what others hold", () => {
    const barrels = sources.filter(({ path, code }) => /\/index\.tsx?$/.test(path) || /^\s*export \* from/m.test(code));
    expect(paths(barrels)).toEqual([]);
  });

  test("files are named for what they hold", () => {
    const vague = /\/(utils?|helpers?|common|misc|shared|manager|[^/]*-(utils?|helpers?|manager))(\/|\.tsx?$)/i;
    expect(paths(sources).filter((path) => vague.test(path))).toEqual([]);
  });

  test("only configurations have a default export", () => {
    const withDefault = sources.filter(({ code }) => /^\s*export (default\b|\{[^}]*\bas default\b)/m.test(code));
    expect(paths(withDefault.filter((source) => !isConfiguration(source)))).toEqual([]);
  });

  test(`no file has more than ${MOST_LINES} lines`, () => {
    const long = shipped.filter(({ lines }) => lines > MOST_LINES);
    expect(long.map(({ path, lines }) => `${path}: ${lines} lines`)).toEqual([]);
  });
});
