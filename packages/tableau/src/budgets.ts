import type { Route } from "@easel/connector";
import type { Budget } from "@easel/connector/budgets";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function budget(id: string, title: string, size: Pick<Budget, "limit" | "windowMs" | "per">): Budget {
  // Tableau Server has no such limits by default.
  return { id, title, ...size, editions: ["cloud"] };
}

// 40,000: documentation of Tableau's migration SDK. The others: "Tableau Cloud site capacity", as others quote it.
// inferred: windows are counted from the full hour, day or minute; Tableau does not say.
const calls = budget("calls", "Calls", { limit: 40_000, windowMs: HOUR, per: "user" });
const refreshes = budget("extract-refreshes", "Extract refreshes started", {
  limit: 60,
  windowMs: HOUR,
  per: "site",
});
const publishes = budget("publishes", "Items published or updated", { limit: 600, windowMs: HOUR, per: "site" });
const jobQueries = budget("job-queries", "Jobs asked about or cancelled", {
  limit: 20_000,
  windowMs: DAY,
  per: "site",
});
const userLists = budget("user-lists", "Lists of users", { limit: 3000, windowMs: MINUTE, per: "site" });
const userRemovals = budget("user-removals", "Users removed", { limit: 1600, windowMs: MINUTE, per: "site" });
// 100 an hour for each Creator of the site, whose number is not known here.
const vizqlQueries = budget("vizql-queries", "VizQL Data Service queries", {
  limit: null,
  windowMs: HOUR,
  per: "site",
});

export const budgets: readonly Budget[] = [
  calls,
  refreshes,
  publishes,
  jobQueries,
  userLists,
  userRemovals,
  vizqlQueries,
];

/** What draws on more than the user's calls, by request. */
const DRAWS: Readonly<Record<string, Budget>> = {
  "POST /sites/{siteId}/workbooks/{workbookId}/refresh": refreshes,
  "POST /sites/{siteId}/datasources/{datasourceId}/refresh": refreshes,
  "POST /sites/{siteId}/tasks/extractRefreshes/{taskId}/runNow": refreshes,
  "POST /sites/{siteId}/workbooks": publishes,
  "PUT /sites/{siteId}/workbooks/{workbookId}": publishes,
  "POST /sites/{siteId}/datasources": publishes,
  "PUT /sites/{siteId}/datasources/{datasourceId}": publishes,
  "PATCH /sites/{siteId}/datasources/{datasourceId}/data": publishes,
  "PATCH /sites/{siteId}/datasources/{datasourceId}/connections/{connectionId}/data": publishes,
  "POST /sites/{siteId}/flows": publishes,
  "PUT /sites/{siteId}/flows/{flowId}": publishes,
  "GET /sites/{siteId}/jobs": jobQueries,
  "GET /sites/{siteId}/jobs/{jobId}": jobQueries,
  "PUT /sites/{siteId}/jobs/{jobId}": jobQueries,
  "GET /sites/{siteId}/users": userLists,
  "DELETE /sites/{siteId}/users/{userId}": userRemovals,
  "POST /api/v1/vizql-data-service/query-datasource": vizqlQueries,
};

const USUAL: readonly Budget[] = [calls];

/** By template, then by method: found without making a text for each call. */
const drawn = new Map<string, Map<string, readonly Budget[]>>();
for (const [request, other] of Object.entries(DRAWS)) {
  const space = request.indexOf(" ");
  const template = request.slice(space + 1);
  const methods = drawn.get(template) ?? new Map<string, readonly Budget[]>();
  drawn.set(template, methods.set(request.slice(0, space), [calls, other]));
}

/** The budgets that one request of this route draws on. The same array each time. */
export function budgetsOf({ template, method }: Pick<Route, "template" | "method">): readonly Budget[] {
  return drawn.get(template)?.get(method) ?? USUAL;
}

/** For the test that holds them against the route table. */
export const drawingRequests: readonly string[] = Object.keys(DRAWS);
