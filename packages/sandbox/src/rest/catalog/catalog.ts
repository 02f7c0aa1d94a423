import { luidOf } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import type { Connection } from "../connections/model.ts";
import type { Datasource } from "../datasources/model.ts";
import type { EmbeddedDatasource, Workbook } from "../workbooks/model.ts";
import { describeConnection, remoteTypeOf } from "./connection-types.ts";
import type { Catalog, CatalogTable, Database } from "./model.ts";
import { type CatalogField, fieldsOfDatasource, fieldsOfFile, type SourceFields } from "./source-fields.ts";

/** What one data source, published or embedded, reads directly. */
export type Reads = {
  databases: readonly Database[];
  tables: readonly CatalogTable[];
  /** The table that a field is a column of; undefined for calculations. */
  tableOf: (field: CatalogField) => CatalogTable | undefined;
};

/** A data source, wherever it stands. */
type Source = {
  key: Datasource | EmbeddedDatasource;
  name: string;
  connections: readonly Connection[];
  home: Pick<Datasource, "owner" | "project"> & { isCertified: boolean };
} & SourceFields;

/** Databases, and tables, of one site: what comes on top is in no list. */
const mostAssets = 50_000;

/**
 * A site's external assets, brought up to date with what its content connects to. That looks at all of the content: who
 * wants many assets asks once, and takes them from the answer.
 */
export function catalogOf(site: Site): Catalog {
  for (const datasource of site.datasources.values()) readsOfDatasource(site, datasource);
  for (const workbook of site.workbooks.values()) {
    if (!workbook.connections.some(isDirect)) continue; // most of them: what they show is published
    for (const embedded of workbook.datasources)
      if (!leadsToPublished(workbook, embedded)) readsOfEmbedded(site, workbook, embedded);
  }
  return site.catalog;
}

function isDirect({ datasource }: Connection): boolean {
  return datasource === undefined;
}

function leadsToPublished({ connections }: Workbook, { id }: EmbeddedDatasource): boolean {
  return connections.some((connection) => connection.embedded?.id === id && connection.datasource !== undefined);
}

/** What a published data source reads. */
export function readsOfDatasource(site: Site, datasource: Datasource): Reads {
  const { name, connections } = datasource;
  const described = fieldsOfDatasource(datasource);
  return (
    currentReads(site, datasource, connections, described) ??
    reads(site, { key: datasource, name, connections, home: datasource, ...described })
  );
}

/** What a data source inside of a workbook reads by itself: nothing, when it leads to a published one. */
export function readsOfEmbedded(site: Site, workbook: Workbook, embedded: EmbeddedDatasource): Reads {
  const connections = workbook.connections.filter((connection) => connection.embedded?.id === embedded.id);
  const described = fieldsOfFile(embedded.fields);
  const home = { owner: workbook.owner, project: workbook.project, isCertified: false };
  return (
    currentReads(site, embedded, connections, described) ??
    reads(site, { key: embedded, name: embedded.name, connections, home, ...described })
  );
}

/** What was found for a data source, for as long as its connections and fields stay the same. */
const found = new WeakMap<object, { places: readonly Place[]; removals: number; fields: object; reads: Reads }>();

/** As much of a connection as what is behind it depends on. */
type Place = Pick<Connection, "type" | "serverAddress" | "databaseName">;

/** Every call for external assets asks this of every data source: nothing may be made on the way. */
function currentReads(
  site: Site,
  key: Source["key"],
  connections: readonly Connection[],
  { fields }: SourceFields,
): Reads | undefined {
  const kept = found.get(key);
  if (kept === undefined || kept.removals !== site.catalog.removed.size || kept.fields !== fields) return undefined;
  const isSame =
    kept.places.length === connections.length && connections.every((one, at) => isAt(one, kept.places[at]));
  return isSame ? kept.reads : undefined;
}

function isAt(connection: Connection, place: Place | undefined): boolean {
  return (
    connection.type === place?.type &&
    connection.serverAddress === place.serverAddress &&
    connection.databaseName === place.databaseName
  );
}

function reads(site: Site, source: Source): Reads {
  const places = source.connections.map(({ type, serverAddress, databaseName }) => ({
    type,
    serverAddress,
    databaseName,
  }));
  const reads = findReads(site, source);
  found.set(source.key, { places, removals: site.catalog.removed.size, fields: source.fields, reads });
  return reads;
}

function findReads(site: Site, source: Source): Reads {
  const direct = source.connections.filter(isDirect);
  const databases = direct.map((connection) => databaseOf(site, connection, source));
  const tables = new Map<string | undefined, CatalogTable>();
  // inferred: a file does not say which table is of which connection: all are of the first.
  const [database] = databases;
  if (database !== undefined) {
    for (const { id, caption } of source.tables) tables.set(id, tableIn(site, database, caption, source));
    if (tables.size === 0 && source.fields.length > 0)
      tables.set(undefined, tableIn(site, database, source.name, source));
  }
  const only = tables.get(undefined);
  const known = new Map([...tables.values()].map((table) => [table, new Set(table.columns.map(({ name }) => name))]));
  for (const { columnClass, table: id, caption: name, dataType } of source.fields) {
    const table = tables.get(id) ?? only;
    const names = table && known.get(table);
    if (columnClass !== "COLUMN" || names === undefined || names.has(name)) continue;
    names.add(name);
    table?.columns.push({ name, remoteType: remoteTypeOf(dataType) });
  }
  for (const [key, { id }] of tables) if (!site.catalog.tables.has(id)) tables.delete(key);
  return {
    databases: databases.filter(({ id }) => site.catalog.databases.has(id)),
    tables: [...tables.values()],
    tableOf: (field) =>
      field.columnClass === "COLUMN" ? (tables.get(field.table) ?? tables.get(undefined)) : undefined,
  };
}

/** The id of the database behind a connection of something of this name: the same for every connection to one place. */
export function databaseIdOf(site: Site, connection: Connection, name: string): string {
  const described = describeConnection(connection, name);
  return luidOf(site.contentUrl, "database", connection.type, connection.serverAddress, described.name);
}

function databaseOf(site: Site, connection: Connection, { home, name }: Source): Database {
  const described = describeConnection(connection, name);
  const id = databaseIdOf(site, connection, name);
  const kept = site.catalog.databases.get(id);
  if (kept !== undefined) return kept;
  const database: Database = {
    id,
    ...described,
    connectionType: connection.type,
    ...curatedBy(home),
    isEmbedded: described.type === "File",
    locksTables: false,
  };
  const { databases, removed } = site.catalog;
  if (!removed.has(id) && databases.size < mostAssets) databases.set(id, database);
  return database;
}

function tableIn(site: Site, database: Database, name: string, { home }: Source): CatalogTable {
  const id = luidOf(site.contentUrl, "table", database.id, name);
  const kept = site.catalog.tables.get(id);
  if (kept !== undefined) return kept;
  const table: CatalogTable = {
    id,
    name,
    database,
    schema: schemas.get(database.connectionType),
    columns: [],
    columnNotes: new Map(),
    ...curatedBy(home),
    isEmbedded: database.isEmbedded,
  };
  const { databases, tables, removed } = site.catalog;
  if (!removed.has(id) && databases.has(database.id) && tables.size < mostAssets) tables.set(id, table);
  return table;
}

/** inferred: the first content that connects to an asset says who answers for it and where it is kept. */
function curatedBy({ owner, project, isCertified }: Source["home"]) {
  const certificationNote = isCertified ? "Loaded and checked by the data team each night." : undefined;
  return {
    description: undefined,
    isCertified,
    certificationNote,
    certifier: owner,
    contact: owner,
    project,
    tags: [],
  };
}

/** Where a database of a type keeps its tables unless somebody says otherwise. */
const schemas: ReadonlyMap<string, string> = new Map([
  ["bigquery", "analytics"],
  ["databricks", "default"],
  ["postgres", "public"],
  ["redshift", "public"],
  ["snowflake", "PUBLIC"],
  ["sqlserver", "dbo"],
]);
