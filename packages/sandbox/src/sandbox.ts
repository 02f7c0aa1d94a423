import type { AddressInfo } from "node:net";
import { loadSandboxKeys, makeKeys, type SandboxKeys } from "./keys.ts";
import { settleInTime } from "./rest/jobs/settle.ts";
import { usualGapsMs, usualTimeoutMs } from "./rest/webhooks/deliveries.ts";
import { createServer } from "./server.ts";
import { createWorld, type Edition } from "./world.ts";

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
  const { port, host, dataDirectory, clock = Date.now, edition = "cloud", seed = "acme", scale = 1 } = options;
  const keys = dataDirectory === undefined ? makeKeys() : await loadSandboxKeys(dataDirectory);
  const webhooks = { gapsMs: usualGapsMs, timeoutMs: usualTimeoutMs, ...options.webhooks };
  const world = createWorld(keys, { edition, seed, scale, clock, webhooks });
  const app = createServer(world);
  await app.listen({ port, host });
  const jobs = settleInTime(world);
  const url = urlOf(app.server.address(), host);
  const close = async (): Promise<void> => {
    jobs.stop();
    world.deliveries.close();
    await app.close();
    await world.files.close();
  };
  return { url, keys: { url, ...keys }, close };
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  if (address === null || typeof address === "string") throw new Error("The sandbox does not listen on a port.");
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}
