import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Reads an address as resolvers and the URL parser write it; null for anything else, `127.1` too. */
export function parseAddress(text: string): Address | null {
  return isIP(text) === 0 ? null : ipaddr.parse(text);
}

/** `::ffff:10.0.0.1` is 10.0.0.1 to the operating system, so it is to allowances. */
export function withoutMapping(address: Address): Address {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/**
 * Whether anyone on the internet could call it: global unicast, by the IANA special-purpose registries as ipaddr.js
 * holds them. Forms that wrap another address (mapped, NAT64, 6to4, Teredo) are not: what they lead to depends on the
 * network that Easel runs in.
 */
export function isPublic(address: Address): boolean {
  return address.range() === "unicast" && isGlobal(address) && !isMetadata(address);
}

/** This machine: what is sent there in the clear is seen by nobody else. */
export function isLoopback(address: Address): boolean {
  return withoutMapping(address).range() === "loopback";
}

/**
 * Whether a name that is allowed by configuration may lead there. Private networks are what such an entry is for; the
 * metadata services of clouds hand out the machine's own credentials, and whoever holds the name's DNS could point it
 * at one: those need an entry of their own, by address.
 */
export function isFitForAllowedName(address: Address): boolean {
  const plain = withoutMapping(address);
  return namedRanges.has(plain.range()) && (plain.range() !== "unicast" || isGlobal(plain)) && !isMetadata(plain);
}

const namedRanges: ReadonlySet<string> = new Set(["unicast", "private", "loopback", "carrierGradeNat", "uniqueLocal"]);

/** IANA has given out only 2000::/3 of IPv6; ipaddr.js calls the rest unicast too, e.g. `::10.0.0.1` (RFC 4291, 2.5.5.1). */
function isGlobal(address: Address): boolean {
  return address.kind() === "ipv4" || address.match(ipaddr.IPv6.parseCIDR("2000::/3"));
}

/**
 * Metadata and host services of clouds outside the link-local range, which is refused whole: AWS over IPv6
 * ("Use the Instance Metadata Service"), Google Cloud over IPv6 ("About VM metadata"), Alibaba Cloud ("Instance
 * metadata"), Azure's host ("What is IP address 168.63.129.16?", which is a public address).
 */
const metadataAddresses: ReadonlySet<string> = new Set([
  "fd00:ec2::254",
  "fd20:ce::254",
  "100.100.100.200",
  "168.63.129.16",
]);

function isMetadata(address: Address): boolean {
  return metadataAddresses.has(address.toString());
}
