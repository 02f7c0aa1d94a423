import type { Permissioned, Rules } from "../permissions/model.ts";
import type { Project } from "../projects/model.ts";
import type { User } from "../users/model.ts";

/** What Tableau Catalog knows of a site's external assets; bounded by what the site's content connects to. */
export type Catalog = {
  databases: Map<string, Database>;
  tables: Map<string, CatalogTable>;
  /** The ids of what was removed: it stays away while the same content connects to it. Bounded, oldest out. */
  removed: Set<string>;
};

/** What people say of an asset: a database or a table. */
type Curated = {
  id: string;
  name: string;
  description: string | undefined;
  isCertified: boolean;
  certificationNote: string | undefined;
  /** Who set the certification last. */
  certifier: User;
  contact: User;
  /** Where it is kept: external assets are in projects since API 3.20. */
  project: Project;
  tags: string[];
  isEmbedded: boolean;
};

export type DatabaseType = "CloudFile" | "DatabaseServer" | "File" | "WebDataConnector";

export type Database = Permissioned &
  Curated & {
    type: DatabaseType;
    connectionType: string;
    /** Of a server. */
    hostName: string | undefined;
    port: number | undefined;
    /** Of a file. */
    filePath: string | undefined;
    fileExtension: string | undefined;
    /** Of a file in the cloud, e.g. `google-sheets`. */
    provider: string | undefined;
    /** Whether its tables have the rules that it has for them, and none of their own (`LockedToDatabase`). */
    locksTables: boolean;
    /** What its tables get, where it has rules for them of its own. */
    tablePermissions?: Rules | undefined;
  };

export type CatalogTable = Permissioned &
  Curated & {
    database: Database;
    schema: string | undefined;
    columns: ColumnDefinition[];
    /** What people say of its columns, by the columns' names. */
    columnNotes: Map<string, ColumnNote>;
  };

/** As its database declares it. `remoteType` is an OLE DB type, as in Tableau's Metadata API (`WSTR`, `I8`, …). */
export type ColumnDefinition = { name: string; remoteType: string };

export type ColumnNote = { description: string | undefined; tags: string[]; isRemoved: boolean };

/** A column with all that is known of it; made when it is asked for, see columns.ts. */
export type Column = ColumnDefinition & {
  id: string;
  table: CatalogTable;
  description: string | undefined;
  tags: readonly string[];
};

export function emptyCatalog(): Catalog {
  return { databases: new Map(), tables: new Map(), removed: new Set() };
}
