import { isoSeconds } from "../query/description.ts";
import { fullNameOf } from "../rest/catalog/lookup.ts";
import { isWarning, warningTypeOf } from "../rest/labels/warning-types.ts";
import type { Project } from "../rest/projects/model.ts";
import type { Workbook } from "../rest/workbooks/model.ts";
import type { Graph } from "./graph.ts";
import { numberOf } from "./ids.ts";
import { type Labelled, luidOf } from "./labelled.ts";
import {
  type ColumnNode,
  type DashboardNode,
  type DatabaseNode,
  type EmbeddedNode,
  type FieldNode,
  type FlowNode,
  isDatabase,
  isField,
  isLabel,
  type LabelNode,
  type Node,
  type ParameterNode,
  type PublishedNode,
  type QueryNode,
  type SheetNode,
  type StepNode,
  type TableNode,
  type UserNode,
  type VirtualConnectionNode,
  type VirtualTableNode,
  type WorkbookNode,
} from "./nodes.ts";

/** What an attribute may say: a value, or one other thing. */
export type Attribute = string | number | boolean | Node | readonly Inherited[] | undefined;

/** A description that a field has from what it stands for. */
export type Inherited = {
  assetId: string;
  attribute: string;
  value: string | undefined;
  distance: number;
  edges: readonly string[];
  asset: Node;
};

type Context = { graph: Graph; labelled: Labelled };

type Attributes<Of> = Readonly<Record<string, (node: Of, context: Context) => Attribute>>;

/** One attribute of a thing, by its name in the schema; what is not known of it is undefined, as null. */
export function attributeOf(node: Node, name: string, context: Context): Attribute {
  if (name === "id") return node.id;
  // In a list of things that may be hidden, the REST API knows none of a hidden sheet.
  if (name === "luid") return luidOf(node) ?? "";
  return special(node, name, context) ?? labelAttributes(node, name, context);
}

function special(node: Node, name: string, context: Context): Attribute {
  switch (node.kind) {
    case "PublishedDatasource":
      return publishedAttributes[name]?.(node, context);
    case "EmbeddedDatasource":
      return embeddedAttributes[name]?.(node, context);
    case "Workbook":
      return workbookAttributes[name]?.(node, context);
    case "Sheet":
      return sheetAttributes[name]?.(node, context);
    case "Dashboard":
      return dashboardAttributes[name]?.(node, context);
    case "DatabaseTable":
      return tableAttributes[name]?.(node, context);
    case "CustomSQLTable":
      return queryAttributes[name]?.(node, context);
    case "Column":
      return columnAttributes[name]?.(node, context);
    case "Flow":
      return flowAttributes[name]?.(node, context);
    case "FlowOutputStep":
      return stepAttributes[name]?.(node, context);
    case "VirtualConnection":
      return virtualConnectionAttributes[name]?.(node, context);
    case "VirtualConnectionTable":
      return virtualTableAttributes[name]?.(node, context);
    case "TableauUser":
      return userAttributes[name]?.(node, context);
    case "Parameter":
      return parameterAttributes[name]?.(node, context);
    case "TableauSite":
      if (name === "createdAt") return isoSeconds(node.item.createdAt);
      return name === "uri" ? `sites/${numberOf(node.item.id)}` : name === "name" ? node.item.name : undefined;
    case "Tag":
      return name === "name" ? node.label : undefined;
    default:
      if (isDatabase(node)) return databaseAttributes[name]?.(node, context);
      return isField(node) ? fieldAttributes[name]?.(node, context) : labelOwn[name]?.(node, context);
  }
}

/** What everything that carries labels says of them. */
function labelAttributes(node: Node, name: string, { labelled, graph }: Context): Attribute {
  switch (name) {
    case "hasActiveWarning":
      return labelled.on(node).some(({ item }) => item.isActive && isWarning(item));
    case "dataQualityWarning":
      return labelled.on(node).find(({ kind }) => kind === "DataQualityWarning");
    case "certifier":
    case "certifierDisplayName": {
      const certificate = labelled.on(node).find(({ kind }) => kind === "DataQualityCertification");
      if (certificate === undefined) return undefined;
      return name === "certifier" ? graph.user(certificate.item.author) : certificate.item.author.fullName;
    }
    default:
      return undefined;
  }
}

/** Where content is kept. */
function placed(project: Project): Record<string, Attribute> {
  return {
    projectName: project.name,
    projectLuid: project.id,
    projectVizportalUrlId: String(numberOf(project.id)),
    containerType: "Project",
    containerName: project.name,
  };
}

type Placed = { item: { project: Project } };

const placeAttributes: Attributes<Placed> = Object.fromEntries(
  ["projectName", "projectLuid", "projectVizportalUrlId", "containerType", "containerName"].map((name) => [
    name,
    ({ item }: Placed) => placed(item.project)[name],
  ]),
);

function uri({ site }: Graph, kind: string, number: number | string): string {
  return `sites/${numberOf(site.id)}/${kind}/${number}`;
}

type Content = {
  item: Pick<Workbook, "name" | "description" | "owner" | "number" | "createdAt" | "updatedAt" | "project">;
};

/** What workbooks, data sources and flows say alike. */
const contentAttributes = (kind: "datasources" | "flows" | "workbooks"): Attributes<Content> => ({
  ...placeAttributes,
  name: ({ item }) => item.name,
  description: ({ item }) => item.description,
  site: (_node, { graph }) => graph.siteNode(graph.site),
  owner: ({ item }, { graph }) => graph.user(item.owner),
  uri: ({ item }, { graph }) => uri(graph, kind, item.number),
  vizportalUrlId: ({ item }) => String(item.number),
  createdAt: ({ item }) => isoSeconds(item.createdAt),
  updatedAt: ({ item }) => isoSeconds(item.updatedAt),
  containsUnsupportedCustomSql: () => false,
});

const publishedAttributes: Attributes<PublishedNode> = {
  ...contentAttributes("datasources"),
  vizportalId: ({ item }) => String(item.number),
  isCertified: ({ item }) => item.isCertified,
  certificationNote: ({ item }) => item.certificationNote || undefined,
  hasExtracts: ({ item }) => item.hasExtracts,
  hasUserReference: () => false,
  extractLastRefreshTime: ({ item }) => (item.hasExtracts ? isoSeconds(item.updatedAt) : undefined),
  extractLastUpdateTime: ({ item }) => (item.hasExtracts ? isoSeconds(item.updatedAt) : undefined),
};

const embeddedAttributes: Attributes<EmbeddedNode> = {
  name: ({ item }) => item.name,
  workbook: ({ workbook }, { graph }) => graph.workbook(workbook),
  createdAt: ({ workbook }) => isoSeconds(workbook.createdAt),
  updatedAt: ({ workbook }) => isoSeconds(workbook.updatedAt),
  hasExtracts: ({ item }) => item.hasExtract,
  hasUserReference: () => false,
  containsUnsupportedCustomSql: () => false,
  extractLastRefreshTime: ({ item, workbook }) => (item.hasExtract ? isoSeconds(workbook.updatedAt) : undefined),
  extractLastUpdateTime: ({ item, workbook }) => (item.hasExtract ? isoSeconds(workbook.updatedAt) : undefined),
};

const workbookAttributes: Attributes<WorkbookNode> = {
  ...contentAttributes("workbooks"),
};

const sheetAttributes: Attributes<SheetNode> = {
  name: ({ name }) => name,
  documentViewId: ({ id }) => `{${id.toUpperCase()}}`,
  path: ({ view, workbook }) => (view === undefined ? "" : `${workbook.contentUrl}/${view.viewUrlName}`),
  index: ({ view, workbook }) => (view === undefined ? undefined : workbook.views.indexOf(view) + 1),
  createdAt: ({ view, workbook }) => isoSeconds((view ?? workbook).createdAt),
  updatedAt: ({ view, workbook }) => isoSeconds((view ?? workbook).updatedAt),
  workbook: ({ workbook }, { graph }) => graph.workbook(workbook),
};

const dashboardAttributes: Attributes<DashboardNode> = {
  name: ({ view }) => view.name,
  documentViewId: ({ id }) => `{${id.toUpperCase()}}`,
  path: ({ view, workbook }) => `${workbook.contentUrl}/${view.viewUrlName}`,
  index: ({ view, workbook }) => workbook.views.indexOf(view) + 1,
  createdAt: ({ view }) => isoSeconds(view.createdAt),
  updatedAt: ({ view }) => isoSeconds(view.updatedAt),
  workbook: ({ workbook }, { graph }) => graph.workbook(workbook),
};

/** What is said of a database and of a table alike. */
const assetAttributes: Attributes<DatabaseNode | TableNode> = {
  name: ({ item }) => item.name,
  description: ({ item }) => item.description,
  isEmbedded: ({ item }) => item.isEmbedded,
  isCertified: ({ item }) => item.isCertified,
  certificationNote: ({ item }) => item.certificationNote,
  certifier: ({ item }, { graph }) => (item.isCertified ? graph.user(item.certifier) : undefined),
  contact: ({ item }, { graph }) => graph.user(item.contact),
  vizportalId: ({ item }) => String(numberOf(item.id)),
};

const databaseAttributes: Attributes<DatabaseNode> = {
  ...placeAttributes,
  ...assetAttributes,
  connectionType: ({ item }) => item.connectionType,
  extendedConnectionType: ({ item }) => item.connectionType,
  hostName: ({ item }) => item.hostName,
  port: ({ item }) => item.port,
  service: () => "",
  filePath: ({ item }) => item.filePath,
  fileExtension: ({ item }) => item.fileExtension,
  provider: ({ item }) => item.provider,
  isControlledPermissionsEnabled: ({ item }) => item.locksTables,
  isGrouped: () => false,
};

const tableAttributes: Attributes<TableNode> = {
  ...placeAttributes,
  ...assetAttributes,
  schema: ({ item }) => item.schema ?? "",
  fullName: ({ item }) => fullNameOf(item),
  connectionType: ({ item }) => item.database.connectionType,
  tableType: () => "DATABASETABLE",
  database: ({ item }, { graph }) => graph.database(item.database),
};

const columnAttributes: Attributes<ColumnNode> = {
  name: ({ item }) => item.name,
  displayName: ({ item }) => item.name,
  description: ({ item }) => item.description,
  descriptionInherited: () => [],
  remoteType: ({ item }) => item.remoteType,
  isNullable: () => true,
  vizportalId: ({ item }) => String(numberOf(item.id)),
  table: ({ item, query }, { graph }) => query ?? graph.table(item.table),
};

const queryAttributes: Attributes<QueryNode> = {
  name: () => "Custom SQL Query", // what Tableau calls them
  query: ({ table }) => {
    const columns = table.columns.map(({ name }) => `"${name}"`).join(", ");
    return `SELECT ${columns} FROM "${table.schema ?? "public"}"."${table.name}"`;
  },
  isUnsupportedCustomSql: () => false,
  isEmbedded: () => false,
  connectionType: ({ table }) => table.database.connectionType,
  database: ({ table }, { graph }) => graph.database(table.database),
};

const flowAttributes: Attributes<FlowNode> = {
  ...contentAttributes("flows"),
};

const stepAttributes: Attributes<StepNode> = {
  name: ({ item }) => item.name,
  stepId: ({ item }) => item.id,
  flow: ({ flow }, { graph }) => graph.flow(flow),
};

const virtualConnectionAttributes: Attributes<VirtualConnectionNode> = {
  ...placeAttributes,
  name: ({ item }) => item.name,
  description: ({ item }) => item.description,
  site: (_node, { graph }) => graph.siteNode(graph.site),
  owner: ({ item }, { graph }) => graph.user(item.owner),
  uri: ({ item }, { graph }) => uri(graph, "virtualconnections", item.number),
  vizportalId: ({ item }) => String(item.number),
  vizportalUrlId: ({ item }) => String(item.number),
  createdAt: ({ item }) => isoSeconds(item.createdAt),
  updatedAt: ({ item }) => isoSeconds(item.updatedAt),
  isCertified: ({ item }) => item.isCertified,
  certificationNote: ({ item }) => item.certificationNote || undefined,
  // Null since December 2022 (Metadata API release notes).
  connectionType: () => undefined,
};

const virtualTableAttributes: Attributes<VirtualTableNode> = {
  name: ({ item }) => item.name,
  isCertified: ({ item }) => item.isCertified,
  isEmbedded: () => false,
  isExtracted: ({ connection }) => connection.hasExtracts,
  containsUnsupportedCustomSql: () => false,
  owner: ({ connection }, { graph }) => graph.user(connection.owner),
  virtualConnection: ({ connection }, { graph }) => graph.virtualConnection(connection),
  uri: ({ item }, { graph }) => uri(graph, "virtualconnectiontables", numberOf(item.id)),
  vizportalId: ({ item }) => String(numberOf(item.id)),
  vizportalUrlId: ({ item }) => String(numberOf(item.id)),
};

const userAttributes: Attributes<UserNode> = {
  name: ({ item }) => item.fullName,
  username: ({ item }) => item.name,
  email: ({ item }) => item.email,
  domain: () => "external", // what Tableau Cloud calls the domain of its users
  uri: ({ item }, { graph }) => uri(graph, "users", numberOf(item.id)),
  vizportalId: ({ item }) => String(numberOf(item.id)),
};

const parameterAttributes: Attributes<ParameterNode> = {
  name: ({ name }) => name,
  parentName: ({ owner }) => owner.item.name,
  workbook: ({ owner }) => (owner.kind === "Workbook" ? owner : undefined),
  datasource: ({ owner }) => (owner.kind === "PublishedDatasource" ? owner : undefined),
};

const labelOwn: Attributes<Node> = {
  author: (node, { graph }) => (isLabel(node) ? graph.user(node.item.author) : undefined),
  authorDisplayName: label(({ item }) => item.author.fullName),
  vizportalId: label(({ item }) => String(numberOf(item.id))),
  isActive: label(({ item }) => item.isActive),
  isElevated: label(({ item }) => item.isElevated),
  isSevere: label(({ item }) => item.isElevated),
  value: label(({ item }) => item.value),
  // Upper case, where the REST API has lower.
  category: label(({ item }) => item.category.toUpperCase()),
  warningType: label(({ item }) => warningTypeOf(item)),
  message: label(({ item }) => item.message),
  createdAt: label(({ item }) => isoSeconds(item.createdAt)),
  updatedAt: label(({ item }) => isoSeconds(item.updatedAt)),
  asset: (node, { labelled }) => (isLabel(node) ? labelled.assetOf(node.item) : undefined),
};

function label(from: (node: LabelNode) => Attribute): (node: Node) => Attribute {
  return (node) => (isLabel(node) ? from(node) : undefined);
}

const fieldAttributes: Attributes<FieldNode> = {
  name: ({ field }) => field.caption,
  fullyQualifiedName: ({ field }) => `[${field.name}]`,
  description: ({ kind, field }) => (kind === "DatasourceField" ? undefined : field.description || undefined),
  descriptionInherited: inheritedDescription,
  isHidden: ({ field }) => field.isHidden,
  datasource: ({ source }) => source,
  remoteField: (node, { graph }) => graph.remoteOf(node),
  dataType: ({ field }) => (knownTypes.has(field.dataType) ? field.dataType : "UNKNOWN"),
  role: ({ field }) => field.role,
  dataCategory: ({ field }) => categoryOf(field),
  aggregation: ({ field }) => field.aggregation,
  semanticRole: ({ field }) => semanticRoles.get(field.caption),
  formula: ({ field }) => field.formula,
  isAutoGenerated: () => false,
  hasUserReference: () => false,
  hasOther: () => false,
};

/** A field of a workbook has what is written of the one it stands for; that one, what is written of its column. */
function inheritedDescription(node: FieldNode, { graph }: Context): readonly Inherited[] {
  const remote = graph.remoteOf(node);
  const column = graph.columnOf(node);
  const [asset, value] = remote === undefined ? [column, column?.item.description] : [remote, remote.field.description];
  if (asset === undefined || !value) return [];
  return [{ assetId: asset.id, attribute: "description", value, distance: 1, edges: [], asset }];
}

function categoryOf({ role, dataType }: FieldNode["field"]): string {
  if (role === "MEASURE") return "QUANTITATIVE";
  return dataType.startsWith("DATE") ? "ORDINAL" : "NOMINAL";
}

const knownTypes: ReadonlySet<string> = new Set([
  ...["BOOLEAN", "DATE", "DATETIME", "INTEGER", "REAL", "SPATIAL", "STRING", "TABLE", "TUPLE"],
]);

/** How Tableau writes geographic roles. */
const semanticRoles: ReadonlyMap<string, string> = new Map([
  ["Country/Region", "[Country].[ISO3166_2]"],
  ["State/Province", "[State].[Name]"],
  ["City", "[City].[Name]"],
  ["Postal Code", "[ZipCode].[Name]"],
]);
