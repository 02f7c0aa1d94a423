import { family, type RouteDetails, type RouteLine } from "./route-line.ts";

const site = { role: "site administrator", since: "3.11" } as const;
const server = { role: "server administrator", edition: "server", since: "3.11" } as const;
const anyone = { since: "3.11" } as const;

const analytics = "/api/-/settings/site/extensions/analytics";

export const analyticsExtensionRoutes = family("Analytics extensions", [
  [
    "GET /api/-/settings/server/extensions/analytics",
    "Show whether the server has analytics extensions on",
    "analytics_extensions:read?",
    server,
  ],
  [
    "PUT /api/-/settings/server/extensions/analytics",
    "Switch the server's analytics extensions on or off",
    "analytics_extensions:update?",
    server,
  ],
  [`GET ${analytics}`, "Show whether analytics extensions are on", "analytics_extensions:read?", site],
  [`PUT ${analytics}`, "Switch analytics extensions on or off", "analytics_extensions:update?", site],
  [`GET ${analytics}/connections`, "List analytics extensions", "analytics_extensions:read?", site],
  [`POST ${analytics}/connections`, "Add an analytics extension", "analytics_extensions:create?", site],
  [`GET ${analytics}/connections/{connectionId}`, "Show an analytics extension", "analytics_extensions:read?", site],
  [
    `PUT ${analytics}/connections/{connectionId}`,
    "Update an analytics extension",
    "analytics_extensions:update?",
    site,
  ],
  [
    `DELETE ${analytics}/connections/{connectionId}`,
    "Delete an analytics extension",
    "analytics_extensions:delete?",
    site,
  ],
  [
    `GET ${analytics}/workbooks/{workbookId}/connections`,
    "List the analytics extensions of a workbook",
    "analytics_extensions:read?",
    anyone,
  ],
  [
    `GET ${analytics}/workbooks/{workbookId}/selected_connection`,
    "Show a workbook's analytics extension",
    "analytics_extensions:read?",
    anyone,
  ],
  [
    `PUT ${analytics}/workbooks/{workbookId}/selected_connection`,
    "Choose a workbook's analytics extension",
    "analytics_extensions:update?",
    anyone,
  ],
  [
    `DELETE ${analytics}/workbooks/{workbookId}/selected_connection`,
    "Remove a workbook's analytics extension",
    "analytics_extensions:delete?",
    anyone,
  ],
]);

/** Settings and list of one level; the server keeps a list of what is blocked, a site of what is allowed. */
function dashboardLines(level: "server" | "site", listName: string, details: RouteDetails): readonly RouteLine[] {
  const base = `/api/-/settings/${level}/extensions/dashboard` as const;
  const scope = `extensions_${level}_settings`;
  const listed = listName === "blockListItems" ? "blocked" : "allowed";
  return [
    [`GET ${base}`, `Show the ${level}'s dashboard extension settings`, `${scope}:read?`, details],
    [`PUT ${base}`, `Update the ${level}'s dashboard extension settings`, `${scope}:update?`, details],
    [`GET ${base}/${listName}`, `List ${listed} dashboard extensions`, `${scope}:read?`, details],
    [`POST ${base}/${listName}`, `Add a dashboard extension to the ${listed} ones`, `${scope}:update?`, details],
    [`GET ${base}/${listName}/{itemId}`, `Show one of the ${listed} dashboard extensions`, `${scope}:read?`, details],
    [
      `PUT ${base}/${listName}/{itemId}`,
      `Update one of the ${listed} dashboard extensions`,
      `${scope}:update?`,
      details,
    ],
    [
      `DELETE ${base}/${listName}/{itemId}`,
      `Remove one of the ${listed} dashboard extensions`,
      `${scope}:update?`,
      details,
    ],
  ];
}

// Retired in API 3.21 for `/settings/extensions`, still answered by older servers.
export const dashboardExtensionRoutes = family("Dashboard extensions", [
  ...dashboardLines("server", "blockListItems", server),
  ...dashboardLines("site", "safeListItems", site),
]);
