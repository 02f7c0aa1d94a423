import { type LookupAddress, lookup as lookupAddresses } from "node:dns";
import { isIP, type LookupFunction, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { buildConnector } from "undici";
import type { ServerTrust, TrustIn } from "./authorities.ts";
import { connectionError, EgressError } from "./failure.ts";
import type { Guard, Target } from "./guard.ts";
import type { OutboundProxy } from "./outbound-proxy.ts";

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface ConnectorOptions {
  readonly guard: Guard;
  readonly resolve: Resolve;
  readonly trustIn: TrustIn;
  /** Null: everything is dialled directly. */
  readonly proxy: OutboundProxy | null;
  /** For resolving, connecting and the TLS handshake together. */
  readonly timeoutMs: number;
}

/** With this many a family, and a second for each but the last, a connection is tried within the 5 seconds it has. */
const addressesPerFamily = 2;
const attemptTimeoutMs = 1000;
/** A network that has a proxy may resolve no names of the outside, and take its time to say so. */
const glanceMs = 1000;

/**
 * Opens the connections to one origin. The name is resolved once for each connection, every address is judged, and
 * those that pass are what is dialled: there is no second lookup that could answer differently. Node dials them in
 * turn, families alternating (`autoSelectFamily`), and asks TLS for the name, not the address.
 *
 * Through a proxy the name is the proxy's to resolve. What it resolves to here is judged all the same.
 */
export function createConnector(target: Target, options: ConnectorOptions): buildConnector.connector {
  const { proxy, trustIn, timeoutMs } = options;
  const connect = connectTo(target, trustIn(target), { timeout: timeoutMs, lookup: guardedLookup(target, options) });
  const throughProxy = proxy?.covers(target) === true ? proxy : null;
  return (_, callback) => {
    const settle: buildConnector.Callback = (...outcome) => {
      const [error, socket] = outcome;
      if (error !== null) callback(connectionError(error, target), null);
      else callback(null, socket);
    };
    // The returned socket is how undici cancels a connection that nobody waits for any more.
    if (throughProxy === null) return connect(undefined, settle);
    glance(target, options)
      .then(() => throughProxy.open(target))
      .then(
        (tunnel) => void (target.secure ? connect(tunnel, settle) : settle(null, tunnel)),
        (error) => settle(error, null),
      );
  };
}

/** Connects to a target, over a tunnel that leads there if there is one, and looks at its certificate. */
export function connectTo(
  target: Target,
  trust: ServerTrust,
  options: { readonly timeout: number; readonly lookup?: LookupFunction },
): (tunnel: Socket | undefined, callback: buildConnector.Callback) => void {
  const connect = buildConnector({
    ...options,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptTimeoutMs,
    // HTTP/1.1: bodies are passed on as they come, and its limits on connections are ours to set.
    allowH2: false,
    ...tlsOptions(trust),
  });
  // Everything from the target: undici derives `servername` from the request's Host header.
  const address = {
    hostname: target.host,
    protocol: target.secure ? "https:" : "http:",
    port: String(target.port),
    ...(target.secure && isIP(target.host) === 0 ? { servername: target.host.replace(/\.$/, "") } : {}),
  };
  return (tunnel, callback) =>
    connect({ ...address, ...(tunnel === undefined ? {} : { httpSocket: tunnel }) }, (...outcome) => {
      const [error, socket] = outcome;
      if (error !== null || isTrusted(socket, trust)) return callback(...outcome);
      socket.destroy();
      callback(new EgressError("tls", `The certificate of ${target.origin} is not the one that is pinned.`), null);
    });
}

/** `rejectUnauthorized` is said, because NODE_TLS_REJECT_UNAUTHORIZED=0 would change the default. */
function tlsOptions(trust: ServerTrust) {
  // A resumed session shows no certificate that could be compared.
  if (trust.kind === "pinned") return { rejectUnauthorized: false, maxCachedSessions: 0 };
  return { rejectUnauthorized: true, ...(trust.context === undefined ? {} : { secureContext: trust.context }) };
}

/** Nothing has been sent yet when this is asked. */
function isTrusted(socket: Socket, trust: ServerTrust): boolean {
  if (trust.kind === "authorities" || !(socket instanceof TLSSocket)) return true;
  return trust.fingerprints.has(socket.getPeerX509Certificate()?.fingerprint256 ?? "");
}

/** Throws where the name leads, as far as is known here, to what Easel may not call. */
async function glance(target: Target, { guard, resolve }: ConnectorOptions): Promise<void> {
  // A literal address was judged when its origin was.
  if (isIP(target.host) !== 0) return;
  const unknown: readonly string[] = [];
  const late = new Promise<readonly string[]>((done) => void setTimeout(done, glanceMs, unknown).unref());
  const found = await Promise.race([resolve(target.host).catch(() => unknown), late]);
  if (!found.every((address) => guard.permits(target, address))) throw noAddress(target, found);
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
