import type { Datasource } from "../datasources/model.ts";
import type { EmbeddedDatasource } from "../workbooks/model.ts";
import type { Connection } from "./model.ts";

type Place = Pick<Connection, "serverAddress" | "serverPort" | "userName" | "authenticationType" | "databaseName">;

const files: Place = {
  serverAddress: "",
  serverPort: undefined,
  userName: "",
  authenticationType: undefined,
  databaseName: undefined,
};

const warehouse = (serverAddress: string, serverPort: number, databaseName: string): Place => ({
  serverAddress,
  serverPort,
  userName: "svc_tableau",
  authenticationType: "UsernamePassword",
  databaseName,
});

/** Where Acme's data lies, by the type of connection. */
const places: Record<string, Place> = {
  bigquery: { ...warehouse("bigquery.acme.example", 443, "marketing"), authenticationType: "OAuth" },
  databricks: warehouse("lakehouse.acme.example", 443, "merchandising"),
  postgres: warehouse("postgres.acme.example", 5432, "operations"),
  redshift: warehouse("logistics.acme.example", 5439, "logistics"),
  salesforce: { ...warehouse("crm.acme.example", 443, "crm"), authenticationType: "OAuth" },
  snowflake: warehouse("acme.snowflake.example", 443, "ANALYTICS"),
  sqlserver: warehouse("ledger.acme.example", 1433, "finance"),
};

/** A connection to a database or a file. */
export function connectionTo(id: string, type: string, embedded: EmbeddedDatasource | undefined): Connection {
  return {
    id,
    type,
    ...(places[type] ?? files),
    embedPassword: type in places,
    queryTaggingEnabled: type === "snowflake",
    datasource: undefined,
    embedded: embedded === undefined ? undefined : { id: embedded.id, name: embedded.name },
  };
}

/** A workbook's connection to a published data source, which Tableau calls `sqlproxy`. */
export function connectionToPublished(id: string, datasource: Datasource, embedded: EmbeddedDatasource): Connection {
  return {
    ...files,
    id,
    type: "sqlproxy",
    serverAddress: "localhost",
    serverPort: 8080,
    embedPassword: false,
    queryTaggingEnabled: false,
    datasource,
    embedded: { id: embedded.id, name: embedded.name },
  };
}
