import { detail, type Resource } from "../../query/description.ts";
import { record } from "../../wire/element.ts";
import type { Connection } from "./model.ts";

export const connectionResource: Resource<Connection> = {
  element: "connection",
  plural: "connections",
  attributes: [
    { name: "id", type: "luid", from: (connection) => connection.id },
    { name: "type", type: "string", from: (connection) => connection.type },
    { name: "serverAddress", type: "string", from: (connection) => connection.serverAddress },
    { name: "serverPort", type: "integer", from: (connection) => connection.serverPort },
    { name: "userName", type: "string", from: (connection) => connection.userName },
    { name: "embedPassword", type: "boolean", from: (connection) => connection.embedPassword },
    { name: "queryTaggingEnabled", type: "boolean", from: (connection) => connection.queryTaggingEnabled },
    { name: "authenticationType", type: "string", from: (connection) => connection.authenticationType },
  ],
  children: [
    // A published data source, or one inside of the workbook.
    detail("datasource", ({ datasource, embedded }) => {
      const { id, name } = datasource ?? embedded ?? {};
      return id === undefined ? undefined : record("datasource", { id, name });
    }),
  ],
};
