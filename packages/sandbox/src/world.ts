import { jwtVerifier } from "./auth/jwt.ts";
import { openSessions, type Sessions } from "./auth/sessions.ts";
import { type Faults, openFaults } from "./control/faults.ts";
import { openStats, type Stats } from "./control/stats.ts";
import type { SandboxKeys } from "./keys.ts";
import { generateSites } from "./site/generate.ts";
import type { Site } from "./site/model.ts";
import { openUploads, type Uploads } from "./site/uploads.ts";

/** Everything that one sandbox is; all of it is in memory. */
export type World = {
  sites: readonly Site[];
  keys: SandboxKeys;
  sessions: Sessions;
  verifyJwt: ReturnType<typeof jwtVerifier>;
  uploads: Uploads;
  faults: Faults;
  stats: Stats;
  /** The sandbox's clock, in ms: the given one, plus what `advanceClockMs` added. */
  clock: () => number;
};

export function createWorld(keys: SandboxKeys, clock: () => number): World {
  const faults = openFaults();
  const movedClock = (): number => clock() + faults.active().clockAheadMs;
  return {
    sites: generateSites(clock()),
    keys,
    sessions: openSessions(movedClock),
    // JWTs are made by clients, by their own clocks: moving the sandbox's must not make them all expire.
    verifyJwt: jwtVerifier(clock),
    uploads: openUploads(),
    faults,
    stats: openStats(),
    clock: movedClock,
  };
}
