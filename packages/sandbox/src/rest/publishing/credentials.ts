import * as z from "zod";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, repeated } from "../../wire/request-schema.ts";
import type { Connection } from "../connections/model.ts";

/** Connections in one request. */
const mostConnections = 500;

const credentialsSchema = element({
  name: attribute.optional(),
  // Taken, so that it is not refused, and dropped here: passwords are kept nowhere.
  password: attribute.optional().transform(() => undefined),
  embed: attribute.optional(),
  oAuth: attribute.optional(),
});

/** What a request to publish says of connections: each by its place, or one set of credentials for all. */
export const connectionShape = {
  connectionCredentials: credentialsSchema.optional(),
  connections: element({
    connection: repeated(
      element({
        serverAddress: attribute.optional(),
        serverPort: attribute.optional(),
        connectionCredentials: credentialsSchema.optional(),
      }),
      mostConnections,
    ),
  }).optional(),
};

const requestSchema = z.object(connectionShape);
export type CredentialsRequest = z.output<typeof requestSchema>;

/** Who a connection is to sign in as, without their password. An address that is not said means all. */
export type Credentials = {
  serverAddress: string | undefined;
  serverPort: number | undefined;
  userName: string;
  embedPassword: boolean;
};

/** The credentials that a request brings. */
export function readCredentials(request: CredentialsRequest): Credentials[] | Refusal {
  const { connectionCredentials, connections } = request;
  const forAll = { serverAddress: undefined, serverPort: undefined, connectionCredentials };
  const found: Credentials[] = [];
  for (const { serverAddress, serverPort, connectionCredentials: said } of [
    forAll,
    ...(connections?.connection ?? []),
  ]) {
    if (said === undefined) continue;
    const { name: userName = "", embed = "false" } = said;
    const embedPassword = embed.toLowerCase();
    if (embedPassword !== "true" && embedPassword !== "false") {
      return refuse("400008", "The attribute embed must be true or false.");
    }
    found.push({
      serverAddress,
      serverPort: serverPort ? Number(serverPort) : undefined,
      userName,
      embedPassword: embedPassword === "true",
    });
  }
  return found;
}

/** Signs connections in as a request says; later credentials win. */
export function applyCredentials(connections: readonly Connection[], credentials: readonly Credentials[]): void {
  for (const { serverAddress, serverPort, userName, embedPassword } of credentials) {
    for (const connection of connections) {
      const isThere =
        serverAddress === undefined || connection.serverAddress.toLowerCase() === serverAddress.toLowerCase();
      const isAtPort =
        serverPort === undefined || connection.serverPort === undefined || connection.serverPort === serverPort;
      if (isThere && isAtPort) Object.assign(connection, { userName, embedPassword });
    }
  }
}
