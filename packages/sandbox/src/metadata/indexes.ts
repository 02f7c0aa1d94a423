import { databaseIdOf } from "../rest/catalog/catalog.ts";
import type { CatalogTable } from "../rest/catalog/model.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import type { Graph } from "./graph.ts";
import type { DashboardNode, EmbeddedNode, FieldNode, FlowNode, SheetNode, SourceNode, TableNode } from "./nodes.ts";
import { addTo, once } from "./once.ts";

export type Indexes = ReturnType<typeof openIndexes>;

/** What things are used by, which they do not know themselves; each index is made when it is first needed. */
export function openIndexes(graph: Graph) {
  const content = once((_key: "all") => indexContent(graph));
  const flows = once((_key: "all") => indexFlows(graph));
  const references = once((source: SourceNode) => indexReferences(graph, source));
  const sheets = once((source: EmbeddedNode) => indexSheets(graph, content("all").drawing.get(source) ?? []));
  const tables = once((_key: "all") => Map.groupBy(graph.catalog("catalog").tables.values(), (one) => one.database.id));
  return {
    content: () => content("all"),
    flows: () => flows("all"),
    /** The fields of the same source that name a field. */
    referencing: (field: FieldNode): readonly FieldNode[] => references(field.source).get(field) ?? [],
    /** The sheets that a field of a workbook's source is on. */
    sheetsWith: (source: EmbeddedNode, field: FieldNode): readonly SheetNode[] => sheets(source).get(field) ?? [],
    tablesIn: (databaseId: string): TableNode[] => (tables("all").get(databaseId) ?? []).map(graph.table),
  };
}

function indexContent(graph: Graph) {
  const leading = new Map<Datasource, EmbeddedNode[]>();
  const reading = new Map<CatalogTable, SourceNode[]>();
  const drawing = new Map<EmbeddedNode, SheetNode[]>();
  const showing = new Map<SheetNode, DashboardNode[]>();
  for (const item of graph.site.datasources.values()) {
    const source = graph.published(item);
    for (const read of graph.reads(source).tables) addTo(reading, read, source);
  }
  for (const holder of Iterator.from(graph.site.workbooks.values()).map(graph.workbook)) {
    for (const source of graph.embeddedIn(holder)) {
      if (source.published !== undefined) addTo(leading, source.published, source);
      else for (const read of graph.reads(source).tables) addTo(reading, read, source);
    }
    for (const sheet of graph.sheetsIn(holder)) {
      const source = graph.sourceOf(sheet);
      if (source !== undefined) addTo(drawing, source, sheet);
    }
    for (const dashboard of graph.dashboardsIn(holder)) {
      for (const sheet of graph.sheetsOn(dashboard)) addTo(showing, sheet, dashboard);
    }
  }
  return { leading, reading, drawing, showing };
}

function indexFlows(graph: Graph) {
  const writing = new Map<Datasource, FlowNode[]>();
  const written = new Map<FlowNode, Datasource[]>();
  const reading = new Map<TableNode, FlowNode[]>();
  const read = new Map<FlowNode, TableNode[]>();
  const byName = Map.groupBy(graph.site.datasources.values(), ({ name }) => name);
  for (const item of graph.site.flows.values()) {
    const flow = graph.flow(item);
    // inferred: an output step writes the data source of its name in the flow's project.
    for (const { name } of item.outputSteps) {
      const target = byName.get(name)?.find(({ project }) => project === item.project);
      if (target === undefined) continue;
      addTo(writing, target, flow);
      addTo(written, flow, target);
    }
    for (const source of tablesOfFlow(graph, flow)) {
      addTo(reading, source, flow);
      addTo(read, flow, source);
    }
  }
  return { writing, written, reading, read };
}

/** inferred: a flow's file is not read as far as its tables: it reads the first one of each of its databases. */
function tablesOfFlow(graph: Graph, { item }: FlowNode): TableNode[] {
  const { databases, tables } = graph.catalog("catalog");
  return item.connections.flatMap((connection) => {
    const behind = databases.get(databaseIdOf(graph.site, connection, item.name));
    const first = tables.values().find((one) => one.database === behind);
    return behind === undefined || first === undefined ? [] : [graph.table(first)];
  });
}

function indexReferences(graph: Graph, source: SourceNode): ReadonlyMap<FieldNode, FieldNode[]> {
  const found = new Map<FieldNode, FieldNode[]>();
  for (const one of graph.fieldsIn(source)) for (const named of fieldsNamedBy(one, graph)) addTo(found, named, one);
  return found;
}

function indexSheets(graph: Graph, sheets: readonly SheetNode[]): ReadonlyMap<FieldNode, SheetNode[]> {
  const found = new Map<FieldNode, SheetNode[]>();
  for (const sheet of sheets) for (const used of graph.fieldsOn(sheet)) addTo(found, used, sheet);
  return found;
}

/** The fields that a field is made of. */
export function fieldsNamedBy({ kind, field, source }: FieldNode, graph: Graph): FieldNode[] {
  if (kind === "ColumnField" || kind === "DatasourceField") return [];
  const known = graph.fieldsByCaption(source);
  const names = namesIn(field.formula ?? `[${field.name.replace(/ \(group\)$/, "")}]`);
  return names.flatMap((name) => known.get(name) ?? []);
}

/** The captions in a formula, without those of parameters. */
function namesIn(formula: string): string[] {
  const names = Array.from(formula.matchAll(/(\[Parameters\]\.)?\[([^\]]+)\]/g));
  return [...new Set(names.flatMap(([, parameter, name = ""]) => (parameter === undefined ? [name] : [])))];
}
