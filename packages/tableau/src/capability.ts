import type { TableauRoute } from "./routes/route-line.ts";

/** A permission on content: as Tableau's pages call it, its name in the REST API, and on what it is given. */
export interface Capability {
  readonly title: string;
  readonly name: string;
  readonly on: string;
}

type Line = readonly [calls: RegExp, title: string, name: string, on: string];

// "Permission capabilities" in Tableau's help, and the REST reference, "Permissions" (names as in ts-api.xsd).
const capabilities: readonly Line[] = [
  [
    /^GET .*\/workbooks\/\{workbookId\}\/(revisions\/\{revision\}\/)?content$/,
    "Download/Save a Copy",
    "ExportXml",
    "the workbook",
  ],
  [
    /^GET .*\/datasources\/\{datasourceId\}\/(revisions\/\{revision\}\/)?content$/,
    "Download/Save a Copy",
    "ExportXml",
    "the data source",
  ],
  [/^GET .*\/flows\/\{flowId\}\/content$/, "Download Flow/Save a Copy", "ExportXml", "the flow"],
  [
    /^GET .*\/(views\/\{viewId\}|customviews\/\{customViewId\})\/(data|crosstab\/excel)$/,
    "Download Summary Data",
    "ExportData",
    "the view",
  ],
  [
    /^GET .*\/(views\/\{viewId\}|customviews\/\{customViewId\})\/(image|pdf)$/,
    "Download Image/PDF",
    "ExportImage",
    "the view",
  ],
  [/^GET .*\/workbooks\/\{workbookId\}\/(pdf|powerpoint)$/, "Download Image/PDF", "ExportImage", "the workbook"],
  [/^POST .*\/vizql-data-service\//, "API Access", "VizqlDataApiAccess", "the data source"],
  [/^POST .*\/flows\/\{flowId\}\/run$/, "Run Flow", "Execute", "the flow"],
  [/^POST .*\/workbooks\/\{workbookId\}\/(refresh|createExtract|deleteExtract)$/, "Overwrite", "Write", "the workbook"],
  [
    /^POST .*\/datasources\/\{datasourceId\}\/(refresh|createExtract|deleteExtract)$/,
    "Overwrite",
    "Write",
    "the data source",
  ],
  [/^(PUT|POST|DELETE) .*\/permissions(\/|$)|default-permissions/, "Set Permissions", "ChangePermissions", "the item"],
  [/^DELETE .*\/workbooks\/\{workbookId\}(\/revisions\/\{revision\})?$/, "Delete", "Delete", "the workbook"],
  [/^DELETE .*\/datasources\/\{datasourceId\}(\/revisions\/\{revision\})?$/, "Delete", "Delete", "the data source"],
  [/^DELETE .*\/flows\/\{flowId\}$/, "Delete", "Delete", "the flow"],
  [/^DELETE .*\/views\/\{viewId\}$/, "Delete", "Delete", "the view"],
  [/^(PUT|PATCH) .*\/workbooks\/\{workbookId\}(\/connections.*)?$/, "Overwrite", "Write", "the workbook"],
  [/^(PUT|PATCH) .*\/datasources\/\{datasourceId\}(\/connections.*|\/data)?$/, "Overwrite", "Write", "the data source"],
  [/^(PUT|PATCH) .*\/flows\/\{flowId\}(\/connections.*)?$/, "Overwrite", "Write", "the flow"],
  [/^POST .*\/(workbooks|datasources|flows|virtualConnections)$/, "Publish", "Write", "the project"],
  [
    /^(POST|PUT|DELETE) .*\/projects(\/\{projectId\})?$/,
    "Project Leader",
    "ProjectLeader",
    "the project, or the one above it",
  ],
  [/^GET .*\/workbooks\/\{workbookId\}/, "View", "Read", "the workbook"],
  [/^GET .*\/views\/\{viewId\}/, "View", "Read", "the view"],
  [/^GET .*\/datasources\/\{datasourceId\}/, "View", "Read", "the data source"],
  [/^GET .*\/flows\/\{flowId\}/, "View", "Read", "the flow"],
];

/** The permission that a route needs on its content; null where the table can't say. */
export function capabilityOf({ method, template }: TableauRoute): Capability | null {
  const call = `${method} ${template}`;
  const found = capabilities.find(([calls]) => calls.test(call));
  if (found === undefined) return null;
  const [, title, name, on] = found;
  return { title, name, on };
}
