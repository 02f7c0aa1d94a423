import type { AddressRead } from "@easel/connector";
import { problem } from "./problems.ts";
import { isCloudHost } from "./server-url.ts";

/** In characters; browsers write longer addresses only for views with many filters, which nobody needs here. */
const longestAddress = 2048;

/**
 * Reads a Tableau address as people paste it: any page of a site, a view's link, an embedded view, an API address, a
 * host alone.
 *
 * @example readAddress("https://10ax.online.tableau.com/#/site/acme/views/Sales/Overview")
 * // { kind: "read", serverUrl: "https://10ax.online.tableau.com", site: "acme" }
 */
export function readAddress(text: string): AddressRead {
  if (text.length > longestAddress) return unreadable("it is longer than 2,048 characters");
  const pasted = unwrap(text);
  if (pasted === "") return unreadable("it is empty");
  if (/[\s\\]/.test(pasted)) return unreadable("it holds a space or a backslash");
  const url = URL.parse(withScheme(pasted));
  if (url === null || url.hostname === "") return unreadable("it can't be read as an address");
  if (url.protocol !== "https:" && url.protocol !== "http:") return unreadable("it begins with neither https nor http");
  if (url.username !== "" || url.password !== "") return unreadable("it holds an e-mail address or a password");

  const hostname = url.hostname.replace(/\.$/, "");
  if (hostname.split(".").includes("")) return unreadable("it can't be read as an address");
  const foreign = whyForeign(hostname, hasScheme(pasted) || url.port !== "");
  if (foreign !== null) return unreadable(foreign);
  const cloud = isCloudHost(hostname);
  const place = readPlace(url, cloud);
  if (place === null) return unreadable("the site's name in it can't be read");
  // A pod speaks https on its own port alone, whatever was typed.
  const origin = cloud ? `https://${hostname}` : `${url.protocol}//${hostname}${url.port === "" ? "" : `:${url.port}`}`;
  return { kind: "read", serverUrl: origin + (cloud ? "" : place.prefix), site: place.site };
}

function unreadable(reason: string): AddressRead {
  return { kind: "unreadable", problem: problem("tableau_address_unreadable", { reason }) };
}

/** Quotes and brackets come along when an address is copied from a mail or a document. */
function unwrap(text: string): string {
  return text
    .trim()
    .replace(/^[<"'“‘(]+/u, "")
    .replace(/[>"'”’),]+$/u, "")
    .trim();
}

function hasScheme(pasted: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(pasted);
}

/** Without a scheme https is meant, but for this machine itself; browsers show some addresses with one slash only. */
function withScheme(pasted: string): string {
  if (hasScheme(pasted)) return pasted;
  const oneSlash = /^(https?):\/?([^/].*)$/i.exec(pasted);
  if (oneSlash !== null) return `${oneSlash[1]}://${oneSlash[2]}`;
  const local = /^(localhost|127\.0\.0\.1|\[::1\])(?=[:/?#]|$)/i.test(pasted);
  return `${local ? "http" : "https"}://${pasted.replace(/^\/+/, "")}`;
}

/** Addresses of Tableau's that are no site, and words that are no address. */
function whyForeign(hostname: string, spelledOut: boolean): string | null {
  if (hostname === "sso.online.tableau.com") {
    return "it is Tableau's sign-in page; sign in, and paste the address that your browser shows then";
  }
  if (hostname === "public.tableau.com") return "Tableau Public can't be connected";
  if (hostname === "tableau.com" || (hostname.endsWith(".tableau.com") && !isCloudHost(hostname))) {
    return `${hostname} belongs to Tableau, but is no site`;
  }
  if (!spelledOut && !hostname.includes(".") && !hostname.startsWith("[") && hostname !== "localhost") {
    return "it is a name, not an address";
  }
  return null;
}

interface Place {
  /** The path before Tableau's own, e.g. `/tableau`. */
  readonly prefix: string;
  readonly site: string | null;
}

/** Where in Tableau the address leads; null where it names a site that can't be read. */
function readPlace(url: URL, cloud: boolean): Place | null {
  const path = readPath(url.pathname, cloud);
  const fragment = url.hash === "" ? null : readFragment(url.hash, cloud);
  if (path === null || fragment === undefined) return null;
  return fragment === null ? path : { prefix: path.prefix, site: fragment };
}

/** Words with which Tableau's own paths begin; what stands before the first of them is the server's path prefix. */
const ownWords: ReadonlySet<string> = new Set(
  "t site views authoring pulse trusted api auth signin login logout vizql vizportal javascripts embed".split(" "),
);

function readPath(pathname: string, cloud: boolean): Place | null {
  const parts = pathname.split("/").filter((part) => part !== "" && !/\.html?$/i.test(part));
  const own = parts.findIndex((part) => ownWords.has(part.toLowerCase()));
  const before = own === -1 ? parts : parts.slice(0, own);
  if (!before.every((part) => /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/.test(part))) return null;
  const prefix = before.map((part) => `/${part}`).join("");
  const site = own === -1 ? null : readOwnPath(parts.slice(own), cloud);
  return site === undefined ? null : { prefix, site };
}

/** `t/acme/views/…`, `site/acme/…`, `pulse/site/acme/…`, `trusted/<ticket>/t/acme/…`, `views/…`; undefined: unreadable. */
function readOwnPath(parts: readonly string[], cloud: boolean): string | null | undefined {
  const [word = "", next = ""] = parts;
  switch (word.toLowerCase()) {
    case "t":
    case "site":
      return next === "" ? null : readSite(next);
    case "pulse":
      return next.toLowerCase() === "site" ? readOwnPath(parts.slice(1), cloud) : null;
    case "trusted":
      return readOwnPath(parts.slice(2), cloud);
    case "views":
    case "authoring":
      return defaultSite(cloud);
    default:
      return null;
  }
}

/** `#/site/acme/…`, else a page of the default site such as `#/home`; null where it says nothing. */
function readFragment(hash: string, cloud: boolean): string | null | undefined {
  // Some mail programs encode the whole fragment.
  const written = /^#%2f/i.test(hash) ? hash.replace(/%2f/gi, "/") : hash;
  const words = written.slice(1).split("?")[0] ?? "";
  const [word = "", next = ""] = words.split("/").filter((part) => part !== "");
  if (word.toLowerCase() === "site") return next === "" ? null : readSite(next);
  return defaultPages.has(word.toLowerCase()) ? defaultSite(cloud) : null;
}

const defaultPages: ReadonlySet<string> = new Set(
  "home explore favorites recents projects workbooks views datasources flows recommendations collections sharedwithme users groups schedules jobs tasks settings site-status user personalspace metrics allprojects".split(
    " ",
  ),
);

/** Every site of Tableau Cloud has a name. */
function defaultSite(cloud: boolean): string | null {
  return cloud ? null : "";
}

/** A site's content URL; undefined where this can't be one. */
function readSite(part: string): string | undefined {
  try {
    const site = decodeURIComponent(part);
    return /^[\p{L}\p{N}_][\p{L}\p{N}._ -]{0,254}$/u.test(site) ? site : undefined;
  } catch {
    return undefined;
  }
}
