import { type LookupAddress, lookup as lookupAddresses } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { connectionError, EgressError } from "./failure.ts";
import type { Guard, Target } from "./guard.ts";

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface ConnectorOptions {
  readonly guard: Guard;
  readonly resolve: Resolve;
  /** For resolving, connecting and the TLS handshake together. */
  readonly timeoutMs: number;
}

/** With this many a family, and a second for each but the last, a connection is tried within the 5 seconds it has. */
const addressesPerFamily = 2;
const attemptTimeoutMs = 1000;

/**
 * Opens the connections to one origin. The name is resolved once for each connection, every address is judged, and
 * those that pass are what is dialled: there is no second lookup that could answer differently. Node dials them in
 * turn, families alternating (`autoSelectFamily`), and asks TLS for the name, not the address.
 */
export function createConnector(target: Target, options: ConnectorOptions): buildConnector.connector {
  const connect = buildConnector({
    lookup: guardedLookup(target, options),
    timeout: options.timeoutMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptTimeoutMs,
    // HTTP/1.1: bodies are passed on as they come, and its limits on connections are ours to set.
    allowH2: false,
    // Said, because NODE_TLS_REJECT_UNAUTHORIZED=0 would change the default. A company's own authority is trusted by
    // NODE_EXTRA_CA_CERTS.
    rejectUnauthorized: true,
  });
  // Everything from the target: undici derives `servername` from the request's Host header.
  const address = {
    hostname: target.host,
    protocol: target.secure ? "https:" : "http:",
    port: String(target.port),
    ...(target.secure && isIP(target.host) === 0 ? { servername: target.host.replace(/\.$/, "") } : {}),
  };
  // The returned socket is how undici cancels a connection that nobody waits for any more.
  return (_, callback) =>
    connect(address, (...outcome) => {
      const [error, socket] = outcome;
      if (error !== null) callback(connectionError(error, target), null);
      else callback(null, socket);
    });
}

/** Node calls it for names only: a literal address was judged when its origin was. */
function guardedLookup(target: Target, { guard, resolve }: ConnectorOptions): LookupFunction {
  return (_, options, callback) => {
    const answer = (found: readonly string[]) => {
      const allowed = found.filter((address) => guard.permits(target, address)).map(withFamily);
      const [first] = allowed;
      if (first === undefined) return callback(noAddress(target, found), []);
      if (options.all) callback(null, firstOfEachFamily(allowed));
      else callback(null, first.address, first.family);
    };
    resolve(target.host).then(answer, (error) => callback(error, []));
  };
}

/** In the resolver's order, which is the system's preference between the families. */
function firstOfEachFamily(addresses: readonly LookupAddress[]): LookupAddress[] {
  const few = [4, 6].flatMap((family) => {
    return addresses.filter((one) => one.family === family).slice(0, addressesPerFamily);
  });
  return addresses.filter((one) => few.includes(one));
}

function withFamily(address: string): LookupAddress {
  return { address, family: isIP(address) };
}

function noAddress(target: Target, found: readonly string[]): EgressError {
  return found.length === 0
    ? new EgressError("unknownHost", `${target.host} has no address.`)
    : new EgressError("forbidden", `${target.origin} leads to an address that Easel may not call.`);
}

/** The operating system's resolver, so that hosts files and search domains count. */
export const systemResolve: Resolve = (host) =>
  new Promise((resolve, reject) => {
    lookupAddresses(host, { all: true, order: "verbatim" }, (error, found) => {
      if (error === null) resolve(found.map((one) => one.address));
      else reject(error);
    });
  });
