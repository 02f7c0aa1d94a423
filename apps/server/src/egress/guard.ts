import { type Address, isFitForAllowedName, isLoopback, isPublic, parseAddress } from "./address.ts";
import { allowsAddress, allowsHost, coversPort, type EgressAllowance } from "./allowance.ts";

/** Where a request goes: what of a URL the guard decides by. */
export interface Target {
  /** As `URL.origin` spells it. */
  readonly origin: string;
  readonly secure: boolean;
  /** As `URL.hostname` spells it, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * `unreadable`: not a URL. `scheme`: neither https nor allowed http. `userinfo`: a name or password in the URL.
 * `port`: not 443, nor allowed. `address`: a literal address, or localhost, that is not public, nor allowed.
 */
export type ForbiddenReason = "unreadable" | "scheme" | "userinfo" | "port" | "address";

export type Verdict = { readonly kind: "allowed" } | { readonly kind: "forbidden"; readonly reason: ForbiddenReason };
export type TargetVerdict =
  | { readonly kind: "allowed"; readonly target: Target }
  | { readonly kind: "forbidden"; readonly reason: ForbiddenReason };

export interface Guard {
  /**
   * What can be said before a name is resolved. For literal addresses and localhost that is all; for names it is an
   * advance on `permits`, which has the last word.
   */
  judge(url: string | URL): TargetVerdict;
  /** Whether this very address may be dialled for this target. */
  permits(target: Target, address: string): boolean;
}

/** The rules: https on port 443 of public addresses, and what configuration allows besides. */
export function createGuard(allow: readonly EgressAllowance[]): Guard {
  function permitsAddress(target: Target, address: Address): boolean {
    return (
      (isPlain(target) && isPublic(address)) ||
      allow.some((one) => allowsAddress(one, address, target.port) && speaks(target, one, address)) ||
      (allow.some((one) => allowsHost(one, target.host, target.port) && speaks(target, one, address)) &&
        isFitForAllowedName(address))
    );
  }

  /** A range's match is known only when the name is resolved. */
  function mayPermit(target: Target): boolean {
    const covering = allow.filter((one) => coversPort(one, target.port));
    return covering.some((one) =>
      one.kind === "range"
        ? speaks(target, one, one.range[0])
        : allowsHost(one, target.host, target.port) && (target.secure || one.http),
    );
  }

  return {
    judge(url) {
      const read = readTarget(url);
      if (read.kind === "forbidden") return read;
      const { target } = read;
      const known = knownAddresses(target.host);
      const passes =
        known === null ? isPlain(target) || mayPermit(target) : known.some((one) => permitsAddress(target, one));
      return passes ? read : { kind: "forbidden", reason: whyNot(target, known) };
    },
    permits(target, text) {
      const address = parseAddress(text);
      return address !== null && permitsAddress(target, address);
    },
  };
}

/** Plain http only where it was asked for, or where nobody else can listen. */
function speaks(target: Target, allowance: EgressAllowance, address: Address): boolean {
  return target.secure || allowance.http || isLoopback(address);
}

function isPlain(target: Target): boolean {
  return target.secure && target.port === 443;
}

function whyNot(target: Target, known: readonly Address[] | null): ForbiddenReason {
  if (known?.every((address) => !isPublic(address))) return "address";
  return target.secure ? "port" : "scheme";
}

/**
 * The URL parser has already made one spelling of all spellings of an address (`0x7f.1`, `2130706433`, `①②⑦.0.0.1`).
 * Names under localhost are loopback by RFC 6761, 6.3; resolvers answer so, too.
 */
function knownAddresses(host: string): readonly Address[] | null {
  const texts = /(^|\.)localhost\.?$/.test(host) ? ["127.0.0.1", "::1"] : [host];
  const addresses = texts.map(parseAddress).filter((address) => address !== null);
  return addresses.length === 0 ? null : addresses;
}

function readTarget(from: string | URL): TargetVerdict {
  const url = URL.parse(String(from));
  if (url === null) return { kind: "forbidden", reason: "unreadable" };
  if (url.protocol !== "https:" && url.protocol !== "http:") return { kind: "forbidden", reason: "scheme" };
  if (url.username !== "" || url.password !== "") return { kind: "forbidden", reason: "userinfo" };
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return { kind: "allowed", target: { origin: url.origin, secure, host, port } };
}
