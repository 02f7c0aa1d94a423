import type { ProviderError, Route } from "@easel/connector";
import type { List, ListResult, PageRequest, PageResult } from "@easel/connector/help";
import { problem } from "../problems.ts";
import { connectionOf } from "./graphql.ts";
import { memberOf } from "./members.ts";
import { parameterOf, withParameters } from "./query.ts";
import { containers } from "./schema.ts";

/** Where a route's items lie in its answer, and how its next page is asked for. */
type Listing =
  /** `{"pagination": …, "projects": {"project": […]}}`, with `pageSize` and `pageNumber`. */
  | { readonly kind: "paged"; readonly container: string }
  /** The same in one piece: the reference names no paging. Should an answer say that there is more, it is asked for. */
  | { readonly kind: "whole"; readonly container: string }
  /** `{"definitions": […], "next_page_token": "…"}`, with `page_token`. */
  | { readonly kind: "tokens"; readonly key: string }
  /** `{"hits": {"items": […], "next": "…"}}`, with `page`, from 0, and `limit`. */
  | { readonly kind: "search" };

const paged = (container: string): Listing => ({ kind: "paged", container });
const whole = (container: string): Listing => ({ kind: "whole", container });
const tokens = (key: string): Listing => ({ kind: "tokens", key });

const site = "/sites/{siteId}";

/** The lists of the route table, by template. */
export const listings: ReadonlyMap<string, Listing> = new Map([
  [`${site}/projects`, paged("projects")],
  [`${site}/workbooks`, paged("workbooks")],
  [`${site}/users/{userId}/workbooks`, paged("workbooks")],
  [`${site}/workbooks/{workbookId}/views`, whole("views")],
  [`${site}/workbooks/{workbookId}/connections`, whole("connections")],
  [`${site}/workbooks/{workbookId}/revisions`, paged("revisions")],
  [`${site}/views`, paged("views")],
  [`${site}/recommendations`, whole("recommendations")],
  [`${site}/customviews`, paged("customViews")],
  [`${site}/customviews/{customViewId}/default/users`, paged("users")],
  [`${site}/datasources`, paged("datasources")],
  [`${site}/datasources/{datasourceId}/connections`, whole("connections")],
  [`${site}/datasources/{datasourceId}/revisions`, paged("revisions")],
  [`${site}/flows`, paged("flows")],
  [`${site}/users/{userId}/flows`, paged("flows")],
  [`${site}/flows/{flowId}/connections`, whole("connections")],
  [`${site}/flows/runs`, paged("flowRuns")],
  [`${site}/tasks/runFlow`, whole("tasks")],
  [`${site}/virtualConnections`, paged("virtualConnections")],
  [`${site}/virtualConnections/{virtualConnectionId}/connections`, whole("virtualConnectionConnections")],
  [`${site}/virtualConnections/{virtualConnectionId}/revisions`, paged("revisions")],
  [`${site}/jobs`, paged("backgroundJobs")],
  [`${site}/tasks/extractRefreshes`, whole("tasks")],
  [`${site}/tasks/dataAcceleration`, whole("tasks")],
  [`${site}/tasks/linked`, paged("linkedTasks")],
  ["/schedules", paged("schedules")],
  [`${site}/schedules/{scheduleId}/extracts`, paged("extracts")],
  [`${site}/subscriptions`, paged("subscriptions")],
  [`${site}/webhooks`, whole("webhooks")],
  [`${site}/dataAlerts`, paged("dataAlerts")],
  [`${site}/favorites/{userId}`, whole("favorites")],
  [`${site}/users`, paged("users")],
  [`${site}/users/{userId}/groups`, paged("groups")],
  [`${site}/groups`, paged("groups")],
  [`${site}/groups/{groupId}/users`, paged("users")],
  [`${site}/groupsets`, paged("groupSets")],
  [`${site}/databases`, paged("databases")],
  [`${site}/tables`, paged("tables")],
  [`${site}/tables/{tableId}/columns`, paged("columns")],
  [`${site}/dataQualityTriggers/{contentType}/{contentId}`, whole("dataQualityTriggerList")],
  [`${site}/labelValues`, whole("labelValueList")],
  [`${site}/labelCategories`, whole("labelCategoryList")],
  ["/sites", paged("sites")],
  ["/domains", whole("domainList")],
  [`${site}/content/recent`, whole("recents")],
  [`${site}/site-auth-configurations`, whole("siteAuthConfigurations")],
  [`${site}/connected-apps/direct-trust`, whole("connectedApplications")],
  [`${site}/connected-applications`, whole("connectedApplications")],
  [`${site}/connected-apps/external-authorization-servers`, whole("externalAuthorizationServerList")],
  ["/connected-apps/external-authorization-servers", whole("externalAuthorizationServerList")],
  [`${site}/users/{userId}/personal-access-tokens`, whole("personalAccessTokens")],
  ["/api/-/pulse/definitions", tokens("definitions")],
  ["/api/-/pulse/definitions/{definitionId}/metrics", tokens("metrics")],
  ["/api/-/pulse/subscriptions", tokens("subscriptions")],
  ["/api/-/pulse/definitions:batchGet", tokens("definitions")],
  ["/api/-/pulse/metrics:batchGet", tokens("metrics")],
  ["/api/-/pulse/subscriptions:batchGet", tokens("subscriptions")],
  ["/api/-/authn-service/auth-configurations", tokens("instances")],
  ["/api/-/authn-service/identity-pools", tokens("pools")],
  ["/api/-/authn-service/identity-stores", tokens("instances")],
  ["/api/-/search", { kind: "search" }],
]);

/** The largest that Tableau takes (REST reference, "Paginating Results"). */
const largestPage = 1000;
/**
 * Of a search, whose largest is 2,000 (REST reference, "Get content search results").
 */
const searchPage = 1000;

/** How the list of a route is read page by page; refused where the route is none that the table knows as a list. */
export function listOf(route: Route, body: string | null): ListResult {
  if (route.method === "POST" && route.template === "/api/metadata/graphql") return connectionOf(route.target, body);
  const listing = route.method === "GET" ? listings.get(route.template) : undefined;
  if (listing === undefined) return { kind: "refused", problem: problem("tableau_list_unknown") };
  const { target } = route;
  for (const name of ["pageNumber", "page_token", "page"]) {
    const value = parameterOf(target, name);
    const isFirst = value === null || value === "" || (name === "pageNumber" ? value === "1" : value === "0");
    if (!isFirst && concerns(listing, name)) {
      return { kind: "refused", problem: problem("tableau_list_page", { parameter: name }) };
    }
  }
  return { kind: "list", list: { first: get(firstOf(listing, target)), ...readingOf(listing) } };
}

function get(path: string): PageRequest {
  return { path, body: null };
}

function concerns({ kind }: Listing, parameter: string): boolean {
  if (parameter === "pageNumber") return kind === "paged" || kind === "whole";
  return parameter === "page" ? kind === "search" : kind === "tokens";
}

/** Pages as large as can be are the fewest calls; the caller's own size goes before. */
function firstOf({ kind }: Listing, target: string): string {
  // inferred: nothing tells how large Pulse's pages may be, so its own usual size stays.
  if (kind === "paged") return withDefault(target, "pageSize", largestPage);
  return kind === "search" ? withDefault(target, "limit", searchPage) : target;
}

function withDefault(target: string, name: string, value: number): string {
  return parameterOf(target, name) === null ? withParameters(target, { [name]: String(value) }) : target;
}

function readingOf(listing: Listing): Omit<List, "first"> {
  switch (listing.kind) {
    case "paged":
    case "whole":
      return {
        read: ({ path }, answer) => readClassic(listing.container, path, answer),
        endsBefore: isBeyondTheLastPage,
      };
    case "tokens":
      return { read: ({ path }, answer) => readTokens(listing.key, path, answer), endsBefore: () => false };
    case "search":
      return { read: ({ path }, answer) => readSearch(path, answer), endsBefore: () => false };
  }
}

/** 400006, "Invalid page number" (REST reference, "Handling Errors"). */
function isBeyondTheLastPage({ code }: ProviderError): boolean {
  return code === "400006";
}

function readClassic(container: string, path: string, body: unknown): PageResult | null {
  const items = itemsIn(body, container);
  if (items === null) return null;
  const pagination = memberOf(body, "pagination");
  const size = wholeNumber(memberOf(pagination, "pageSize"));
  const number = wholeNumber(memberOf(pagination, "pageNumber"));
  const available = wholeNumber(memberOf(pagination, "totalAvailable"));
  if (size === null || size === 0 || number === null || available === null)
    return { kind: "page", items, next: null, pages: 1 };
  // Counted anew on each page, since lists grow and shrink while they are read. A page that lacks items is not the last.
  const isLast = number * size >= available;
  const next = isLast ? null : get(withParameters(path, { pageSize: String(size), pageNumber: String(number + 1) }));
  return { kind: "page", items, next, pages: Math.ceil(available / size) };
}

function readTokens(key: string, path: string, body: unknown): PageResult | null {
  const items = memberOf(body, key);
  if (!Array.isArray(items)) return null;
  const token = memberOf(body, "next_page_token");
  const isLast = typeof token !== "string" || token === "";
  const next = isLast ? null : get(withParameters(path, { page_token: token }));
  return { kind: "page", items, next, pages: null };
}

function readSearch(path: string, body: unknown): PageResult | null {
  const hits = memberOf(body, "hits");
  const items = memberOf(hits, "items");
  if (!Array.isArray(items)) return null;
  const total = wholeNumber(memberOf(hits, "total"));
  const limit = wholeNumber(memberOf(hits, "limit"));
  const page = wholeNumber(memberOf(hits, "pageIndex")) ?? Number(parameterOf(path, "page") ?? "0");
  const next = memberOf(hits, "next");
  const isLast = items.length === 0 || typeof next !== "string" || next === "";
  return {
    kind: "page",
    items,
    next: isLast ? null : get(withParameters(path, { page: String(page + 1) })),
    pages: total === null || limit === null || limit === 0 ? null : Math.ceil(total / limit),
  };
}

/** As Tableau writes a list or as `normalize` does; null where there is no such list. */
function itemsIn(body: unknown, container: string): readonly unknown[] | null {
  const held = memberOf(body, container);
  if (Array.isArray(held)) return held;
  if (typeof held !== "object" || held === null) return null;
  const item = memberOf(held, containers.get(container) ?? container);
  if (item === undefined) return [];
  return Array.isArray(item) ? item : [item];
}

/** A string in Tableau's JSON, a number where it is normalised. */
function wholeNumber(value: unknown): number | null {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null;
}
