import type { Connection } from "../../rest/connections/model.ts";
import { type Html, html } from "../html.ts";
import { table } from "../parts.ts";

/** Where a data source or a flow reads. */
export function connectionTable(connections: readonly Connection[], empty: string): Html {
  const rows = connections.map(({ type, serverAddress, serverPort, databaseName, userName }) => [
    html`${type}`,
    html`${serverAddress === "" ? html`<span class="faint">a file</span>` : serverAddress}${serverPort !== undefined && html`:${String(serverPort)}`}`,
    html`${databaseName}`,
    html`${userName}`,
  ]);
  const columns = [{ name: "Type", tight: true }, { name: "Server" }, { name: "Database" }, { name: "User name" }];
  return table("Connections", columns, rows, empty);
}
