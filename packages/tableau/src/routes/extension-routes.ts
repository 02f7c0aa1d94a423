import { family, type RouteDetails, type RouteLine } from "./route-line.ts";

const site = { role: "site administrator", since: "3.11" } as const;
const server = { role: "server administrator", edition: "server", since: "3.11" } as const;
const anyone = { since: "3.11" } as const;

const analytics = "/api/-/settings/site/extensions/analytics";

// Tableau's OpenAPI file says for each route of this file: no access scope.
export const analyticsExtensionRoutes = family("Analytics extensions", [
  [
    "GET /api/-/settings/server/extensions/analytics",
    "Show whether the server has analytics extensions on",
    "none",
    server,
  ],
  [
    "PUT /api/-/settings/server/extensions/analytics",
    "Switch the server's analytics extensions on or off",
    "none",
    server,
  ],
  [`GET ${analytics}`, "Show whether analytics extensions are on", "none", site],
  [`PUT ${analytics}`, "Switch analytics extensions on or off", "none", site],
  [`GET ${analytics}/connections`, "List analytics extensions", "none", site],
  [`POST ${analytics}/connections`, "Add an analytics extension", "none", site],
  [`GET ${analytics}/connections/{connectionId}`, "Show an analytics extension", "none", site],
  [`PUT ${analytics}/connections/{connectionId}`, "Update an analytics extension", "none", site],
  [`DELETE ${analytics}/connections/{connectionId}`, "Delete an analytics extension", "none", site],
  [
    `GET ${analytics}/workbooks/{workbookId}/connections`,
    "List the analytics extensions of a workbook",
    "none",
    anyone,
  ],
  [
    `GET ${analytics}/workbooks/{workbookId}/selected_connection`,
    "Show a workbook's analytics extension",
    "none",
    anyone,
  ],
  [
    `PUT ${analytics}/workbooks/{workbookId}/selected_connection`,
    "Choose a workbook's analytics extension",
    "none",
    anyone,
  ],
  [
    `DELETE ${analytics}/workbooks/{workbookId}/selected_connection`,
    "Remove a workbook's analytics extension",
    "none",
    anyone,
  ],
]);

/** Settings and list of one level; the server keeps a list of what is blocked, a site of what is allowed. */
function dashboardLines(level: "server" | "site", listName: string, details: RouteDetails): readonly RouteLine[] {
  const base = `/api/-/settings/${level}/extensions/dashboard` as const;
  const listed = listName === "blockListItems" ? "blocked" : "allowed";
  return [
    [`GET ${base}`, `Show the ${level}'s dashboard extension settings`, "none", details],
    [`PUT ${base}`, `Update the ${level}'s dashboard extension settings`, "none", details],
    [`GET ${base}/${listName}`, `List ${listed} dashboard extensions`, "none", details],
    [`POST ${base}/${listName}`, `Add a dashboard extension to the ${listed} ones`, "none", details],
    [`GET ${base}/${listName}/{itemId}`, `Show one of the ${listed} dashboard extensions`, "none", details],
    [`PUT ${base}/${listName}/{itemId}`, `Update one of the ${listed} dashboard extensions`, "none", details],
    [`DELETE ${base}/${listName}/{itemId}`, `Remove one of the ${listed} dashboard extensions`, "none", details],
  ];
}

// Retired in API 3.21 for `/settings/extensions`, still answered by older servers.
export const dashboardExtensionRoutes = family("Dashboard extensions", [
  ...dashboardLines("server", "blockListItems", server),
  ...dashboardLines("site", "safeListItems", site),
]);
