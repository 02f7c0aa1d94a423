import { type Reads, readsOfDatasource, readsOfEmbedded } from "../rest/catalog/catalog.ts";
import { columnsOf } from "../rest/catalog/columns.ts";
import { type CatalogField, fieldsOfDatasource, fieldsOfFile } from "../rest/catalog/source-fields.ts";
import type { Site } from "../site/site.ts";
import { idWithin, metadataId } from "./ids.ts";
import type { ColumnNode, EmbeddedNode, FieldNode, QueryNode, SourceNode, TableNode, WorkbookNode } from "./nodes.ts";
import { once } from "./once.ts";
import type { Things } from "./things.ts";

export type Sources = ReturnType<typeof openSources>;

/** Data sources, published and in workbooks: what they read, and their fields. */
export function openSources(site: Site, { published, table, embedded }: Things) {
  const embeddedIn = once(({ item }: WorkbookNode): EmbeddedNode[] =>
    item.datasources.map((one) => embedded(one)(item)),
  );

  const reads = once(
    (source: SourceNode): Reads =>
      source.kind === "PublishedDatasource"
        ? readsOfDatasource(site, source.item)
        : readsOfEmbedded(site, source.workbook, source.item),
  );

  const fieldsIn = once(makeFields);
  const fieldsByCaption = once(
    (source: SourceNode): ReadonlyMap<string, FieldNode> =>
      new Map(fieldsIn(source).map((one) => [one.field.caption, one])),
  );

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

  return {
    embeddedIn,
    reads,
    fieldsIn,
    fieldsByCaption,
    columnsIn,
    queryOf,
    queriedColumns,
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
  };
}

/** A source's fields; those of one that leads to a published source stand for that one's. */
function makeFields(source: SourceNode): FieldNode[] {
  const leadsTo = source.kind === "EmbeddedDatasource" ? source.published : undefined;
  if (leadsTo !== undefined) {
    return fieldsOfDatasource(leadsTo).fields.map((field) => fieldNode("DatasourceField", field, source));
  }
  const { fields } =
    source.kind === "PublishedDatasource" ? fieldsOfDatasource(source.item) : fieldsOfFile(source.item.fields);
  return fields.map((field) => fieldNode(fieldKindOf(field), field, source));
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
