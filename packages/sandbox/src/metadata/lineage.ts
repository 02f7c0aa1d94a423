import { databaseIdOf } from "../rest/catalog/catalog.ts";
import type { CatalogTable } from "../rest/catalog/model.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import type { User } from "../rest/users/model.ts";
import type { Graph } from "./graph.ts";
import {
  type ColumnNode,
  type DashboardNode,
  type EmbeddedNode,
  type FieldNode,
  type FlowNode,
  isDatabase,
  isField,
  isSource,
  type Node,
  type SheetNode,
  type SourceNode,
  type TableNode,
} from "./nodes.ts";
import { addTo, once } from "./once.ts";

export type Lineage = ReturnType<typeof openLineage>;

/** What each thing comes from and what comes of it, directly and along the whole way. */
export function openLineage(graph: Graph) {
  const { site, table, published, workbook, flow, database } = graph;

  // The ways downstream are looked up in indexes, each made when it is first needed.
  const indexes = once((_key: "all") => {
    const leading = new Map<Datasource, EmbeddedNode[]>();
    const reading = new Map<CatalogTable, SourceNode[]>();
    const drawing = new Map<EmbeddedNode, SheetNode[]>();
    const showing = new Map<SheetNode, DashboardNode[]>();
    for (const item of site.datasources.values()) {
      const source = published(item);
      for (const read of graph.reads(source).tables) addTo(reading, read, source);
    }
    for (const item of site.workbooks.values()) {
      const holder = workbook(item);
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
  });

  const flowIndexes = once((_key: "all") => {
    const writing = new Map<Datasource, FlowNode[]>();
    const written = new Map<FlowNode, Datasource[]>();
    const reading = new Map<TableNode, FlowNode[]>();
    const read = new Map<FlowNode, TableNode[]>();
    const byName = Map.groupBy(site.datasources.values(), ({ name }) => name);
    for (const item of site.flows.values()) {
      const one = flow(item);
      // inferred: an output step writes the data source of its name in the flow's project.
      for (const { name } of item.outputSteps) {
        const target = byName.get(name)?.find(({ project }) => project === item.project);
        if (target === undefined) continue;
        addTo(writing, target, one);
        addTo(written, one, target);
      }
      for (const source of tablesOfFlow(one)) {
        addTo(reading, source, one);
        addTo(read, one, source);
      }
    }
    return { writing, written, reading, read };
  });

  /** inferred: a flow's file is not read as far as its tables: it reads the first one of each of its databases. */
  function tablesOfFlow({ item }: FlowNode): TableNode[] {
    const { databases, tables } = graph.catalog("catalog");
    return item.connections.flatMap((connection) => {
      const behind = databases.get(databaseIdOf(site, connection, item.name));
      const first = tables.values().find((one) => one.database === behind);
      return behind === undefined || first === undefined ? [] : [table(first)];
    });
  }

  /** The fields that name a field in their formula, in the same source. */
  const referencing = once((source: SourceNode): ReadonlyMap<FieldNode, FieldNode[]> => {
    const found = new Map<FieldNode, FieldNode[]>();
    for (const one of graph.fieldsIn(source)) for (const named of referenced(one)) addTo(found, named, one);
    return found;
  });

  const sheetsByField = once((source: EmbeddedNode): ReadonlyMap<FieldNode, SheetNode[]> => {
    const found = new Map<FieldNode, SheetNode[]>();
    for (const sheet of indexes("all").drawing.get(source) ?? []) {
      for (const used of graph.fieldsOn(sheet)) addTo(found, used, sheet);
    }
    return found;
  });

  /** The fields that a field is made of. */
  function referenced({ kind, field, source }: FieldNode): FieldNode[] {
    if (kind === "ColumnField" || kind === "DatasourceField") return [];
    const known = graph.fieldsByCaption(source);
    const names = namesIn(field.formula ?? `[${field.name.replace(/ \(group\)$/, "")}]`);
    return names.flatMap((name) => known.get(name) ?? []);
  }

  function parents(node: Node): readonly Node[] {
    switch (node.kind) {
      case "Sheet":
        return graph.fieldsOn(node);
      case "Dashboard":
        return graph.sheetsOn(node);
      case "Workbook":
        return graph.embeddedIn(node);
      case "EmbeddedDatasource":
        return node.published === undefined ? graph.reads(node).tables.map(table) : [published(node.published)];
      case "PublishedDatasource":
        return [...graph.reads(node).tables.map(table), ...(flowIndexes("all").writing.get(node.item) ?? [])];
      case "Flow":
        return flowIndexes("all").read.get(node) ?? [];
      case "Column":
        return node.query === undefined
          ? []
          : graph.columnsIn(table(node.item.table)).filter(({ item }) => item === node.item);
      case "CustomSQLTable":
        return [table(node.table)];
      case "VirtualConnection":
        return graph.virtualTables(node.item);
      case "VirtualConnectionTable":
        return tablesBehind(node.connection.connections[0]?.server, node.item.name);
      default:
        return isField(node) ? parentsOfField(node) : [];
    }
  }

  function parentsOfField(node: FieldNode): readonly Node[] {
    const { source } = node;
    const remote = graph.remoteOf(node);
    if (remote !== undefined) return [remote];
    const column = graph.columnOf(node);
    const flows = source.kind === "PublishedDatasource" ? (flowIndexes("all").writing.get(source.item) ?? []) : [];
    return [...(column === undefined ? referenced(node) : [column]), ...flows];
  }

  function tablesBehind(server: string | undefined, name: string): TableNode[] {
    const { tables } = graph.catalog("catalog");
    const isBehind = (one: CatalogTable): boolean => one.name === name && one.database.hostName === server;
    return tables.values().filter(isBehind).map(table).toArray();
  }

  function children(node: Node): readonly Node[] {
    switch (node.kind) {
      // By its columns: what only reads the same source, and none of this table, does not come of it.
      case "DatabaseTable":
        return [...graph.columnsIn(node), ...(flowIndexes("all").reading.get(node) ?? [])];
      case "Column":
        return childrenOfColumn(node);
      case "CustomSQLTable":
        return graph.queriedColumns(node);
      case "PublishedDatasource":
        return indexes("all").leading.get(node.item) ?? [];
      case "EmbeddedDatasource":
        return indexes("all").drawing.get(node) ?? [];
      case "Flow":
        return (flowIndexes("all").written.get(node) ?? []).map(published);
      case "Sheet":
        return indexes("all").showing.get(node) ?? [];
      default:
        if (isDatabase(node)) return tablesIn(node.item.id);
        return isField(node) ? childrenOfField(node) : [];
    }
  }

  function childrenOfColumn(node: ColumnNode): readonly Node[] {
    const { item, query } = node;
    const sources = query === undefined ? (indexes("all").reading.get(item.table) ?? []) : [query.source];
    return sources.flatMap((source) => {
      const field = graph.fieldsByCaption(source).get(item.name);
      const column = field && graph.columnOf(field);
      if (field === undefined || column?.item !== item) return [];
      return [column === node ? field : column];
    });
  }

  function childrenOfField(node: FieldNode): readonly Node[] {
    const { source, field } = node;
    const own = referencing(source).get(node) ?? [];
    if (source.kind === "EmbeddedDatasource") return [...own, ...(sheetsByField(source).get(node) ?? [])];
    const copies = indexes("all").leading.get(source.item) ?? [];
    return [...own, ...copies.flatMap((copy) => graph.fieldsByCaption(copy).get(field.caption) ?? [])];
  }

  const tablesByDatabase = once((_key: "all") =>
    Map.groupBy(graph.catalog("catalog").tables.values(), (one) => one.database.id),
  );

  function tablesIn(databaseId: string): TableNode[] {
    return (tablesByDatabase("all").get(databaseId) ?? []).map(table);
  }

  /** What something is part of, from the inside out. */
  function holders(node: Node): readonly Node[] {
    switch (node.kind) {
      case "Column":
        return [node.query ?? table(node.item.table), database(node.item.table.database)];
      case "CustomSQLTable":
        return [database(node.table.database)];
      case "DatabaseTable":
        return [database(node.item.database)];
      case "VirtualConnectionTable":
        return [graph.virtualConnection(node.connection)];
      case "Sheet":
      case "Dashboard":
      case "EmbeddedDatasource":
        return [workbook(node.workbook)];
      default:
        return isField(node) ? [node.source, ...holders(node.source)] : [];
    }
  }

  const reached = { upstream: once(along(parents)), downstream: once(along(children)) };

  /** Everything along one direction, with what it is part of; without what the start itself is part of. */
  function along(next: (node: Node) => readonly Node[]): (start: Node) => readonly Node[] {
    return (start) => {
      const own = new Set([start, ...holders(start)]);
      const found = new Set<Node>();
      const seen = new Set<Node>([start]);
      for (const node of seen) {
        if (node !== start) for (const one of [node, ...holders(node)]) if (!own.has(one)) found.add(one);
        for (const one of next(node)) seen.add(one);
      }
      return [...found];
    };
  }

  return {
    referenced,
    referencing: (node: FieldNode): readonly FieldNode[] => referencing(node.source).get(node) ?? [],
    tablesIn,
    upstream: (node: Node): readonly Node[] => reached.upstream(node),
    downstream: (node: Node): readonly Node[] => reached.downstream(node),
    children,
    dashboardsOf: (node: SheetNode): readonly DashboardNode[] => indexes("all").showing.get(node) ?? [],
    tablesBehind,
  };
}

/** Whose something is, where the lineage tells of owners. */
export function ownerOf(node: Node): User | undefined {
  switch (node.kind) {
    case "Workbook":
    case "PublishedDatasource":
    case "Flow":
    case "VirtualConnection":
      return node.item.owner;
    default:
      return undefined;
  }
}

/** Whether a data source in a workbook is only the way to a published one. */
export function isCopy(node: Node): boolean {
  return isSource(node) && node.kind === "EmbeddedDatasource" && node.published !== undefined;
}

/** The captions in a formula, without those of parameters. */
function namesIn(formula: string): string[] {
  const names = Array.from(formula.matchAll(/(\[Parameters\]\.)?\[([^\]]+)\]/g));
  return [...new Set(names.flatMap(([, parameter, name = ""]) => (parameter === undefined ? [name] : [])))];
}
