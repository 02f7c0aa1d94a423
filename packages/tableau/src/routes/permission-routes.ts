import { family, type RouteLine, type TableauRoute } from "./route-line.ts";

interface Permitted {
  /** As it stands in the path. */
  readonly path: string;
  readonly parameter: string;
  readonly noun: string;
  readonly since?: string;
}

const permitted: readonly Permitted[] = [
  { path: "projects", parameter: "projectId", noun: "a project" },
  { path: "workbooks", parameter: "workbookId", noun: "a workbook" },
  { path: "views", parameter: "viewId", noun: "a view" },
  { path: "datasources", parameter: "datasourceId", noun: "a data source" },
  { path: "flows", parameter: "flowId", noun: "a flow" },
  { path: "databases", parameter: "databaseId", noun: "a database", since: "3.5" },
  { path: "tables", parameter: "tableId", noun: "a table", since: "3.5" },
  { path: "virtualConnections", parameter: "virtualConnectionId", noun: "a virtual connection", since: "3.22" },
];

const grantees = [
  { path: "users/{userId}", noun: "a user" },
  { path: "groups/{groupId}", noun: "a group" },
  { path: "groupSets/{groupSetId}", noun: "a group set" },
] as const;

/**
 * What can be done with one list of permissions, `of` being e.g. `a workbook`. POST replaces the whole list ("Replace
 * Permissions for Content"); its scope is what public clients ask for.
 */
function permissionLines(path: string, of: string, since: string | undefined): readonly RouteLine[] {
  const details = since === undefined ? {} : { since };
  return [
    [`GET S/${path}`, `List the permissions of ${of}`, "permissions:read", details],
    [`PUT S/${path}`, `Add permissions to ${of}`, "permissions:update", details],
    [`POST S/${path}`, `Replace the permissions of ${of}`, "permissions:update?", details],
    ...grantees.map(
      (grantee): RouteLine => [
        `DELETE S/${path}/${grantee.path}/{capability}/{mode}`,
        `Remove a permission of ${grantee.noun} from ${of}`,
        "permissions:delete",
        grantee.noun === "a group set" ? { since: "3.22" } : details,
      ],
    ),
  ];
}

const contentRoutes = permitted.flatMap(({ path, parameter, noun, since }) =>
  permissionLines(`${path}/{${parameter}}/permissions`, noun, since),
);

// Defaults per kind of content: workbooks, datasources, flows, metrics, lenses, dataroles, databases, tables,
// virtualConnections. One line with `{contentType}` holds them all.
const defaultRoutes = [
  ...permissionLines("projects/{projectId}/default-permissions/{contentType}", "what a project will hold", undefined),
  ...permissionLines("databases/{databaseId}/default-permissions/tables", "what a database will hold", "3.5"),
];

export const permissionRoutes: readonly TableauRoute[] = family("Permissions", [...contentRoutes, ...defaultRoutes]);
