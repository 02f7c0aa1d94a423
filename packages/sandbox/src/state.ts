import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import * as z from "zod";
import type { Credentials } from "./auth/credentials.ts";
import type { Edition } from "./edition.ts";
import type { StoredFile } from "./files/store.ts";
import type { IdentityPools } from "./identity-pools/model.ts";
import type { Domain } from "./rest/server/domains.ts";
import type { ServerExtensions } from "./rest/sites/extensions.ts";
import type { Site } from "./site/site.ts";
import type { World } from "./world.ts";

/** Changes whenever a sandbox could no longer work with what an earlier one kept. */
const version = 2;

const format = "easel-sandbox state";

/** All that a sandbox remembers over a restart: plain data, no functions and no classes. Sessions it forgets. */
export type State = {
  edition: Edition;
  seed: string;
  scale: number;
  /** How far the clock was moved: jobs and tokens have times of it. */
  clockAheadMs: number;
  sites: Site[];
  credentials: Credentials;
  domains: Map<string, Domain>;
  extensions: ServerExtensions;
  identityPools: IdentityPools;
};

/** Waits so long after a change for more of them before it writes, in ms. */
const quiet = 500;

/** Writing may take this part of the time at most: after a write it rests so many times as long. */
const restFactor = 10;

/** Only the envelope is checked: what is in it was written by this program, of this version. */
const keptSchema = z.object({
  format: z.literal(format),
  version: z.number(),
  state: z.custom<State>((value) => typeof value === "object" && value !== null && "sites" in value),
});

/** What a sandbox kept in this file; undefined when there is no such file yet. Rejects with a sentence for people. */
export async function readState(file: string): Promise<State | undefined> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const kept = keptSchema.safeParse(parse(bytes));
  if (!kept.success) throw new Error(`${file} does not hold the state of a sandbox. Name another file, or delete it.`);
  if (kept.data.version !== version) {
    throw new Error(`${file} was written by another version of the sandbox. Delete it to begin with a new site.`);
  }
  return kept.data.state;
}

function parse(bytes: Buffer): unknown {
  try {
    return deserialize(bytes);
  } catch {
    return undefined;
  }
}

export type StateKeeper = ReturnType<typeof openStateKeeper>;

/** Writes a world's state into a file: soon after it changed, never all the time, and when it is closed. */
export function openStateKeeper(file: string, world: World) {
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let restUntil = 0;

  /** Appears whole or not at all. */
  async function write(): Promise<void> {
    const began = performance.now();
    const draft = `${file}.${process.pid}.draft`;
    try {
      await writeFile(draft, serialize({ format, version, state: stateOf(world) }), { mode: 0o600 });
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
    }
    const ended = performance.now();
    restUntil = ended + restFactor * (ended - began);
  }

  function writeSoon(): void {
    timer = undefined;
    writing = writing.then(write).catch((error: unknown) => {
      console.error(`The state could not be written to ${file}:`, error);
    });
  }

  return {
    /** Writes at once, so that a place where that is not possible is known from the start. */
    async begin(): Promise<void> {
      await write().catch((error: Error) => {
        throw new Error(`The state can't be kept in ${file}: ${error.message}.`);
      });
    },
    /** Something may have changed. */
    changed(): void {
      if (timer !== undefined) return;
      timer = setTimeout(writeSoon, Math.max(quiet, restUntil - performance.now()));
      timer.unref();
    },
    /** Writes for the last time: what follows from the clock changes with no call. Rejects when it can't. */
    async close(): Promise<void> {
      clearTimeout(timer);
      await writing;
      await write();
    },
  };
}

/** The files that a state knows of: what was published, and what jobs are still to publish. */
export function filesOf({ sites }: Pick<State, "sites">): StoredFile[] {
  return sites.flatMap(({ workbooks, datasources, flows, openJobs }) => {
    const items = [...workbooks.values(), ...datasources.values(), ...flows.values()];
    const published = items.flatMap(({ revisions }) => revisions.flatMap(({ file }) => file ?? []));
    const drafts = [...openJobs].flatMap(({ onEnd }) =>
      onEnd !== undefined && "draft" in onEnd ? onEnd.draft.file : [],
    );
    return [...published, ...drafts];
  });
}

function stateOf({
  edition,
  seed,
  scale,
  sites,
  credentials,
  domains,
  extensions,
  identityPools,
  faults,
}: World): State {
  const { clockAheadMs } = faults.active();
  return { edition, seed, scale, clockAheadMs, sites, credentials, domains, extensions, identityPools };
}
