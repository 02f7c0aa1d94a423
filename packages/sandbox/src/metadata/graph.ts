import { shapeOf } from "../data/source.ts";
import { catalogOf, type Reads, readsOfDatasource, readsOfEmbedded } from "../rest/catalog/catalog.ts";
import { columnsOf } from "../rest/catalog/columns.ts";
import type { CatalogTable, Database } from "../rest/catalog/model.ts";
import { type CatalogField, fieldsOfDatasource, fieldsOfFile } from "../rest/catalog/source-fields.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import type { Flow } from "../rest/flows/model.ts";
import { certification, type Label } from "../rest/labels/model.ts";
import { isWarning } from "../rest/labels/warning-types.ts";
import type { User } from "../rest/users/model.ts";
import { fieldsOf as shelfFieldsOf, worksheetsOf } from "../rest/views/sheet.ts";
import type { VirtualConnection } from "../rest/virtual-connections/model.ts";
import type { Workbook } from "../rest/workbooks/model.ts";
import type { Site } from "../site/site.ts";
import { idWithin, metadataId } from "./ids.ts";
import type {
  ColumnNode,
  DashboardNode,
  DatabaseNode,
  EmbeddedNode,
  FieldNode,
  FlowNode,
  LabelNode,
  ParameterNode,
  PublishedNode,
  QueryNode,
  SheetNode,
  SiteNode,
  SourceNode,
  StepNode,
  TableNode,
  TagNode,
  UserNode,
  VirtualConnectionNode,
  VirtualTableNode,
  WorkbookNode,
} from "./nodes.ts";
import { once } from "./once.ts";

export type Graph = ReturnType<typeof openGraph>;

/**
 * A site as the Metadata API sees it: things and what they hold. All is made of the site's content when it is asked
 * for, and kept for one request, in which the same thing is the same node.
 */
export function openGraph(site: Site) {
  const things = nodesOf(site);
  const { published, workbook, table, embedded } = things;

  const embeddedIn = once(({ item }: WorkbookNode): EmbeddedNode[] =>
    item.datasources.map((one) => embedded(one)(item)),
  );

  const reads = once(
    (source: SourceNode): Reads =>
      source.kind === "PublishedDatasource"
        ? readsOfDatasource(site, source.item)
        : readsOfEmbedded(site, source.workbook, source.item),
  );

  /** A source's fields; those of one that leads to a published source stand for that one's. */
  const fieldsIn = once((source: SourceNode): FieldNode[] => {
    const leadsTo = source.kind === "EmbeddedDatasource" ? source.published : undefined;
    if (leadsTo !== undefined)
      return fieldsOfDatasource(leadsTo).fields.map((field) => fieldNode("DatasourceField", field, source));
    const { fields } =
      source.kind === "PublishedDatasource" ? fieldsOfDatasource(source.item) : fieldsOfFile(source.item.fields);
    return fields.map((field) => fieldNode(fieldKindOf(field), field, source));
  });

  const fieldsByCaption = once(
    (source: SourceNode): ReadonlyMap<string, FieldNode> =>
      new Map(fieldsIn(source).map((one) => [one.field.caption, one])),
  );

  /** A workbook's worksheets: its views, and those that only its dashboards and stories show. */
  const sheetsIn = once(({ item }: WorkbookNode): SheetNode[] => {
    const sheets = new Map<string, SheetNode>();
    for (const view of item.views) {
      if (view.sheet.kind !== "worksheet") continue;
      const { name, sheet: worksheet } = view;
      sheets.set(name, { kind: "Sheet", id: metadataId(view.id), name, worksheet, workbook: item, view });
    }
    for (const view of item.views) {
      for (const [name, worksheet] of view.sheet.kind === "worksheet" ? [] : worksheetsOf(view.sheet, view.name)) {
        if (sheets.has(name)) continue;
        const id = idWithin(item.id, "sheet", name);
        sheets.set(name, { kind: "Sheet", id, name, worksheet, workbook: item, view: undefined });
      }
    }
    return [...sheets.values()];
  });

  /** Its dashboards; its stories are dashboards, too. */
  const dashboardsIn = once(({ item }: WorkbookNode): DashboardNode[] =>
    item.views.flatMap((view) =>
      view.sheet.kind === "worksheet" ? [] : [{ kind: "Dashboard", id: metadataId(view.id), view, workbook: item }],
    ),
  );

  const sheetsOn = once(({ view, workbook: holder }: DashboardNode): SheetNode[] => {
    const names = new Set(worksheetsOf(view.sheet, view.name).keys());
    return sheetsIn(workbook(holder)).filter(({ name }) => names.has(name));
  });

  /** The source, inside of its workbook, that a sheet draws from. */
  const sourceOf = once(({ worksheet, workbook: holder }: SheetNode): EmbeddedNode | undefined => {
    const { source } = worksheet;
    return embeddedIn(workbook(holder)).find(({ item, published: leadsTo }) => item === source || leadsTo === source);
  });

  /** The fields that a sheet uses, as its workbook's source has them. */
  const fieldsOn = once((sheet: SheetNode): FieldNode[] => {
    const source = sourceOf(sheet);
    if (source === undefined) return [];
    const captions = new Set(shelfFieldsOf(sheet.worksheet).map(({ caption }) => caption));
    return [...captions].flatMap((caption) => fieldsByCaption(source).get(caption) ?? []);
  });

  const columnsIn = once(({ item }: TableNode): ColumnNode[] =>
    columnsOf(item).map((column) => ({ kind: "Column", id: metadataId(column.id), item: column, query: undefined })),
  );

  /** The query that a source reads its table by, if it does. inferred: which of the seed's do. */
  const queryOf = once((source: SourceNode): QueryNode | undefined => {
    if (source.kind !== "PublishedDatasource" || source.item.type !== "redshift") return undefined;
    const [read] = reads(source).tables;
    return read && { kind: "CustomSQLTable", id: idWithin(source.item.id, "query"), source, table: read };
  });

  const queriedColumns = once((query: QueryNode): ColumnNode[] =>
    columnsIn(table(query.table)).map(({ item }) => ({
      kind: "Column",
      id: idWithin(query.source.item.id, "queried", item.name),
      item,
      query,
    })),
  );

  const parametersIn = once((owner: WorkbookNode | PublishedNode): ParameterNode[] => {
    const names = owner.kind === "Workbook" ? owner.item.parameters.map(({ name }) => name) : parametersOf(owner.item);
    return names.map((name) => ({ kind: "Parameter", id: idWithin(owner.item.id, "parameter", name), name, owner }));
  });

  return {
    ...things,
    site,
    embeddedIn,
    reads,
    fieldsIn,
    fieldsByCaption,
    sheetsIn,
    dashboardsIn,
    sheetsOn,
    sourceOf,
    fieldsOn,
    columnsIn,
    queryOf,
    queriedColumns,
    parametersIn,
    /** The field that another stands for. */
    remoteOf({ field, source }: FieldNode): FieldNode | undefined {
      if (source.kind !== "EmbeddedDatasource" || source.published === undefined) return undefined;
      return fieldsByCaption(published(source.published)).get(field.caption);
    },
    columnOf({ kind, field, source }: FieldNode): ColumnNode | undefined {
      if (kind !== "ColumnField") return undefined;
      const holder = reads(source).tableOf(field);
      const query = queryOf(source);
      const columns = query?.table === holder && query ? queriedColumns(query) : holder && columnsIn(table(holder));
      return columns?.find(({ item }) => item.name === field.caption);
    },
    catalog: once((_key: "catalog") => catalogOf(site)),
  };
}

function fieldNode(kind: FieldNode["kind"], field: CatalogField, source: SourceNode): FieldNode {
  return { kind, id: idWithin(source.item.id, "field", field.name), field, source };
}

function fieldKindOf({ columnClass }: CatalogField): FieldNode["kind"] {
  switch (columnClass) {
    case "COLUMN":
      return "ColumnField";
    case "CALCULATION":
      return "CalculatedField";
    case "GROUP":
      return "GroupField";
    case "BIN":
      return "BinField";
  }
}

function parametersOf({ fields, part }: Datasource): string[] {
  return shapeOf({ fields, ...(part === undefined ? {} : { part }) }).parameters.map(({ caption }) => caption);
}

/** How each thing of a site is one node. */
function nodesOf(site: Site) {
  const workbook = once((item: Workbook): WorkbookNode => ({ kind: "Workbook", id: metadataId(item.id), item }));
  return {
    workbook,
    published: once(
      (item: Datasource): PublishedNode => ({ kind: "PublishedDatasource", id: metadataId(item.id), item }),
    ),
    embedded: once((item: Workbook["datasources"][number]) =>
      once((holder: Workbook): EmbeddedNode => {
        const leading = holder.connections.find((connection) => connection.embedded?.id === item.id);
        const id = metadataId(item.id);
        return { kind: "EmbeddedDatasource", id, item, workbook: holder, published: leading?.datasource };
      }),
    ),
    database: once((item: Database): DatabaseNode => ({ kind: item.type, id: metadataId(item.id), item })),
    table: once((item: CatalogTable): TableNode => ({ kind: "DatabaseTable", id: metadataId(item.id), item })),
    flow: once((item: Flow): FlowNode => ({ kind: "Flow", id: metadataId(item.id), item })),
    stepsOf: once((flow: Flow): StepNode[] =>
      flow.outputSteps.map((item) => ({ kind: "FlowOutputStep", id: metadataId(item.id), item, flow })),
    ),
    virtualConnection: once(
      (item: VirtualConnection): VirtualConnectionNode => ({
        kind: "VirtualConnection",
        id: metadataId(item.id),
        item,
      }),
    ),
    virtualTables: once((connection: VirtualConnection): VirtualTableNode[] =>
      connection.tables.map((item) => ({ kind: "VirtualConnectionTable", id: metadataId(item.id), item, connection })),
    ),
    user: once((item: User): UserNode => ({ kind: "TableauUser", id: metadataId(item.id), item })),
    siteNode: once((item: Site): SiteNode => ({ kind: "TableauSite", id: metadataId(item.id), item })),
    /** Tags are the same in any letter case. */
    tag: (label: string): TagNode => ({ kind: "Tag", id: idWithin(site.id, "tag", label.toLowerCase()), label }),
    label: once((item: Label): LabelNode => ({ kind: labelKindOf(item), id: metadataId(item.id), item })),
  };
}

function labelKindOf(label: Label): LabelNode["kind"] {
  if (label.category === certification) return "DataQualityCertification";
  return isWarning(label) ? "DataQualityWarning" : "GenericLabel";
}
