import type { Route, RouteResult } from "@easel/connector";
import { readCallerPath, type Segment, unreadable } from "./caller-path.ts";
import { problem } from "./problems.ts";
import { find, growTree, type Place, standsForValue, wordOf } from "./route-tree.ts";
import { everything, type TableauRoute } from "./routes/route-line.ts";
import { routeTable } from "./routes/route-table.ts";

/** A route that the table does not know. */
export const unknownTemplate = "unknown";

/**
 * Which route a caller's path is. A path that begins with `/api/` is the server's; any other is relative to the site,
 * or to the root of the API that has such a route (`rooted`); a full URL must be of the credential's own server.
 *
 * @param siteId the credential's site, where it is known: a path that names another one is refused
 */
export function matchRoute(method: string, path: string, serverUrl: string, siteId?: string): RouteResult {
  const verb = readVerb(method);
  if (verb === null) return { kind: "refused", problem: problem("tableau_method_unknown", { method }) };
  const read = readCallerPath(path, serverUrl);
  if (read.kind === "refused") return read;
  const ofServer = read.fullUrl || wordOf(read.segments[0]) === "api";
  if (ofServer && (wordOf(read.segments[0]) !== "api" || read.segments.length < 2)) {
    return { kind: "refused", problem: problem("tableau_route_forbidden") };
  }
  const { segments, row } = ofServer ? asked(withValues(read.segments), verb) : rooted(read.segments, verb);
  // Also where a path that is relative to the site was meant for the server: `/auth/signout`.
  if (namesSession(segments) || (!ofServer && isSessionWord(read.segments[0]))) {
    return { kind: "refused", problem: problem("tableau_route_session") };
  }
  return checked({ verb, segments, row, query: read.query }, siteId);
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

/** A whole path, from `/api` on, and the table's row for it. */
interface Asked {
  readonly segments: readonly Segment[];
  readonly row: TableauRoute | null;
}

function asked(segments: readonly Segment[], verb: Verb): Asked {
  const isVersioned = isVersion(segments[1]);
  const method = verb === "HEAD" ? "GET" : verb;
  return {
    segments,
    row: isVersioned ? find(tree.versioned, segments, method, 2) : find(tree.whole, segments, method),
  };
}

function isVersion(segment: Segment | undefined): boolean {
  return segment?.placeholder === "apiVersion" || /^\d{1,2}\.\d{1,3}$/.test(wordOf(segment));
}

/** Sign-in and session routes, wherever a server might look for them. */
function namesSession(segments: readonly Segment[]): boolean {
  return isSessionWord(segments[1]) || isSessionWord(segments[2]);
}

function isSessionWord(segment: Segment | undefined): boolean {
  return ["auth", "sessions"].includes(wordOf(segment));
}

/**
 * Where a path that does not begin with `/api` belongs: below the site where the table has such a route there, else
 * below the first root that has one; what no root has, below the root that alone has something of its first word, else
 * below the site. So `/projects`, `/sites/{siteId}/projects`, `/serverinfo`, `/pulse/definitions`, `/metadata/graphql` and
 * `/vizql-data-service/read-metadata` are what their callers mean.
 */
function rooted(segments: readonly Segment[], verb: Verb): Asked {
  const [first] = segments;
  if (isVersion(first) || ["-", "exp", "v1", "api-version"].includes(wordOf(first))) {
    return asked(withValues([api, ...segments]), verb);
  }
  const path = withOwnAddress(segments);
  const below = (root: readonly Segment[]) => asked(withValues([...root, ...path]), verb);
  const ofSite = below(roots.site);
  if (ofSite.row !== null || first === undefined) return ofSite;
  for (const { segments: root } of otherRoots) {
    const other = below(root);
    if (other.row !== null) return other;
  }
  const word = wordOf(path[0]);
  if (siteTree.words.has(word)) return ofSite;
  const home = otherRoots.find(({ place }) => place.words.has(word));
  return home === undefined ? ofSite : below(home.segments);
}

/**
 * Addresses of the same APIs that are not below `/api`: that of VizQL Data Service in its own OpenAPI file, of which
 * clients are generated, and the first one of the Metadata API, which old clients have.
 */
function withOwnAddress(segments: readonly Segment[]): readonly Segment[] {
  const [first, second, ...rest] = segments;
  const [one, other] = [wordOf(first), wordOf(second)];
  if (one === "vizql-data-service" && other === "v1" && first !== undefined) return [first, ...rest];
  if (one === "relationship-service-war" && other === "graphql" && rest.length === 0)
    return [word("metadata"), word("graphql")];
  return segments;
}

/**
 * Tableau's reference writes `/api/api-version/sites/site-id/…`, and developers paste it. In these places the words can
 * be nothing else: no version is called so, and what is in a site is asked for by the site's id.
 */
function withValues(segments: readonly Segment[]): readonly Segment[] {
  const isOfSite = wordOf(segments[2]) === "sites" && segments[3]?.decoded === "site-id";
  if (!isOfSite && segments[1]?.decoded !== "api-version") return segments;
  return segments.map((segment, at) => {
    if (at === 1 && segment.decoded === "api-version") return apiVersion;
    return at === 3 && isOfSite ? ownSite : segment;
  });
}

interface Match extends Asked {
  readonly verb: Verb;
  readonly query: string;
}

/** The route, or why the path can't be sent as it is. */
function checked({ verb, segments, row, query }: Match, siteId: string | undefined): RouteResult {
  const site = wordOf(segments[2]) === "sites" && segments.length > 4 ? segments[3] : undefined;
  const placeholder = row === null ? segments.find(standsForValue) : undefined;
  if (placeholder !== undefined) {
    return { kind: "refused", problem: problem("tableau_path_placeholder", { name: placeholder.decoded }) };
  }
  if (site !== undefined && site.placeholder !== "siteId") {
    if (!luid.test(site.decoded)) return unreadable("the site in it must be {siteId} or the site's id");
    if (siteId !== undefined && site.decoded.toLowerCase() !== siteId.toLowerCase()) {
      return { kind: "refused", problem: problem("tableau_site_other", { site: site.decoded, own: siteId }) };
    }
  }
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

function word(text: string): Segment {
  return { sent: text, decoded: text, plain: true, placeholder: null };
}

function filled(placeholder: "apiVersion" | "siteId"): Segment {
  const text = `{${placeholder}}`;
  return { sent: text, decoded: text, plain: true, placeholder };
}

const api = word("api");
const apiVersion = filled("apiVersion");
const ownSite = filled("siteId");

// Built once from the table, never changed.
const tree = {
  versioned: growTree(routeTable.filter((route) => !route.template.startsWith("/api/"))),
  whole: growTree(routeTable.filter((route) => route.template.startsWith("/api/"))),
};
const rows: ReadonlyMap<string, TableauRoute> = new Map(
  routeTable.map((route) => [`${route.method} ${route.template}`, route]),
);

const roots = { site: [api, apiVersion, word("sites"), ownSite] };
const siteTree = placeAt(tree.versioned, ["sites"], "id");
const ofApi = placeAt(tree.whole, ["api"]);

/** The other roots, in the order in which a path is looked for below them, with what the table has there. */
const otherRoots: readonly { readonly segments: readonly Segment[]; readonly place: Place }[] = [
  { segments: [api, apiVersion], place: tree.versioned },
  { segments: [api, word("-")], place: placeAt(ofApi, ["-"]) },
  { segments: [api], place: ofApi },
  { segments: [api, word("v1")], place: placeAt(ofApi, ["v1"]) },
];

function placeAt(from: Place, words: readonly string[], parameter?: "id"): Place {
  let place: Place | undefined = from;
  for (const one of words) place = place?.words.get(one);
  if (parameter !== undefined) place = place?.parameters.get(parameter);
  if (place === undefined) throw new Error(`The route table has nothing below ${words.join("/")}.`);
  return place;
}
