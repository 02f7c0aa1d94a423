import { randomUUID } from "node:crypto";
import type { SourceConnection, SourceDescription } from "../../files/contents.ts";
import type { Site } from "../../site/site.ts";
import type { EmbeddedDatasource } from "../workbooks/model.ts";
import type { Connection } from "./model.ts";

/** The connections of a data source, as its file writes them; a file without any is itself the data. */
export function connectionsOfSource(
  site: Site,
  { connections }: Pick<SourceDescription, "connections">,
  embedded: EmbeddedDatasource | undefined,
): Connection[] {
  return connections.map((connection) => connectionOf(site, connection, embedded));
}

function connectionOf(site: Site, from: SourceConnection, embedded: EmbeddedDatasource | undefined): Connection {
  const { type, serverAddress, serverPort, userName, authenticationType, databaseName, publishedAs } = from;
  return {
    id: randomUUID(),
    type,
    serverAddress,
    serverPort,
    userName,
    embedPassword: false,
    queryTaggingEnabled: false,
    authenticationType,
    databaseName,
    datasource: publishedAs === undefined ? undefined : publishedDatasource(site, publishedAs),
    embedded: embedded === undefined ? undefined : { id: embedded.id, name: embedded.name },
  };
}

/** Workbooks refer to published data sources by their content URLs. */
export function publishedDatasource(site: Site, contentUrl: string) {
  return site.datasources
    .values()
    .find((datasource) => datasource.contentUrl.toLowerCase() === contentUrl.toLowerCase());
}
