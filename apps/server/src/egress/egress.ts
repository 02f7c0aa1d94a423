import type { Send } from "@easel/connector";
import { type Dispatcher, Pool } from "undici";
import type { EgressAllowance } from "./allowance.ts";
import { type TrustIn, usualTrust } from "./authorities.ts";
import { connectTo, createConnector, type Resolve, systemResolve } from "./connector.ts";
import { createGuard, type Verdict } from "./guard.ts";
import { createOutboundProxy, type OutboundProxy, type OutboundProxySettings, proxyTarget } from "./outbound-proxy.ts";
import { createPools, type PoolCounts } from "./pools.ts";
import { createSend } from "./send.ts";

/**
 * The only way out of Easel: addresses are typed by people, and must not lead into the network that Easel runs in.
 * Proxy variables of the environment are not looked at, but for Easel's own.
 */
export interface Egress {
  /**
   * For the proxy: streams, keeps connections, one pool an origin. Follows no redirect. Failures come as errors, which
   * `unreachableReason` reads. It is ended by `close` of the egress, not by its own.
   */
  readonly dispatcher: Dispatcher;
  /** For the small requests of a connector; a deadline in milliseconds for the whole of each. */
  send(deadlineMs: number): Send;
  /** Whether a URL may be called at all, as far as can be said before its name is resolved. */
  check(url: string): Verdict;
  /** What is open and under way now. */
  counts(): PoolCounts;
  /** Ends every connection at once; what is under way fails as cut. */
  close(): Promise<void>;
}

export interface EgressOptions {
  /** From `parseEgressAllow`. */
  readonly allow: readonly EgressAllowance[];
  /** For resolving, connecting and the TLS handshake together; 5 seconds. */
  readonly connectTimeoutMs?: number;
  /** From the request's last byte to the answer's head; 300 seconds: Tableau renders a cold view within the request. */
  readonly firstByteTimeoutMs?: number | undefined;
  /** Between two pieces of an answer; 300 seconds. */
  readonly bodyIdleTimeoutMs?: number | undefined;
  /** The operating system's resolver, where tests do not put theirs. */
  readonly resolve?: Resolve;
  /** Which certificates are taken; those of authorities that Node.js knows. */
  readonly trustIn?: TrustIn;
  /** What everything but loopback goes through. */
  readonly proxy?: OutboundProxySettings | null;
  /** Sees every request before its origin is judged, and its answer. */
  readonly intercept?: Dispatcher.DispatcherComposeInterceptor | undefined;
}

const maxOrigins = 2048;
/** More than calls may have under way at one server (limits/server-gate.ts), so that sign-ins always find one. */
const maxConnectionsPerOrigin = 1280;
const maxQueuedPerOrigin = 1024;
/**
 * A server that closes an idle connection first takes the next request with it, so its own `Keep-Alive: timeout` is
 * heeded, up to a minute. inferred: servers that say nothing keep it for 20 s (Tomcat) or more.
 */
const keepAliveMs = 15_000;
const maxKeepAliveMs = 60_000;
/** A connection that is always busy is still renewed, so that a change in DNS is followed. */
const connectionLifetimeMs = 600_000;

export function createEgress(options: EgressOptions): Egress {
  const guard = createGuard(options.allow);
  const timeoutMs = options.connectTimeoutMs ?? 5000;
  const trustIn = options.trustIn ?? usualTrust;
  const proxy = options.proxy == null ? null : proxyOf(options.proxy, trustIn, timeoutMs);
  const connecting = { guard, resolve: options.resolve ?? systemResolve, trustIn, proxy, timeoutMs };
  const pools = createPools({
    guard,
    maxOrigins,
    maxQueued: maxQueuedPerOrigin,
    lifetimeMs: connectionLifetimeMs,
    open: (target) =>
      new Pool(target.origin, {
        connect: createConnector(target, connecting),
        connections: maxConnectionsPerOrigin,
        headersTimeout: options.firstByteTimeoutMs ?? 300_000,
        bodyTimeout: options.bodyIdleTimeoutMs ?? 300_000,
        keepAliveTimeout: keepAliveMs,
        keepAliveMaxTimeout: maxKeepAliveMs,
        allowH2: false,
      }),
  });
  const dispatcher = options.intercept === undefined ? pools.dispatcher : pools.dispatcher.compose(options.intercept);
  return {
    dispatcher,
    send: (deadlineMs) => createSend({ guard, dispatcher, deadlineMs }),
    check(url) {
      const verdict = guard.judge(url);
      return verdict.kind === "allowed" ? { kind: "allowed" } : verdict;
    },
    counts: pools.counts,
    close: async () => {
      await Promise.all([pools.destroy(), proxy?.close()]);
    },
  };
}

/** Its address is the operator's, and is not judged. */
function proxyOf(settings: OutboundProxySettings, trustIn: TrustIn, timeoutMs: number): OutboundProxy {
  const target = proxyTarget(settings.url);
  const connect = connectTo(target, trustIn(target), { timeout: timeoutMs });
  return createOutboundProxy(settings, { connect: (_, callback) => connect(undefined, callback), timeoutMs });
}
