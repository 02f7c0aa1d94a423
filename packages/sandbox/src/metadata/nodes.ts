import type { CatalogTable, Column, Database } from "../rest/catalog/model.ts";
import type { CatalogField } from "../rest/catalog/source-fields.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import type { Flow, OutputStep } from "../rest/flows/model.ts";
import type { Label } from "../rest/labels/model.ts";
import type { User } from "../rest/users/model.ts";
import type { View } from "../rest/views/model.ts";
import type { Worksheet } from "../rest/views/sheet.ts";
import type { VirtualConnection, VirtualTable } from "../rest/virtual-connections/model.ts";
import type { EmbeddedDatasource, Workbook } from "../rest/workbooks/model.ts";
import type { Site } from "../site/site.ts";

/** What the Metadata API's types are made of. `kind` is the type's name, `id` the API's own. */
type NodeOf<Kind extends string, Held> = { kind: Kind; id: string } & Held;

export type PublishedNode = NodeOf<"PublishedDatasource", { item: Datasource }>;

/** `published` is what it leads to, when that is a published data source. */
export type EmbeddedNode = NodeOf<
  "EmbeddedDatasource",
  { item: EmbeddedDatasource; workbook: Workbook; published: Datasource | undefined }
>;

export type SourceNode = PublishedNode | EmbeddedNode;

export const fieldKinds = [
  "BinField",
  "CalculatedField",
  "ColumnField",
  "CombinedField",
  "CombinedSetField",
  "DatasourceField",
  "GroupField",
  "HierarchyField",
  "SetField",
] as const;

export type FieldNode = NodeOf<(typeof fieldKinds)[number], { field: CatalogField; source: SourceNode }>;

/** A worksheet; one that its workbook does not show as a view has none. */
export type SheetNode = NodeOf<
  "Sheet",
  { name: string; worksheet: Worksheet; workbook: Workbook; view: View | undefined }
>;

export type DashboardNode = NodeOf<"Dashboard", { view: View; workbook: Workbook }>;
export type WorkbookNode = NodeOf<"Workbook", { item: Workbook }>;

export const databaseKinds = ["CloudFile", "DatabaseServer", "File", "WebDataConnector"] as const;

export type DatabaseNode = NodeOf<(typeof databaseKinds)[number], { item: Database }>;
export type TableNode = NodeOf<"DatabaseTable", { item: CatalogTable }>;
/** A column of a table, or (with the same things known of it) what a query makes of it. */
export type ColumnNode = NodeOf<"Column", { item: Column; query: QueryNode | undefined }>;

/** A query that a data source reads a table by. */
export type QueryNode = NodeOf<"CustomSQLTable", { source: SourceNode; table: CatalogTable }>;

export type FlowNode = NodeOf<"Flow", { item: Flow }>;
export type StepNode = NodeOf<"FlowOutputStep", { item: OutputStep; flow: Flow }>;
export type VirtualConnectionNode = NodeOf<"VirtualConnection", { item: VirtualConnection }>;
export type VirtualTableNode = NodeOf<"VirtualConnectionTable", { item: VirtualTable; connection: VirtualConnection }>;
export type UserNode = NodeOf<"TableauUser", { item: User }>;
export type SiteNode = NodeOf<"TableauSite", { item: Site }>;
export type TagNode = NodeOf<"Tag", { label: string }>;

export type LabelNode = NodeOf<"DataQualityWarning" | "DataQualityCertification" | "GenericLabel", { item: Label }>;

/** `owner` is what it stands in. */
export type ParameterNode = NodeOf<"Parameter", { name: string; owner: WorkbookNode | PublishedNode }>;

export type Node =
  | SourceNode
  | FieldNode
  | SheetNode
  | DashboardNode
  | WorkbookNode
  | DatabaseNode
  | TableNode
  | ColumnNode
  | QueryNode
  | FlowNode
  | StepNode
  | VirtualConnectionNode
  | VirtualTableNode
  | UserNode
  | SiteNode
  | TagNode
  | LabelNode
  | ParameterNode;

export type Kind = Node["kind"];

export function isField(node: Node): node is FieldNode {
  return fieldKinds.some((kind) => kind === node.kind);
}

export function isDatabase(node: Node): node is DatabaseNode {
  return databaseKinds.some((kind) => kind === node.kind);
}

export function isLabel(node: Node): node is LabelNode {
  return node.kind === "GenericLabel" || node.kind === "DataQualityWarning" || node.kind === "DataQualityCertification";
}

export function isSource(node: Node): node is SourceNode {
  return node.kind === "PublishedDatasource" || node.kind === "EmbeddedDatasource";
}
