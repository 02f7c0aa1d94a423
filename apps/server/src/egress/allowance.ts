import { isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { type Address, withoutMapping } from "./address.ts";

/**
 * An exception to the guard's rules: where it matches, other ports than 443 and private addresses are allowed too, and
 * http where `http` says so: secrets would travel in the clear, so a whole range never does.
 *
 * `host` matches the host of a URL, whatever it resolves to (but see `isFitForAllowedName`). `range` matches the
 * address that is dialled, whatever name led there. A `port` of null is any port.
 */
export type EgressAllowance =
  | { readonly kind: "host"; readonly host: string; readonly port: number | null; readonly http: boolean }
  | { readonly kind: "range"; readonly range: [Address, number]; readonly port: number | null; readonly http: boolean };

/** `EASEL_EGRESS_ALLOW` cannot be read. */
export class EgressAllowError extends Error {
  override readonly name = "EgressAllowError";
  readonly code = "egress_allow_invalid";
  readonly entry: string;
  constructor(entry: string) {
    super(
      `EASEL_EGRESS_ALLOW: "${entry}" is not a host, host:port, CIDR or http://host:port, e.g. 127.0.0.1:9101 or 10.0.0.0/8.`,
    );
    this.entry = entry;
  }
}

/**
 * Reads `EASEL_EGRESS_ALLOW`: comma-separated `host`, `host:port` or CIDR; IPv6 with a port in brackets. `http://` before a
 * host allows http at it, by the port that it names or 80; loopback needs no such leave.
 * `localhost` stands for 127.0.0.1 and ::1 as well, so that `localhost:4610` and `127.0.0.1:4610` both let
 * http://localhost:4610 and http://127.0.0.1:4610 through.
 *
 * @example parseEgressAllow("127.0.0.1:9101, tableau.corp.example, 10.0.0.0/8, [fd00::1]:8443, http://old.corp.example")
 * @throws {EgressAllowError} with the first entry that is none of these
 */
export function parseEgressAllow(text: string): readonly EgressAllowance[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .flatMap((entry) => parseEntry(entry) ?? refuse(entry));
}

function refuse(entry: string): never {
  throw new EgressAllowError(entry);
}

function parseEntry(entry: string): readonly EgressAllowance[] | null {
  const [, scheme, rest = ""] = /^(https?):\/\/(.*?)\/?$/i.exec(entry) ?? [];
  if (scheme !== undefined) return parsePlace(rest, scheme.toLowerCase() === "http" ? 80 : 443, scheme.length === 4);
  if (entry.includes("/")) return parseCidr(entry);
  if (isIPv6(entry)) return parseHost(`[${entry}]`, { port: null, http: false });
  return parsePlace(entry, null, false);
}

function parsePlace(text: string, usualPort: number | null, http: boolean): readonly EgressAllowance[] | null {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?$/i.exec(text) ?? [];
  if (host === undefined || !isPort(port)) return null;
  return parseHost(host, { port: port === undefined ? usualPort : Number(port), http });
}

function isPort(text: string | undefined): boolean {
  return text === undefined || (Number(text) >= 1 && Number(text) <= 65_535);
}

function parseCidr(entry: string): readonly EgressAllowance[] | null {
  const known = ipaddr.IPv4.isValidCIDRFourPartDecimal(entry) || ipaddr.IPv6.isValidCIDR(entry);
  return known && !entry.includes("%")
    ? [{ kind: "range", range: ipaddr.parseCIDR(entry), port: null, http: false }]
    : null;
}

/** Through the URL parser, so that an entry is spelled as the hosts that it is compared with. */
function parseHost(text: string, how: Pick<EgressAllowance, "port" | "http">): readonly EgressAllowance[] | null {
  const hostname = URL.parse(`http://${text}/`)?.hostname;
  if (hostname === undefined) return null;
  const bare = hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(bare)) return [singleAddress(bare, how)];
  const host = withoutFinalDot(hostname);
  if (host === "") return null;
  const named: EgressAllowance = { kind: "host", host, ...how };
  return host === "localhost" ? [named, singleAddress("127.0.0.1", how), singleAddress("::1", how)] : [named];
}

function singleAddress(text: string, how: Pick<EgressAllowance, "port" | "http">): EgressAllowance {
  const address = ipaddr.process(text);
  return { kind: "range", range: [address, address.kind() === "ipv4" ? 32 : 128], ...how };
}

/** `tableau.example.` and `tableau.example` are one name. */
function withoutFinalDot(host: string): string {
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

export function allowsHost(allowance: EgressAllowance, host: string, port: number): boolean {
  return allowance.kind === "host" && allowance.host === withoutFinalDot(host) && coversPort(allowance, port);
}

export function allowsAddress(allowance: EgressAllowance, address: Address, port: number): boolean {
  if (allowance.kind !== "range" || !coversPort(allowance, port)) return false;
  const [network] = allowance.range;
  return [address, withoutMapping(address)].some(
    (form) => form.kind() === network.kind() && form.match(allowance.range),
  );
}

export function coversPort(allowance: EgressAllowance, port: number): boolean {
  return allowance.port === null || allowance.port === port;
}
