import type { Capability, DefaultKind } from "./model.ts";

/** What permissions are set on, by the names of Tableau's schema (permissionsType). */
export type ContentKind =
  | "project"
  | "workbook"
  | "view"
  | "datasource"
  | "flow"
  | "virtualConnection"
  | "database"
  | "table";

const viewing = ["Read", "Filter", "ViewComments", "AddComment", "ExportImage", "ExportData"] as const;
const exploring = ["ShareView", "ViewUnderlyingData", "WebAuthoring"] as const;
const administering = ["ChangeHierarchy", "Delete", "ChangePermissions"] as const;

const workbook: readonly Capability[] = [
  ...viewing,
  ...exploring,
  ...(["RunExplainData", "ExportXml", "Write", "ExtractRefresh"] as const),
  ...administering,
];
const view: readonly Capability[] = [...viewing, ...exploring, "ExportXml", "Write", "Delete", "ChangePermissions"];
const datasource: readonly Capability[] = [
  ...(["Read", "Connect", "ExportXml", "Write", "SaveAs", "ExtractRefresh"] as const),
  ...(["VizqlDataApiAccess", "PulseMetricDefine"] as const),
  ...administering,
];
const flow: readonly Capability[] = ["Read", "ExportXml", "Execute", "Write", "WebAuthoringForFlows", ...administering];
const virtualConnection: readonly Capability[] = ["Read", "Connect", "Write", "ExtractRefresh", ...administering];
const asset: readonly Capability[] = ["Read", "Write", "ChangeHierarchy", "ChangePermissions"];
const other: readonly Capability[] = ["Read", "Write", ...administering];

/** What may be allowed or denied on each kind; anything else is 400009. inferred: `ExtractRefresh`'s kinds. */
export const capabilitiesOf: Readonly<Record<ContentKind, readonly Capability[]>> = {
  project: ["ProjectLeader", "Read", "Write"],
  workbook,
  view,
  datasource,
  flow,
  virtualConnection,
  database: asset,
  table: asset,
};

/** What a project's default permissions hold for each kind. */
export const defaultCapabilities: Readonly<Record<DefaultKind, readonly Capability[]>> = {
  workbooks: workbook,
  datasources: datasource,
  flows: flow,
  metrics: other,
  lenses: other,
  dataroles: other,
  databases: asset,
  tables: asset,
  virtualConnections: virtualConnection,
};
