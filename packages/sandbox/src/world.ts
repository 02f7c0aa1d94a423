import { type Credentials, emptyCredentials, handOut } from "./auth/credentials.ts";
import { type IssuerKeys, openIssuerKeys } from "./auth/issuer-keys.ts";
import { openReplays, type Replays } from "./auth/replays.ts";
import { openSessions, type Sessions, sessionLimits } from "./auth/sessions.ts";
import { type Calls, openCalls } from "./control/calls.ts";
import { type Faults, openFaults } from "./control/faults.ts";
import { openStats, type Stats } from "./control/stats.ts";
import type { Edition } from "./edition.ts";
import { type FileStore, openFileStore } from "./files/store.ts";
import { type IdentityPools, usualIdentityPools } from "./identity-pools/model.ts";
import type { SandboxKeys } from "./keys.ts";
import { openPictures, type Pictures } from "./pictures/pictures.ts";
import type { Domain } from "./rest/server/domains.ts";
import type { ServerExtensions } from "./rest/sites/extensions.ts";
import { forgetDeleted } from "./rest/tasks/forget.ts";
import { openUploads, type Uploads } from "./rest/uploads/uploads.ts";
import { type Deliveries, openDeliveries } from "./rest/webhooks/deliveries.ts";
import { type Events, openEvents } from "./site/events.ts";
import { generateSites } from "./site/generate.ts";
import { luidOf } from "./site/random.ts";
import type { Site } from "./site/site.ts";
import type { State } from "./state.ts";

export type WorldOptions = {
  edition: Edition;
  seed: string;
  scale: number;
  clock: () => number;
  webhooks: { gapsMs: readonly number[]; timeoutMs: number };
  /** Where published files are kept; without it they are in a temporary directory until the sandbox is closed. */
  filesDirectory?: string | undefined;
  /** What an earlier sandbox left; without it everything is made anew. */
  state?: State | undefined;
  /** Whether multi-factor authentication is on: then no password signs in to Tableau Cloud. */
  mfa?: boolean | undefined;
  /** Whether personal access tokens are switched off. */
  tokensOff?: boolean | undefined;
};

/** Everything that one sandbox is; all of it is in memory. */
export type World = {
  edition: Edition;
  seed: string;
  scale: number;
  /** On Tableau Server more can be made. */
  sites: Site[];
  /** What happens on the sites, for whoever listens. */
  events: Events;
  /** What is sent to webhooks. */
  deliveries: Deliveries;
  keys: SandboxKeys;
  /** The directory domains of a Tableau Server, by id. */
  domains: Map<string, Domain>;
  /** Which extensions run on a Tableau Server. */
  extensions: ServerExtensions;
  identityPools: IdentityPools;
  /** How people prove who they are. */
  credentials: Credentials;
  sessions: Sessions;
  issuerKeys: IssuerKeys;
  replays: Replays;
  /** What clients publish and upload, on disk. */
  files: FileStore;
  uploads: Uploads;
  /** What views look like, drawn when it is asked for. */
  pictures: Pictures;
  faults: Faults;
  stats: Stats;
  calls: Calls;
  /** The sandbox's clock, in ms: the given one, plus what `advanceClockMs` added. */
  clock: () => number;
  /** JWTs are made by clients, by their own clocks: moving the sandbox's must not make them all expire. In ms. */
  jwtClock: () => number;
};

export function createWorld(keys: SandboxKeys, options: WorldOptions): World {
  const { edition, seed, scale, clock, filesDirectory, state, mfa = false, tokensOff = false } = options;
  const faults = openFaults({ clockAheadMs: state?.clockAheadMs ?? 0, mfa, tokensOff });
  const files = openFileStore(filesDirectory);
  const movedClock = (): number => clock() + faults.active().clockAheadMs;
  const events = openEvents();
  const deliveries = openDeliveries({
    ...options.webhooks,
    clock: movedClock,
    isDuplicated: () => faults.active().duplicateDeliveries,
  });
  events.listen(deliveries.take);
  events.listen(forgetDeleted);
  const sites = state?.sites ?? generateSites({ now: clock(), seed, scale, edition });
  const credentials = state?.credentials ?? emptyCredentials(luidOf("tenant", seed));
  handOut(credentials, keys, sites, movedClock());
  return {
    edition,
    seed,
    scale,
    sites,
    events,
    deliveries,
    keys,
    extensions: state?.extensions ?? { isEnabled: true, blockList: [], areAnalyticsOn: true },
    identityPools: state?.identityPools ?? usualIdentityPools(clock()),
    domains: state?.domains ?? new Map([["1", { id: "1", name: "local", shortName: "local" }]]),
    credentials,
    sessions: openSessions(movedClock, sessionLimits[edition]),
    issuerKeys: openIssuerKeys(clock),
    replays: openReplays(),
    files,
    uploads: openUploads(files, movedClock),
    pictures: openPictures(movedClock),
    faults,
    stats: openStats(),
    calls: openCalls(),
    clock: movedClock,
    jwtClock: clock,
  };
}
