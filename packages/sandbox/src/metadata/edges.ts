import type { Graph } from "./graph.ts";
import { isOf, tagsOf } from "./kinds.ts";
import { isCopy, ownerOf } from "./lineage.ts";
import { type FieldNode, isDatabase, isField, isLabel, type Node, type QueryNode } from "./nodes.ts";
import { rootsOf } from "./roots.ts";
import type { Ways } from "./ways.ts";

/** What a list of the schema holds for one thing: what belongs to it, or what stands up or down its lineage. */
export function listOf(node: Node, list: string, type: string, ways: Ways): readonly Node[] {
  const { lineage, labelled } = ways;
  if (list.startsWith("upstream")) return upstream(node, list, type, ways);
  if (list.startsWith("downstream")) return matching(lineage.downstream(node), list, type, ways);
  switch (list) {
    case "labels":
      return labelled.on(node);
    case "dataQualityWarnings":
    case "dataQualityCertifications":
      return labelled.on(node).filter(({ kind }) => isOf(kind, type));
    case "tags":
      return tagsOf(node).map(ways.graph.tag);
    default:
      return ownList(node, list, type, ways);
  }
}

function ownList(node: Node, list: string, type: string, ways: Ways): readonly Node[] {
  const { graph, lineage } = ways;
  switch (node.kind) {
    case "Workbook":
      if (list === "sheets") return graph.sheetsIn(node);
      if (list === "dashboards") return graph.dashboardsIn(node);
      if (list === "views") return [...graph.sheetsIn(node), ...graph.dashboardsIn(node)];
      return list === "parameters" ? graph.parametersIn(node) : graph.embeddedIn(node);
    case "Sheet":
      if (list === "containedInDashboards") return lineage.dashboardsOf(node);
      if (list === "parentEmbeddedDatasources") return [graph.sourceOf(node)].filter((one) => one !== undefined);
      return list === "worksheetFields" ? [] : graph.fieldsOn(node);
    case "Dashboard":
      return graph.sheetsOn(node);
    case "PublishedDatasource":
      if (list === "parameters") return graph.parametersIn(node);
      return list === "fields" ? graph.fieldsIn(node) : [];
    case "EmbeddedDatasource":
      if (list === "fields") return graph.fieldsIn(node);
      return list === "parentPublishedDatasources" && node.published ? [graph.published(node.published)] : [];
    case "DatabaseTable":
      return list === "columns" ? graph.columnsIn(node) : queriesOf(list, ways, ({ table }) => table === node.item);
    case "CustomSQLTable":
      return list === "columns" ? graph.queriedColumns(node) : [graph.table(node.table)];
    case "Column":
      // Where a query reads a table, its columns lead to the query's, which are no fields.
      return list === "referencedByFields" ? lineage.children(node).filter(isField) : [];
    case "VirtualConnection":
      return list === "tables" ? graph.virtualTables(node.item) : [];
    case "VirtualConnectionTable":
      return lineage.tablesBehind(node.connection.connections[0]?.server, node.item.name).flatMap(graph.columnsIn);
    case "Flow":
      return list === "outputSteps" ? graph.stepsOf(node.item) : [];
    case "TableauUser":
    case "TableauSite":
      return belonging(node, list, type, ways);
    case "Tag":
      return ways.tagged(node.label.toLowerCase()).filter(({ kind }) => isOf(kind, type));
    case "Parameter":
      return [];
    default:
      if (isDatabase(node)) {
        if (list === "tables") return lineage.tablesIn(node.item.id);
        return queriesOf(list, ways, ({ table }) => table.database === node.item);
      }
      return isField(node) ? listOfField(node, list, ways) : [];
  }
}

function queriesOf(list: string, ways: Ways, isMeant: (query: QueryNode) => boolean): readonly Node[] {
  if (list !== "referencedByQueries") return [];
  return rootsOf("CustomSQLTable", ways).filter((node) => node.kind === "CustomSQLTable" && isMeant(node));
}

function listOfField(node: FieldNode, list: string, { graph, lineage }: Ways): readonly Node[] {
  switch (list) {
    case "sheets":
    case "directSheets":
      return list === "sheets"
        ? lineage.downstream(node).filter(({ kind }) => kind === "Sheet")
        : lineage.children(node).filter(({ kind }) => kind === "Sheet");
    case "columns":
      return [graph.columnOf(node)].filter((one) => one !== undefined);
    case "fields":
      return lineage.referenced(node);
    case "parameters":
      return parametersNamedIn(node, graph);
    case "referencedByFields":
      return lineage.referencing(node);
    case "referencedByRemoteFields":
      return lineage.children(node).filter(({ kind }) => kind === "DatasourceField");
    case "referencedByCalculations":
      return lineage.referencing(node).filter(({ kind }) => kind === "CalculatedField");
    case "referencedByBins":
      return lineage.referencing(node).filter(({ kind }) => kind === "BinField");
    case "referencedByGroups":
      return lineage.referencing(node).filter(({ kind }) => kind === "GroupField");
    default:
      return [];
  }
}

function parametersNamedIn({ field, source }: FieldNode, graph: Graph): readonly Node[] {
  const owner = source.kind === "PublishedDatasource" ? source : graph.workbook(source.workbook);
  return graph.parametersIn(owner).filter(({ name }) => field.formula?.includes(`[Parameters].[${name}]`));
}

/** What somebody owns, answers for or has labelled; what a site holds. */
function belonging(
  node: Extract<Node, { kind: "TableauUser" | "TableauSite" }>,
  list: string,
  type: string,
  ways: Ways,
) {
  const all = rootsOf(type, ways);
  if (node.kind === "TableauSite") return all;
  const { item: user } = node;
  if (list.startsWith("owned")) return all.filter((one) => ownerOf(one) === user);
  if (list.startsWith("authored")) return all.filter((one) => isLabel(one) && one.item.author === user);
  if (list === "certifiedDatasources") {
    return all.filter((one) => one.kind === "PublishedDatasource" && one.item.isCertified && one.item.owner === user);
  }
  return all.filter((one) => {
    if (one.kind !== "DatabaseTable" && !isDatabase(one)) return false;
    return list.startsWith("contact") ? one.item.contact === user : one.item.isCertified && one.item.certifier === user;
  });
}

function upstream(node: Node, list: string, type: string, ways: Ways): readonly Node[] {
  if (list === "upstreamSheetFieldInstances" && node.kind === "Dashboard") {
    return [...new Set(ways.graph.sheetsOn(node).flatMap(ways.graph.fieldsOn))];
  }
  return matching(ways.lineage.upstream(node), list, type, ways);
}

/** What of the things along a way a list is of. */
function matching(reached: readonly Node[], list: string, type: string, { graph, labelled }: Ways): readonly Node[] {
  if (list.endsWith("Owners")) {
    return [...new Set(reached.flatMap((node) => ownerOf(node) ?? []))].map(graph.user);
  }
  if (list.endsWith("Labels") || list.endsWith("DataQualityWarnings")) {
    return reached.flatMap(labelled.on).filter(({ kind }) => isOf(kind, type));
  }
  const isUpstream = list.startsWith("upstream");
  return reached.filter((node) => {
    // Upstream, what only stands for a published source's is that one's.
    if (isUpstream && (isCopy(node) || node.kind === "DatasourceField")) return false;
    return isOf(node.kind, type);
  });
}
