import type { Datasource } from "../datasources/model.ts";

/** How a workbook, a data source or a flow reaches its data. Passwords are taken and never kept. */
export type Connection = {
  id: string;
  /** `snowflake`, `postgres`, …; `sqlproxy` when it leads to a published data source. */
  type: string;
  serverAddress: string;
  serverPort: number | undefined;
  userName: string;
  embedPassword: boolean;
  queryTaggingEnabled: boolean;
  authenticationType: string | undefined;
  /** The database behind it, as far as the published file or the seed tells. */
  databaseName: string | undefined;
  /** The published data source that a workbook's connection leads to; undefined for all others. */
  datasource: Datasource | undefined;
  /** The data source inside of the workbook that it belongs to; undefined in a data source's or flow's own. */
  embedded: { id: string; name: string } | undefined;
};
