import type { AddressInfo } from "node:net";
import type { FaultOrder } from "./control/fault-order.ts";
import { faultsSchema } from "./control/fault-schema.ts";
import type { Edition } from "./edition.ts";
import { loadSandboxKeys, makeKeys, type SandboxKeys } from "./keys.ts";
import { settleInTime } from "./rest/jobs/settle.ts";
import { usualGapsMs, usualTimeoutMs } from "./rest/webhooks/deliveries.ts";
import { createServer } from "./server.ts";
import { filesOf, openStateKeeper, readState } from "./state.ts";
import { createWorld, type World } from "./world.ts";

export { loadSandboxKeys, type SandboxKeys } from "./keys.ts";

export type SandboxOptions = {
  /** 0 takes a free one. */
  port: number;
  host: string;
  /** Where the secrets are kept; without it they are new each time and nowhere but in `keys`. */
  dataDirectory?: string;
  /** The time in ms, `Date.now` by default. The site's times are relative to it, sessions and jobs follow it. */
  clock?: () => number;
  /** Which Tableau it stands for; `cloud` by default. */
  edition?: Edition;
  /** What the site's content is made from: another seed, another site. `acme` by default. */
  seed?: string;
  /** How many times the usual amount of content, 1 to 100; 1 by default. */
  scale?: number;
  /**
   * The file that keeps what is on the sites over a restart, published files beside it in `FILE.files`. Its edition, seed
   * and scale are those it was made with.
   */
  stateFile?: string;
  /** Whether multi-factor authentication is on: then no password signs in to Tableau Cloud. Off by default. */
  mfa?: boolean;
  /** Whether personal access tokens are switched off, as on a site that does not let people have them. */
  tokensOff?: boolean;
  /** Faults that are in force from the start; `POST /__sandbox/faults` changes them. */
  faults?: FaultOrder;
  /** How webhooks are delivered, in ms: between one try and the next, and how long a receiver may take. */
  webhooks?: { gapsMs?: readonly number[]; timeoutMs?: number };
};

export type Sandbox = {
  /** E.g. `http://127.0.0.1:4610`. */
  url: string;
  /** What the command line prints: where the sandbox is and how to sign in. */
  keys: { url: string } & SandboxKeys;
  /** Ends it, open connections included. */
  close: () => Promise<void>;
};

/**
 * Starts a stand-in Tableau site. Rejects with the server's error (`EADDRINUSE`, …) when it can't listen.
 *
 * @example
 * const sandbox = await startSandbox({ port: 0, host: "127.0.0.1" });
 * await fetch(`${sandbox.url}/api/3.27/serverinfo`);
 * await sandbox.close();
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, host, dataDirectory, stateFile } = options;
  const keys = dataDirectory === undefined ? makeKeys() : await loadSandboxKeys(dataDirectory);
  const world = await openWorld(keys, options);
  world.faults.apply(faultsSchema.parse(options.faults ?? {}));
  const app = createServer(world);
  const keeper = stateFile === undefined ? undefined : openStateKeeper(stateFile, world);
  app.addHook("onResponse", async ({ method }) => {
    if (method !== "GET" && method !== "HEAD") keeper?.changed();
  });
  const end = async (): Promise<void> => {
    world.deliveries.close();
    await app.close();
    await world.files.close();
  };
  try {
    await keeper?.begin();
    if (keeper !== undefined) await world.files.keepOnly(filesOf(world));
    await app.listen({ port, host });
  } catch (error) {
    await end();
    throw error;
  }
  const jobs = settleInTime(world);
  const url = urlOf(app.server.address(), host);
  const close = async (): Promise<void> => {
    jobs.stop();
    await end();
    await keeper?.close();
  };
  return { url, keys: { url, ...keysFor(world) }, close };
}

async function openWorld(keys: SandboxKeys, options: SandboxOptions): Promise<World> {
  const { clock = Date.now, stateFile, mfa, tokensOff } = options;
  const state = stateFile === undefined ? undefined : await readState(stateFile);
  const { edition = "cloud", seed = "acme", scale = 1 } = state ?? options;
  for (const key of ["edition", "seed", "scale"] as const) {
    if (state === undefined || options[key] === undefined || options[key] === state[key]) continue;
    throw new Error(`${stateFile} holds a site with the ${key} ${state[key]}, not ${options[key]}. Name another file.`);
  }
  if (!Number.isInteger(scale) || scale < 1 || scale > 100)
    throw new RangeError("The scale is a whole number from 1 to 100.");
  const webhooks = { gapsMs: usualGapsMs, timeoutMs: usualTimeoutMs, ...options.webhooks };
  const filesDirectory = stateFile === undefined ? undefined : `${stateFile}.files`;
  return createWorld(keys, { edition, seed, scale, clock, webhooks, filesDirectory, state, mfa, tokensOff });
}

/** The keys as they are printed, with the roles that the people have. */
function keysFor({ keys, sites }: World): SandboxKeys {
  const site = sites.find(({ contentUrl }) => contentUrl === keys.site.contentUrl);
  const users = Array.from(site?.users.values() ?? []);
  const roleOf = (name: string): string | undefined => users.find((user) => user.name === name)?.siteRole;
  return { ...keys, users: keys.users.map((user) => ({ ...user, role: roleOf(user.name) ?? user.role })) };
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  if (address === null || typeof address === "string") throw new Error("The sandbox does not listen on a port.");
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}
