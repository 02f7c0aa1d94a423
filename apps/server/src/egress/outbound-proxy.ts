import { isIP, type Socket } from "node:net";
import ipaddr from "ipaddr.js";
import { type buildConnector, Pool } from "undici";
import { isLoopback, parseAddress, withoutMapping } from "./address.ts";
import { EgressError } from "./failure.ts";
import type { Target } from "./guard.ts";

/** The proxy that the operator's network has for everything that goes out. */
export interface OutboundProxy {
  /** Whether this target is reached through it. */
  covers(target: Target): boolean;
  /** A connection to the target, which the proxy made (CONNECT; RFC 9110, 9.3.6). Throws an `EgressError`. */
  open(target: Target): Promise<Socket>;
  close(): Promise<void>;
}

/** `EASEL_EGRESS_PROXY` or `EASEL_EGRESS_NO_PROXY` cannot be read. Its message never repeats the proxy's password. */
export class OutboundProxyError extends Error {
  override readonly name = "OutboundProxyError";
}

/** What of the configuration it is made from. */
export interface OutboundProxySettings {
  /** http or https; a name and password in it are for the proxy. */
  readonly url: string;
  /** Comma-separated: `host`, `.suffix`, address or CIDR. */
  readonly except: string;
}

export function createOutboundProxy(
  { url: text, except }: OutboundProxySettings,
  options: { connect: buildConnector.connector; timeoutMs: number },
): OutboundProxy {
  const url = readProxyUrl(text);
  const isExcepted = readExceptions(except);
  const pool = new Pool(url.origin, { connect: options.connect });
  const authorization = authorizationOf(url);
  return {
    // Loopback is this machine, of which the proxy knows nothing.
    covers: ({ host }) => {
      const address = parseAddress(host);
      return !(address === null ? /(^|\.)localhost\.?$/.test(host) : isLoopback(address)) && !isExcepted(host);
    },
    open: async ({ host, port, origin }) => {
      const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
      const { statusCode, socket } = await pool.connect({
        path: authority,
        headers: { host: authority, ...authorization },
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      if (statusCode === 200) return socket as Socket;
      socket.on("error", () => {}).destroy();
      throw new EgressError("refused", `The outbound proxy answered ${statusCode} for ${origin}.`);
    },
    close: () => pool.destroy(),
  };
}

/** Name, port, and whether TLS is spoken, of the proxy itself. */
export function proxyTarget(text: string): Target {
  const { origin, protocol, hostname, port } = readProxyUrl(text);
  const secure = protocol === "https:";
  return { origin, secure, host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || (secure ? 443 : 80) };
}

function readProxyUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search + url.hash !== "")
    throw new OutboundProxyError(
      "EASEL_EGRESS_PROXY is not a proxy's address, such as http://proxy.corp.example:3128.",
    );
  return url;
}

function authorizationOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

function readExceptions(text: string): (host: string) => boolean {
  const tests = text
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "")
    .map(readException);
  return (host) => tests.some((test) => test(host.replace(/\.$/, "")));
}

function readException(entry: string): (host: string) => boolean {
  const range = entry.includes("/") ? readRange(entry) : null;
  if (range !== null) {
    return (host) => {
      const address = parseAddress(host);
      const plain = address === null ? null : withoutMapping(address);
      return plain !== null && plain.kind() === range[0].kind() && plain.match(range);
    };
  }
  const bare = entry.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(bare) && isIP(bare) !== 0) {
    const address = ipaddr.process(bare).toString();
    return (host) => isIP(host) !== 0 && ipaddr.process(host).toString() === address;
  }
  if (!/^\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/.test(entry))
    throw new OutboundProxyError(`EASEL_EGRESS_NO_PROXY: "${entry}" is not a host, .suffix, address or CIDR.`);
  const name = entry.replace(/\.$/, "");
  return name.startsWith(".") ? (host) => host.endsWith(name) : (host) => host === name;
}

function readRange(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(entry) && !ipaddr.IPv6.isValidCIDR(entry))
    throw new OutboundProxyError(`EASEL_EGRESS_NO_PROXY: "${entry}" is not a host, .suffix, address or CIDR.`);
  return ipaddr.parseCIDR(entry);
}
