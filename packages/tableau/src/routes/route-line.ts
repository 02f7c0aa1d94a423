/** Who may call a route at Tableau, where its reference says so. */
export type RouteRole = "site administrator" | "server administrator" | "Creator or an Explorer who can publish";

/** What a route answers with. Everything but `json` keeps its own media type. */
export type RouteAnswer = "json" | "csv" | "image" | "pdf" | "powerpoint" | "excel" | "file";

export type RouteMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One route of Tableau's APIs. */
export interface TableauRoute {
  readonly method: RouteMethod;
  /** Without `/api/{apiVersion}` where that is its root, e.g. `/sites/{siteId}/projects`; else whole, e.g. `/api/-/search`. */
  readonly template: string;
  readonly family: string;
  /** e.g. `List projects`. */
  readonly title: string;
  /** The permission it needs, e.g. `tableau:content:read`; null where everyone signed in may call it. */
  readonly scope: string | null;
  /** Is the scope published by Tableau for this route, or seen to work? Else it is inferred from its neighbours. */
  readonly confirmed: boolean;
  readonly role: RouteRole | null;
  /** The first API version that has it, where known, e.g. `3.6`. */
  readonly since: string | null;
  readonly edition: "cloud" | "server" | "both";
  readonly answers: RouteAnswer;
  /** Creates, changes or hands out credentials, or what decides who may sign in. */
  readonly mintsCredentials: boolean;
}

export type RouteDetails = Partial<Pick<TableauRoute, "role" | "since" | "edition" | "answers" | "mintsCredentials">>;

/**
 * A route as it is written in the table: request, title, scope, details.
 *
 * In the request `S` stands for `/sites/{siteId}`. The scope is written without `tableau:`; a `?` at its end marks it
 * unconfirmed, `none` says that Tableau publishes no scope (so only `tableau:*:*` covers it), and null that everyone
 * signed in may call it.
 */
export type RouteLine = readonly [
  request: `${RouteMethod} ${"S/" | "/"}${string}`,
  title: string,
  scope: string | null,
  details?: RouteDetails,
];

/** Reads the lines of one family of routes. */
export function family(name: string, lines: readonly RouteLine[]): readonly TableauRoute[] {
  return lines.map(([request, title, scope, details = {}]) => {
    const space = request.indexOf(" ");
    const path = request.slice(space + 1);
    return {
      method: readMethod(request.slice(0, space)),
      template: path.startsWith("S/") ? `/sites/{siteId}/${path.slice(2)}` : path,
      family: name,
      title,
      ...readScope(scope),
      role: details.role ?? null,
      since: details.since ?? null,
      edition: details.edition ?? "both",
      answers: details.answers ?? "json",
      mintsCredentials: details.mintsCredentials ?? false,
    };
  });
}

function readMethod(text: string): RouteMethod {
  switch (text) {
    case "GET":
    case "POST":
    case "PUT":
    case "PATCH":
    case "DELETE":
      return text;
    default:
      throw new Error(`The route table has no method ${text}`);
  }
}

function readScope(written: string | null): Pick<TableauRoute, "scope" | "confirmed"> {
  if (written === null) return { scope: null, confirmed: true };
  if (written === "none") return { scope: everything, confirmed: false };
  return written.endsWith("?")
    ? { scope: `tableau:${written.slice(0, -1)}`, confirmed: false }
    : { scope: `tableau:${written}`, confirmed: true };
}

/** The permission that covers what no other scope does. */
export const everything = "tableau:*:*";
