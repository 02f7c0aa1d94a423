import { jwtVerifier } from "./auth/jwt.ts";
import { openSessions, type Sessions } from "./auth/sessions.ts";
import { type Calls, openCalls } from "./control/calls.ts";
import { type Faults, openFaults } from "./control/faults.ts";
import { openStats, type Stats } from "./control/stats.ts";
import { type FileStore, openFileStore } from "./files/store.ts";
import type { SandboxKeys } from "./keys.ts";
import { openUploads, type Uploads } from "./rest/uploads/uploads.ts";
import { type Deliveries, openDeliveries } from "./rest/webhooks/deliveries.ts";
import { type Events, openEvents } from "./site/events.ts";
import { generateSites } from "./site/generate.ts";
import type { Site } from "./site/site.ts";

/** Which Tableau it stands for: their routes and their sign-in rules differ. */
export type Edition = "cloud" | "server";

export type WorldOptions = {
  edition: Edition;
  seed: string;
  scale: number;
  clock: () => number;
  webhooks: { gapsMs: readonly number[]; timeoutMs: number };
  /** Where published files are kept; without it they are in a temporary directory until the sandbox is closed. */
  filesDirectory?: string | undefined;
};

/** Everything that one sandbox is; all of it is in memory. */
export type World = {
  edition: Edition;
  sites: readonly Site[];
  /** What happens on the sites, for whoever listens. */
  events: Events;
  /** What is sent to webhooks. */
  deliveries: Deliveries;
  keys: SandboxKeys;
  sessions: Sessions;
  verifyJwt: ReturnType<typeof jwtVerifier>;
  /** What clients publish and upload, on disk. */
  files: FileStore;
  uploads: Uploads;
  faults: Faults;
  stats: Stats;
  calls: Calls;
  /** The sandbox's clock, in ms: the given one, plus what `advanceClockMs` added. */
  clock: () => number;
};

export function createWorld(keys: SandboxKeys, options: WorldOptions): World {
  const { edition, seed, scale, clock, filesDirectory } = options;
  const faults = openFaults();
  const files = openFileStore(filesDirectory);
  const movedClock = (): number => clock() + faults.active().clockAheadMs;
  const events = openEvents();
  const deliveries = openDeliveries({ ...options.webhooks, clock: movedClock, isDuplicated: () => false });
  events.listen(deliveries.take);
  return {
    edition,
    sites: generateSites({ now: clock(), seed, scale }),
    events,
    deliveries,
    keys,
    sessions: openSessions(movedClock),
    // JWTs are made by clients, by their own clocks: moving the sandbox's must not make them all expire.
    verifyJwt: jwtVerifier(clock),
    files,
    uploads: openUploads(files, movedClock),
    faults,
    stats: openStats(),
    calls: openCalls(),
    clock: movedClock,
  };
}
