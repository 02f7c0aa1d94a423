import type { Problem } from "@easel/connector";
import { problem } from "./problems.ts";
import { pathPrefixOf } from "./server-url.ts";

/** What `{…}` may stand for in a path (as a whole part) and in a query (anywhere). */
export type Placeholder = "siteId" | "userId" | "apiVersion";

/** One part of a path. */
export interface Segment {
  /** As it goes upstream: normalised by RFC 3986 §6.2.2, so that it means the same to whoever reads it next. */
  readonly sent: string;
  readonly decoded: string;
  /** May stand for a word of a route or for an id. What is not plain can only be free text, such as a tag. */
  readonly plain: boolean;
  readonly placeholder: Placeholder | null;
}

export type CallerPathRead =
  | {
      readonly kind: "read";
      /** A full URL of the credential's own server: its path is the server's, whatever it begins with. */
      readonly fullUrl: boolean;
      /** The parts after the server's URL, or after the site where the path is relative. */
      readonly segments: readonly Segment[];
      /** With its `?`; "" where there is none. */
      readonly query: string;
    }
  | { readonly kind: "refused"; readonly problem: Problem };

/** In characters. Node itself reads request lines of at most 16 KB. */
const longestPath = 16_384;

/**
 * Reads the path of a call as the caller wrote it, undecoded. Whatever could mean one thing here and another at
 * Tableau is refused: dots, double encoding, matrix parameters, backslashes, control characters, empty parts.
 *
 * @example readCallerPath("/projects?pageSize=10", "https://10ax.online.tableau.com")
 */
export function readCallerPath(text: string, serverUrl: string): CallerPathRead {
  const unsendable = whyUnsendable(text);
  if (unsendable !== null) return unreadable(unsendable);

  const mark = text.indexOf("?");
  const path = mark === -1 ? text : text.slice(0, mark);
  const query = mark === -1 ? "" : readQuery(text.slice(mark));

  const full = /^\/?(https?):\/{1,2}([^/]*)(\/.*)?$/i.exec(path);
  const own = full === null ? path : ownPath(full[1] ?? "", full[2] ?? "", full[3] ?? "", serverUrl);
  if (own === null) return { kind: "refused", problem: problem("tableau_address_foreign", { address: serverUrl }) };

  const segments: Segment[] = [];
  for (const part of splitPath(own)) {
    const segment = readSegment(part);
    if (typeof segment === "string") return unreadable(segment);
    segments.push(segment);
  }
  return { kind: "read", fullUrl: full !== null, segments, query };
}

export function unreadable(reason: string): { readonly kind: "refused"; readonly problem: Problem } {
  return { kind: "refused", problem: problem("tableau_path_unreadable", { reason }) };
}

function whyUnsendable(text: string): string | null {
  if (text.length > longestPath) return "it is longer than 16,384 characters";
  if (!text.isWellFormed() || hasControlCharacter(text)) return "it holds characters that no address can hold";
  if (text.includes("#")) {
    return /^\/?https?:/i.test(text)
      ? "it is the address of a page, and only addresses under /api/ can be called"
      : "it holds a #; write %23 where one belongs to a name";
  }
  return null;
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

/** The path of a full URL after the server's own address and path prefix; null where it names another server. */
function ownPath(scheme: string, authority: string, rest: string, serverUrl: string): string | null {
  // Only what a host and a port are made of: no user, no encoding that would be read in two ways.
  if (!/^[A-Za-z0-9._:[\]-]+$/.test(authority)) return null;
  const named = URL.parse(`${scheme}://${authority}`);
  if (named === null || named.origin !== new URL(serverUrl).origin) return null;
  const prefix = pathPrefixOf(serverUrl);
  if (prefix === "") return rest;
  return rest === prefix || rest.startsWith(`${prefix}/`) ? rest.slice(prefix.length) : null;
}

/** One slash at either end is a matter of style; an empty part elsewhere is refused by `readSegment`. */
function splitPath(path: string): readonly string[] {
  const from = path.startsWith("/") ? 1 : 0;
  const to = path.endsWith("/") && path.length > from ? path.length - 1 : path.length;
  return from === to ? [] : path.slice(from, to).split("/");
}

/** A segment, or why it can't be one. */
function readSegment(written: string): Segment | string {
  // Words and ids, which most paths are made of: nothing in them has two meanings.
  if (/^[A-Za-z0-9_-]+$/.test(written)) return { sent: written, decoded: written, plain: true, placeholder: null };
  if (written.includes("\\")) return "it holds a backslash";
  if (written.includes(";")) return "it holds a ;";
  const encoded = encodeUnsendable(written, /[^A-Za-z0-9._~!$&'()*+,=:@%-]/gu);
  const decoded = decode(encoded);
  if (decoded === null) return "its percent encoding is broken";
  const placeholder = readPlaceholder(decoded);
  if (placeholder !== null) return { sent: `{${placeholder}}`, decoded, plain: true, placeholder };
  if (hasControlCharacter(decoded)) return "it holds characters that no address can hold";
  if (decoded.includes("\\")) return "it holds a backslash";
  if (/%[0-9A-Fa-f]{2}/.test(decoded)) return "it is encoded twice";
  if (decoded.split("/").some((part) => /^[.\s]*$/u.test(part))) return "it holds an empty part or dots alone";
  return { sent: normaliseEncoding(encoded), decoded, plain: isPlain(decoded), placeholder: null };
}

function decode(encoded: string): string | null {
  try {
    // Refuses broken escapes and octets that are not UTF-8, overlong forms included.
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

/**
 * Words and ids: ASCII, since a server that ignores case may fold other letters into it (`ſ` is an s, `K` a k), and
 * nothing at the ends that a server might trim.
 */
function isPlain(decoded: string): boolean {
  return /^[A-Za-z0-9_~:@!$&'()*,=-]([A-Za-z0-9._~:@!$&'()*,= -]*[A-Za-z0-9_~:@!$&'()*,=-])?$/.test(decoded);
}

/** `{siteId}`, and as other tools spell it: `{{site-id}}` (Tableau's Postman collection), `{site_id}`. */
function readPlaceholder(decoded: string): Placeholder | null {
  const name = /^\{\{?([A-Za-z_-]+)\}?\}$/.exec(decoded)?.[1];
  return name === undefined ? null : (placeholders.get(name.replace(/[_-]/g, "").toLowerCase()) ?? null);
}

const placeholders: ReadonlyMap<string, Placeholder> = new Map([
  ["siteid", "siteId"],
  ["userid", "userId"],
  ["apiversion", "apiVersion"],
]);

/** Byte for byte, but for placeholders and what an HTTP request line can't hold. */
function readQuery(written: string): string {
  return encodeUnsendable(written, /[ "<>]|[^\u0020-\u007e]/gu).replace(
    /(?:\{|%7B)(siteId|userId|apiVersion)(?:\}|%7D)/gi,
    (whole, name: string) => (queryPlaceholders.has(name) ? `{${name}}` : whole),
  );
}

/** A query may hold anything, so only these very names are filled in. */
const queryPlaceholders: ReadonlySet<string> = new Set(["siteId", "userId", "apiVersion"]);

function encodeUnsendable(text: string, characters: RegExp): string {
  return text.replace(characters, (character) => encodeURIComponent(character));
}

/** Unreserved characters decoded, hex digits in upper case; everything else stays as the caller wrote it. */
function normaliseEncoding(encoded: string): string {
  return encoded.replace(/%([0-9A-Fa-f]{2})/g, (octet, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : octet.toUpperCase();
  });
}
