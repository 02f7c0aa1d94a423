import type { Route, RouteResult } from "@easel/connector";
import { readCallerPath, type Segment, unreadable } from "./caller-path.ts";
import { problem } from "./problems.ts";
import { everything, type TableauRoute } from "./routes/route-line.ts";
import { routeTable } from "./routes/route-table.ts";

/** A route that the table does not know. */
export const unknownTemplate = "unknown";

/**
 * Which route a caller's path is. A path that begins with `/api/` is the server's; any other is relative to
 * `/api/{apiVersion}/sites/{siteId}`; a full URL must be of the credential's own server.
 */
export function matchRoute(method: string, path: string, serverUrl: string): RouteResult {
  const verb = readVerb(method);
  if (verb === null) return { kind: "refused", problem: problem("tableau_method_unknown", { method }) };
  const read = readCallerPath(path, serverUrl);
  if (read.kind === "refused") return read;
  const ofServer = read.fullUrl || wordOf(read.segments[0]) === "api";
  if (ofServer && (wordOf(read.segments[0]) !== "api" || read.segments.length < 2)) {
    return { kind: "refused", problem: problem("tableau_route_forbidden") };
  }
  if (namesSession(read.segments, ofServer)) {
    return { kind: "refused", problem: problem("tableau_route_session") };
  }
  return matchSegments(verb, ofServer ? read.segments : [...siteRoot, ...read.segments], read.query);
}

/** The table's row for a matched route; null for unknown ones. */
export function rowOf(route: Pick<Route, "method" | "template">): TableauRoute | null {
  return rows.get(`${route.method === "HEAD" ? "GET" : route.method} ${route.template}`) ?? null;
}

type Verb = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

function readVerb(method: string): Verb | null {
  switch (method.toUpperCase()) {
    case "GET":
      return "GET";
    case "HEAD":
      return "HEAD";
    case "POST":
      return "POST";
    case "PUT":
      return "PUT";
    case "PATCH":
      return "PATCH";
    case "DELETE":
      return "DELETE";
    default:
      return null;
  }
}

/** A word of a route, in lower case; "" for what can't be one. */
function wordOf(segment: Segment | undefined): string {
  return segment?.plain === true && segment.placeholder === null ? segment.decoded.toLowerCase() : "";
}

/**
 * Sign-in and session routes, wherever a server might look for them: after the version, or (a mistake that has to be
 * answered in words) at the start of a path that is relative to the site.
 */
function namesSession(segments: readonly Segment[], ofServer: boolean): boolean {
  const places = ofServer ? [segments[1], segments[2]] : [segments[0]];
  return places.some((segment) => ["auth", "sessions"].includes(wordOf(segment)));
}

function matchSegments(verb: Verb, segments: readonly Segment[], query: string): RouteResult {
  const version = segments[1];
  const versioned = version?.placeholder === "apiVersion" || /^\d{1,2}\.\d{1,3}$/.test(wordOf(version));
  const rest = versioned ? segments.slice(2) : segments;
  const afterRoot = wordOf(version) === "exp" ? segments.slice(2) : rest;
  if (namesSiteByName(afterRoot)) {
    return unreadable("the site in it must be {siteId} or the site's id");
  }
  const row = find(versioned ? tree.versioned : tree.whole, rest, verb === "HEAD" ? "GET" : verb);
  if (row === null && !segments.every((segment) => segment.plain)) {
    return unreadable("it is no known route, and one of its parts is no plain word or id");
  }
  const target = `/api/${segments
    .slice(1)
    .map((segment) => segment.sent)
    .join("/")}${query}`;
  return { kind: "route", route: { method: verb, ...routeFacts(row, segments), target } };
}

function routeFacts(row: TableauRoute | null, segments: readonly Segment[]): Omit<Route, "method" | "target"> {
  if (row !== null) {
    const { template, scope, mintsCredentials } = row;
    return { template, scope, mintsCredentials, ownMediaType: row.answers !== "json" };
  }
  const mintsCredentials = segments.some((segment) => credentialWord.test(segment.decoded));
  return { template: unknownTemplate, scope: everything, mintsCredentials, ownMediaType: false };
}

/** Newer routes than the table may mint credentials too: a word of these in an unknown path is taken for it. */
const credentialWord = /token|secret|cred|keychain|password|connected-?app|auth|oidc|saml|scim|jwks|certificate/i;

const luid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Only the site itself can be asked for by name (`/sites/acme?key=contentUrl`); what is in it, by id. */
function namesSiteByName(segments: readonly Segment[]): boolean {
  const site = segments[1];
  if (wordOf(segments[0]) !== "sites" || site === undefined || segments.length < 3) return false;
  return site.placeholder !== "siteId" && !luid.test(site.decoded);
}

const siteRoot: readonly Segment[] = [
  { sent: "api", decoded: "api", plain: true, placeholder: null },
  { sent: "{apiVersion}", decoded: "{apiVersion}", plain: true, placeholder: "apiVersion" },
  { sent: "sites", decoded: "sites", plain: true, placeholder: null },
  { sent: "{siteId}", decoded: "{siteId}", plain: true, placeholder: "siteId" },
];

/**
 * What a parameter of a route may hold: an id (plain); a name that people gave; or text, an encoded slash too. Only
 * where no longer route begins may there be a slash: a server that decodes it early would else see that longer route.
 */
type ParameterKind = "id" | "name" | "text";

function kindOf(parameter: string): ParameterKind {
  if (parameter === "{site}") return "name";
  return ["{tagName}", "{labelValueName}", "{labelCategoryName}"].includes(parameter) ? "text" : "id";
}

function holds(kind: ParameterKind, segment: Segment): boolean {
  return segment.plain || kind === "text" || (kind === "name" && !segment.decoded.includes("/"));
}

/** A place in a route: what may follow it, and the routes that end here, by method. */
interface Place {
  readonly words: Map<string, Place>;
  readonly parameters: Map<ParameterKind, Place>;
  readonly routes: Map<string, TableauRoute>;
}

function find(place: Place, segments: readonly Segment[], method: string): TableauRoute | null {
  const [segment, ...rest] = segments;
  if (segment === undefined) return place.routes.get(method) ?? null;
  const word = place.words.get(wordOf(segment));
  const exact = word === undefined ? null : find(word, rest, method);
  if (exact !== null) return exact;
  for (const [kind, next] of place.parameters) {
    const row = holds(kind, segment) ? find(next, rest, method) : null;
    if (row !== null) return row;
  }
  return null;
}

function growTree(routes: readonly TableauRoute[]): Place {
  const root = newPlace();
  for (const route of routes) {
    let place = root;
    for (const part of route.template.slice(1).split("/")) place = step(place, part);
    place.routes.set(route.method, route);
  }
  return root;
}

function step(place: Place, part: string): Place {
  if (!part.startsWith("{")) return enter(place.words, part.toLowerCase());
  return enter(place.parameters, kindOf(part));
}

function enter<Key>(places: Map<Key, Place>, key: Key): Place {
  const known = places.get(key);
  if (known !== undefined) return known;
  const place = newPlace();
  places.set(key, place);
  return place;
}

function newPlace(): Place {
  return { words: new Map(), parameters: new Map(), routes: new Map() };
}

// Built once from the table, never changed.
const tree = {
  versioned: growTree(routeTable.filter((route) => !route.template.startsWith("/api/"))),
  whole: growTree(routeTable.filter((route) => route.template.startsWith("/api/"))),
};
const rows: ReadonlyMap<string, TableauRoute> = new Map(
  routeTable.map((route) => [`${route.method} ${route.template}`, route]),
);
