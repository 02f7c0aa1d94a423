import * as z from "zod";
import type { Scope } from "../../auth/scopes.ts";
import { draw, inLists } from "../../query/description.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, type RefusalCode, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import { kindOf, type ProjectItem } from "../permissions/content.ts";
import { may } from "../permissions/effective.ts";
import type { ContentKind } from "../permissions/kinds.ts";
import { type Collection, find } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import type { Connection } from "./model.ts";
import { connectionResource } from "./resource.ts";

/** Connections in one request. */
const mostConnections = 500;

type Connected = ProjectItem & { connections: Connection[]; updatedAt: number };

/** Listing the connections of one kind of content, and changing one. */
export function connectionRoutes<Item extends Connected>(
  collection: Collection<Item>,
  scopes: { read: Scope; update: Scope },
): readonly Route[] {
  const template = `/sites/{siteId}/${collection.path}/{id}/connections`;
  const shared = { kind: "session", role: "explorer" } as const;
  return [
    {
      ...shared,
      method: "GET",
      template,
      body: "none",
      jwt: scopes.read,
      role: "anyone",
      handle(call: SessionCall) {
        const item = find(collection, call);
        return isRefusal(item) ? item : connectionsReply(call, item.connections);
      },
    },
    {
      ...shared,
      method: "PUT",
      template: `${template}/{connectionId}`,
      body: "tsRequest",
      jwt: scopes.update,
      handle: (call: SessionCall) => updateOne(collection, call),
    },
  ];
}

/** Changing several connections at once, which workbooks and data sources have since 3.26, and flows have not. */
export function severalConnectionsRoute<Item extends Connected>(collection: Collection<Item>, jwt: Scope): Route {
  return {
    kind: "session",
    method: "PUT",
    template: `/sites/{siteId}/${collection.path}/{id}/connections`,
    body: "tsRequest",
    jwt,
    role: "explorer",
    handle: (call) => updateSeveral(collection, call),
  };
}

function connectionsReply({ scene }: SessionCall, connections: readonly Connection[]): Reply {
  const drawn = connections.map((connection) => draw(connectionResource, connection, scene, inLists));
  return answer(list("connections", "connection", drawn));
}

const connectionSchema = element({
  serverAddress: attribute.optional(),
  serverPort: attribute.pipe(z.string().regex(/^\d{0,5}$/)).optional(),
  userName: attribute.optional(),
  // Taken, so that it is not refused, and dropped here: passwords are kept nowhere.
  password: attribute.optional().transform(() => undefined),
  embedPassword: flag.optional(),
  queryTaggingEnabled: flag.optional(),
  authenticationType: attribute.optional(),
});

const oneSchema = element({ connection: connectionSchema });

const severalSchema = element({
  connection: connectionSchema,
  connectionLUIDs: element({
    connectionLUID: z.preprocess(
      (value) => (Array.isArray(value) ? value : [value]),
      z.array(attribute).min(1).max(mostConnections),
    ),
  }),
});

function updateOne<Item extends Connected>(collection: Collection<Item>, call: SessionCall): Reply | Refusal {
  const item = findToChange(collection, call);
  if (isRefusal(item)) return item;
  const request = read(oneSchema, call.content);
  if (isRefusal(request)) return request;
  const connection = connectionOf(item, call.parameters.connectionId ?? "");
  if (isRefusal(connection)) return connection;
  change(connection, request.connection);
  item.updatedAt = call.scene.now;
  return answer(draw(connectionResource, connection, call.scene, inLists));
}

/** All of them to the same. */
function updateSeveral<Item extends Connected>(collection: Collection<Item>, call: SessionCall): Reply | Refusal {
  const item = findToChange(collection, call);
  if (isRefusal(item)) return item;
  const request = read(severalSchema, call.content);
  if (isRefusal(request)) return request;
  const changed: Connection[] = [];
  for (const id of request.connectionLUIDs.connectionLUID) {
    const connection = connectionOf(item, id.trim());
    if (isRefusal(connection)) return connection;
    changed.push(connection);
  }
  for (const connection of changed) change(connection, request.connection);
  item.updatedAt = call.scene.now;
  return connectionsReply(call, changed);
}

/** Tableau's codes differ by what the connections are of (Tableau REST reference, "Update … Connection"). */
const mayNotChange: Partial<Record<ContentKind, RefusalCode>> = { datasource: "403023", flow: "403103" };

function findToChange<Item extends Connected>(collection: Collection<Item>, call: SessionCall): Item | Refusal {
  const item = find(collection, call);
  if (isRefusal(item) || may(call.session.user, "Write", item)) return item;
  return refuse(
    mayNotChange[kindOf(item)] ?? "403029",
    `${call.session.user.name} isn't authorized to change the connections of '${item.id}'.`,
  );
}

function connectionOf({ connections }: Connected, id: string): Connection | Refusal {
  const lower = id.toLowerCase();
  return (
    connections.find((connection) => connection.id === lower) ?? refuse("404020", `There is no connection '${id}'.`)
  );
}

function change(connection: Connection, asked: z.output<typeof connectionSchema>): void {
  const { serverAddress, serverPort, userName, embedPassword, queryTaggingEnabled, authenticationType } = asked;
  Object.assign(connection, {
    serverAddress: serverAddress ?? connection.serverAddress,
    serverPort: serverPort === undefined || serverPort === "" ? connection.serverPort : Number(serverPort),
    userName: userName ?? connection.userName,
    embedPassword: embedPassword ?? connection.embedPassword,
    queryTaggingEnabled: queryTaggingEnabled ?? connection.queryTaggingEnabled,
    authenticationType: authenticationType ?? connection.authenticationType,
  });
}
