import type { Connection } from "../connections/model.ts";
import type { Database, DatabaseType } from "./model.ts";

type Described = Pick<Database, "name" | "type" | "hostName" | "port" | "filePath" | "fileExtension" | "provider">;

const fileTypes: ReadonlyMap<string, string> = new Map([
  ["csv", "csv"],
  ["excel", "xls"],
  ["excel-direct", "xlsx"],
  ["hyper", "hyper"],
  ["msaccess", "accdb"],
  ["ogrdirect", "geojson"],
  ["semistructpassivestore-direct", "json"],
  ["textclean", "csv"],
  ["textscan", "csv"],
]);

const cloudFileTypes: ReadonlySet<string> = new Set(["box", "dropbox", "google-drive", "google-sheets", "onedrive"]);

const webTypes: ReadonlySet<string> = new Set(["webdata", "webdata-direct"]);

/** What a connection of a data source leads to, in the words of Tableau Catalog. */
export function describeConnection(connection: Connection, sourceName: string): Described {
  const { type, serverAddress, serverPort, databaseName } = connection;
  const kind = databaseTypeOf(type);
  const extension = fileTypes.get(type);
  const isServer = kind === "DatabaseServer";
  const place = isServer && serverPort !== undefined ? `${serverAddress}:${serverPort}` : serverAddress;
  // A file that is not named is the data source's own.
  const name = databaseName || place || (extension === undefined ? sourceName : `${sourceName}.${extension}`);
  return {
    name,
    type: kind,
    hostName: isServer && serverAddress !== "" ? serverAddress : undefined,
    port: isServer ? serverPort : undefined,
    filePath: kind === "File" ? name : undefined,
    fileExtension: extension,
    provider: kind === "CloudFile" ? type : undefined,
  };
}

function databaseTypeOf(type: string): DatabaseType {
  if (fileTypes.has(type)) return "File";
  if (cloudFileTypes.has(type)) return "CloudFile";
  return webTypes.has(type) ? "WebDataConnector" : "DatabaseServer";
}

/** The OLE DB type that a field's type is read from (the Metadata API's `RemoteType`). */
export function remoteTypeOf(dataType: string): string {
  switch (dataType) {
    case "INTEGER":
      return "I8";
    case "REAL":
      return "R8";
    case "BOOLEAN":
      return "BOOL";
    case "DATE":
      return "DATE";
    case "DATETIME":
      return "DBTIMESTAMP";
    default:
      return "WSTR";
  }
}
