import { isOf } from "./kinds.ts";
import type { Kind, Node, SourceNode } from "./nodes.ts";
import type { Ways } from "./ways.ts";

/** Everything of a type, whichever it is part of. */
export function rootsOf(type: string, ways: Ways): readonly Node[] {
  const kinds = Object.keys(makers).filter((group) => groupKinds[group]?.some((kind) => isOf(kind, type)));
  return kinds.flatMap((group) => makers[group]?.(ways) ?? []).filter(({ kind }) => isOf(kind, type));
}

const groupKinds: Readonly<Record<string, readonly Kind[]>> = {
  columns: ["Column"],
  dashboards: ["Dashboard"],
  databases: ["CloudFile", "DatabaseServer", "File", "WebDataConnector"],
  databaseTables: ["DatabaseTable"],
  embeddedDatasources: ["EmbeddedDatasource"],
  fields: ["BinField", "CalculatedField", "ColumnField", "DatasourceField", "GroupField"],
  flows: ["Flow"],
  labels: ["DataQualityCertification", "DataQualityWarning", "GenericLabel"],
  parameters: ["Parameter"],
  publishedDatasources: ["PublishedDatasource"],
  queries: ["CustomSQLTable"],
  sheets: ["Sheet"],
  sites: ["TableauSite"],
  steps: ["FlowOutputStep"],
  tags: ["Tag"],
  users: ["TableauUser"],
  virtualConnections: ["VirtualConnection"],
  virtualTables: ["VirtualConnectionTable"],
  workbooks: ["Workbook"],
};

const makers: Readonly<Record<string, (ways: Ways) => readonly Node[]>> = {
  columns: ({ graph }) => [
    ...tablesOf(graph).flatMap(graph.columnsIn),
    ...queriesOf(graph).flatMap(graph.queriedColumns),
  ],
  dashboards: ({ graph }) => workbooksOf(graph).flatMap(graph.dashboardsIn),
  databases: ({ graph }) => Array.from(graph.catalog("catalog").databases.values(), graph.database),
  databaseTables: ({ graph }) => tablesOf(graph),
  embeddedDatasources: ({ graph }) => workbooksOf(graph).flatMap(graph.embeddedIn),
  fields: ({ graph }) => {
    const sources: SourceNode[] = [...publishedOf(graph), ...workbooksOf(graph).flatMap(graph.embeddedIn)];
    return sources.flatMap(graph.fieldsIn);
  },
  flows: ({ graph }) => Array.from(graph.site.flows.values(), graph.flow),
  labels: ({ labelled }) => labelled.all(),
  parameters: ({ graph }) => [...workbooksOf(graph), ...publishedOf(graph)].flatMap(graph.parametersIn),
  publishedDatasources: ({ graph }) => publishedOf(graph),
  queries: ({ graph }) => queriesOf(graph),
  sheets: ({ graph }) => workbooksOf(graph).flatMap(graph.sheetsIn),
  sites: ({ graph }) => [graph.siteNode(graph.site)],
  steps: ({ graph }) => Array.from(graph.site.flows.values()).flatMap(graph.stepsOf),
  tags: (ways) => ways.tags(),
  users: ({ graph }) => Array.from(graph.site.users.values(), graph.user),
  virtualConnections: ({ graph }) => Array.from(graph.site.virtualConnections.values(), graph.virtualConnection),
  virtualTables: ({ graph }) => Array.from(graph.site.virtualConnections.values()).flatMap(graph.virtualTables),
  workbooks: ({ graph }) => workbooksOf(graph),
};

type Graph = Ways["graph"];

function workbooksOf(graph: Graph) {
  return Array.from(graph.site.workbooks.values(), graph.workbook);
}

function publishedOf(graph: Graph) {
  return Array.from(graph.site.datasources.values(), graph.published);
}

function queriesOf(graph: Graph) {
  return publishedOf(graph).flatMap((source) => graph.queryOf(source) ?? []);
}

function tablesOf(graph: Graph) {
  return Array.from(graph.catalog("catalog").tables.values(), graph.table);
}
