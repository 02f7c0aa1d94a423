import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** Addresses that only mean something inside of a network: the sandbox sends nothing there. */
const inside = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
] as const) {
  inside.addSubnet(network, prefix);
}
inside.addAddress("::", "ipv6");
inside.addSubnet("fc00::", 7, "ipv6");
inside.addSubnet("fe80::", 10, "ipv6");

/**
 * Why a webhook may not lead to an address, or nothing. Tableau demands https with a valid certificate; the sandbox
 * also takes http to the machine it runs on, which is where tests listen. Names are not resolved: what a name leads to
 * is up to whoever runs the sandbox.
 */
export function problemWithTarget(written: string): string | undefined {
  if (written.length > 2_000) return "The destination URL is too long.";
  const url = URL.parse(written);
  if (url === null) return "The destination URL is not valid.";
  if (url.username !== "" || url.password !== "") return "The destination URL must not hold credentials.";
  if (isLoopback(url.hostname)) {
    return url.protocol === "https:" || url.protocol === "http:" ? undefined : mustBeHttps;
  }
  if (url.protocol !== "https:") return mustBeHttps;
  return isInside(url.hostname) ? "The destination URL must be a public address or this machine." : undefined;
}

const mustBeHttps = "The destination URL must be https; http is taken only for this machine (localhost).";

function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || isIn(loopback, host);
}

function isInside(host: string): boolean {
  return isIn(inside, host);
}

function isIn(list: BlockList, host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "");
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
}
