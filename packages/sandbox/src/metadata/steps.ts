import type { CatalogTable } from "../rest/catalog/model.ts";
import type { Graph } from "./graph.ts";
import { fieldsNamedBy, type Indexes } from "./indexes.ts";
import { type ColumnNode, type FieldNode, isDatabase, isField, type Node, type TableNode } from "./nodes.ts";

/** What it takes to go a step along the lineage. */
export type Walk = { graph: Graph; indexes: Indexes };

/** What something comes from directly. */
export function parentsOf(node: Node, { graph, indexes }: Walk): readonly Node[] {
  switch (node.kind) {
    case "Sheet":
      return graph.fieldsOn(node);
    case "Dashboard":
      return graph.sheetsOn(node);
    case "Workbook":
      return graph.embeddedIn(node);
    case "EmbeddedDatasource":
      return node.published === undefined
        ? graph.reads(node).tables.map(graph.table)
        : [graph.published(node.published)];
    case "PublishedDatasource":
      return [...graph.reads(node).tables.map(graph.table), ...(indexes.flows().writing.get(node.item) ?? [])];
    case "Flow":
      return indexes.flows().read.get(node) ?? [];
    case "Column":
      return node.query === undefined
        ? []
        : graph.columnsIn(graph.table(node.item.table)).filter(({ item }) => item === node.item);
    case "CustomSQLTable":
      return [graph.table(node.table)];
    case "VirtualConnection":
      return graph.virtualTables(node.item);
    case "VirtualConnectionTable":
      return tablesBehind(graph, node.connection.connections[0]?.server, node.item.name);
    default:
      return isField(node) ? parentsOfField(node, { graph, indexes }) : [];
  }
}

function parentsOfField(node: FieldNode, { graph, indexes }: Walk): readonly Node[] {
  const { source } = node;
  const remote = graph.remoteOf(node);
  if (remote !== undefined) return [remote];
  const column = graph.columnOf(node);
  const flows = source.kind === "PublishedDatasource" ? (indexes.flows().writing.get(source.item) ?? []) : [];
  return [...(column === undefined ? fieldsNamedBy(node, graph) : [column]), ...flows];
}

/** The tables of this name on a server. */
export function tablesBehind(graph: Graph, server: string | undefined, name: string): TableNode[] {
  const isBehind = (one: CatalogTable): boolean => one.name === name && one.database.hostName === server;
  return graph.catalog("catalog").tables.values().filter(isBehind).map(graph.table).toArray();
}

/** What comes of something directly. */
export function childrenOf(node: Node, { graph, indexes }: Walk): readonly Node[] {
  switch (node.kind) {
    // By its columns: what only reads the same source, and none of this table, does not come of it.
    case "DatabaseTable":
      return [...graph.columnsIn(node), ...(indexes.flows().reading.get(node) ?? [])];
    case "Column":
      return childrenOfColumn(node, { graph, indexes });
    case "CustomSQLTable":
      return graph.queriedColumns(node);
    case "PublishedDatasource":
      return indexes.content().leading.get(node.item) ?? [];
    case "EmbeddedDatasource":
      return indexes.content().drawing.get(node) ?? [];
    case "Flow":
      return (indexes.flows().written.get(node) ?? []).map(graph.published);
    case "Sheet":
      return indexes.content().showing.get(node) ?? [];
    default:
      if (isDatabase(node)) return indexes.tablesIn(node.item.id);
      return isField(node) ? childrenOfField(node, { graph, indexes }) : [];
  }
}

function childrenOfColumn(node: ColumnNode, { graph, indexes }: Walk): readonly Node[] {
  const { item, query } = node;
  const sources = query === undefined ? (indexes.content().reading.get(item.table) ?? []) : [query.source];
  return sources.flatMap((source) => {
    const field = graph.fieldsByCaption(source).get(item.name);
    const column = field && graph.columnOf(field);
    if (field === undefined || column?.item !== item) return [];
    return [column === node ? field : column];
  });
}

function childrenOfField(node: FieldNode, { graph, indexes }: Walk): readonly Node[] {
  const { source, field } = node;
  const own = indexes.referencing(node);
  if (source.kind === "EmbeddedDatasource") return [...own, ...indexes.sheetsWith(source, node)];
  const copies = indexes.content().leading.get(source.item) ?? [];
  return [...own, ...copies.flatMap((copy) => graph.fieldsByCaption(copy).get(field.caption) ?? [])];
}

/** What something is part of, from the inside out. */
export function holdersOf(node: Node, graph: Graph): readonly Node[] {
  switch (node.kind) {
    case "Column":
      return [node.query ?? graph.table(node.item.table), graph.database(node.item.table.database)];
    case "CustomSQLTable":
      return [graph.database(node.table.database)];
    case "DatabaseTable":
      return [graph.database(node.item.database)];
    case "VirtualConnectionTable":
      return [graph.virtualConnection(node.connection)];
    case "Sheet":
    case "Dashboard":
    case "EmbeddedDatasource":
      return [graph.workbook(node.workbook)];
    default:
      return isField(node) ? [node.source, ...holdersOf(node.source, graph)] : [];
  }
}
