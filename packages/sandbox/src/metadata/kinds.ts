import type { Kind, Node } from "./nodes.ts";

/** The tags that something carries. */
export function tagsOf(node: Node): readonly string[] {
  switch (node.kind) {
    case "Sheet":
      return node.view?.tags ?? [];
    case "Dashboard":
      return node.view.tags;
    default:
      return "item" in node && "tags" in node.item ? node.item.tags : [];
  }
}

/** Whether a kind of thing is of a type of the schema: the type itself, or one of its interfaces. */
export function isOf(kind: Kind, type: string): boolean {
  return kind === type || (interfaces[type]?.(kind) ?? false);
}

const withLabels: ReadonlySet<Kind> = new Set([
  ...(["CloudFile", "DatabaseServer", "File", "WebDataConnector", "DatabaseTable"] as const),
  ...(["PublishedDatasource", "VirtualConnection", "VirtualConnectionTable"] as const),
]);

const interfaces: Readonly<Record<string, (kind: Kind) => boolean>> = {
  Database: (kind) => ["CloudFile", "DatabaseServer", "File", "WebDataConnector"].includes(kind),
  Datasource: (kind) => kind === "PublishedDatasource" || kind === "EmbeddedDatasource",
  Field: (kind) => kind.endsWith("Field"),
  DataField: (kind) => ["BinField", "CalculatedField", "ColumnField", "GroupField"].includes(kind),
  AnalyticsField: (kind) => kind === "CalculatedField" || kind === "ColumnField",
  FieldReferencingField: (kind) => kind.endsWith("Field") && kind !== "ColumnField" && kind !== "DatasourceField",
  Table: (kind) => ["DatabaseTable", "CustomSQLTable", "VirtualConnectionTable"].includes(kind),
  View: (kind) => kind === "Sheet" || kind === "Dashboard",
  Label: (kind) => ["DataQualityWarning", "DataQualityCertification", "GenericLabel"].includes(kind),
  CanHaveLabels: (kind) => withLabels.has(kind) || kind === "Column" || kind === "Flow",
  Warnable: (kind) => withLabels.has(kind) || kind === "Column" || kind === "Flow",
  Certifiable: (kind) => withLabels.has(kind),
  Taggable: (kind) => withLabels.has(kind) || ["Column", "Dashboard", "Flow", "Sheet", "Workbook"].includes(kind),
};
