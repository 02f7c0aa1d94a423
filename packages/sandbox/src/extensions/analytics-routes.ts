import { randomUUID } from "node:crypto";
import * as z from "zod";
import { type JsonCall, type JsonReply, type JsonRoute, json, noContent } from "../api/route.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { flag, read } from "../wire/request-schema.ts";
import { type AnalyticsConnection, connectionTypes } from "./model.ts";

/** Connections of one site. */
const mostConnections = 100;

const word = z.string().trim().max(500);

const enabledSchema = z.object({ enabled: flag });

// Public clients write booleans as text.
const connectionSchema = z.object({
  host: word.min(1),
  port: z.coerce.number().int().min(1).max(65_535),
  is_auth_enabled: flag.default(false),
  username: word.default(""),
  password: word.optional(),
  is_ssl_enabled: flag.default(false),
  connection_brief: z.object({ connection_name: word.min(1), connection_type: z.enum(connectionTypes) }),
});

export const analytics = "/api/-/settings/site/extensions/analytics";
const serverAnalytics = "/api/-/settings/server/extensions/analytics";

// No scope is published for them (Tableau REST reference, "Analytics Extensions Settings Methods").
const bySite = { jwt: "never", role: "siteAdministrator" } as const;
const byServer = { jwt: "never", role: "serverAdministrator", edition: "server" } as const;

/** Whether analytics extensions are on, and what they connect to. */
export const analyticsRoutes: readonly JsonRoute[] = [
  {
    ...byServer,
    method: "GET",
    path: serverAnalytics,
    body: "none",
    handle: ({ world }) => json({ enabled: world.extensions.areAnalyticsOn }),
  },
  {
    ...byServer,
    method: "PUT",
    path: serverAnalytics,
    body: "json",
    handle({ world, content }) {
      const request = read(enabledSchema, content);
      if (isRefusal(request)) return request;
      world.extensions.areAnalyticsOn = request.enabled;
      return json({ enabled: request.enabled });
    },
  },
  {
    ...bySite,
    method: "GET",
    path: analytics,
    body: "none",
    handle: ({ session }) => json({ enabled: session.site.settings.analyticsExtensions.isEnabled }),
  },
  {
    ...bySite,
    method: "PUT",
    path: analytics,
    body: "json",
    handle({ session, content }) {
      const request = read(enabledSchema, content);
      if (isRefusal(request)) return request;
      session.site.settings.analyticsExtensions.isEnabled = request.enabled;
      return json({ enabled: request.enabled });
    },
  },
  {
    ...bySite,
    method: "GET",
    path: `${analytics}/connections`,
    body: "none",
    handle: ({ session }) => json(briefs(session.site.settings.analyticsExtensions.connections.values())),
  },
  { ...bySite, method: "POST", path: `${analytics}/connections`, body: "json", handle: add },
  { ...bySite, method: "GET", path: `${analytics}/connections/{connectionId}`, body: "none", handle: show },
  { ...bySite, method: "PUT", path: `${analytics}/connections/{connectionId}`, body: "json", handle: replace },
  { ...bySite, method: "DELETE", path: `${analytics}/connections/{connectionId}`, body: "none", handle: remove },
];

function add({ session, content }: JsonCall): JsonReply | Refusal {
  const request = read(connectionSchema, content);
  if (isRefusal(request)) return request;
  const { connections } = session.site.settings.analyticsExtensions;
  if (connections.size >= mostConnections) {
    return refuse("400003", `A site has at most ${mostConnections} analytics extensions.`);
  }
  const connection = connectionOf(randomUUID(), request);
  connections.set(connection.id, connection);
  return json(briefs([connection]), 201); // inferred: the new one only
}

function show(call: JsonCall): JsonReply | Refusal {
  const connection = findConnection(call, call.parameters.connectionId);
  return isRefusal(connection) ? connection : json(details(connection));
}

function replace(call: JsonCall): JsonReply | Refusal {
  const connection = findConnection(call, call.parameters.connectionId);
  if (isRefusal(connection)) return connection;
  const request = read(connectionSchema, call.content);
  if (isRefusal(request)) return request;
  const replaced = connectionOf(connection.id, request);
  call.session.site.settings.analyticsExtensions.connections.set(connection.id, replaced);
  return json(details(replaced));
}

function remove(call: JsonCall): JsonReply | Refusal {
  const connection = findConnection(call, call.parameters.connectionId);
  if (isRefusal(connection)) return connection;
  const { connections, selected } = call.session.site.settings.analyticsExtensions;
  connections.delete(connection.id);
  for (const [workbookId, connectionId] of selected) if (connectionId === connection.id) selected.delete(workbookId);
  return noContent;
}

export function findConnection({ session }: JsonCall, id = ""): AnalyticsConnection | Refusal {
  const connection = session.site.settings.analyticsExtensions.connections.get(id.toLowerCase());
  return connection ?? refuse("404020", `There is no analytics extension '${id}'.`);
}

/** Public clients read `connectionList`, Tableau's OpenAPI file says `connectionMetadataList`. */
export function briefs(connections: Iterable<AnalyticsConnection>): Record<string, unknown[]> {
  const list = Array.from(connections, ({ id, ...connection }) => ({ connection_luid: id, ...briefOf(connection) }));
  return { connectionMetadataList: list, connectionList: list };
}

function briefOf({ name, type }: Pick<AnalyticsConnection, "name" | "type">) {
  return { connection_brief: { connection_name: name, connection_type: type } };
}

function details(connection: AnalyticsConnection) {
  const { id, host, port, isAuthEnabled, username, isSslEnabled } = connection;
  return {
    connection_luid: id,
    host,
    port,
    is_auth_enabled: isAuthEnabled,
    username,
    is_ssl_enabled: isSslEnabled,
    ...briefOf(connection),
  };
}

function connectionOf(id: string, written: z.output<typeof connectionSchema>): AnalyticsConnection {
  const { host, port, username } = written;
  const { connection_name: name, connection_type: type } = written.connection_brief;
  const { is_auth_enabled: isAuthEnabled, is_ssl_enabled: isSslEnabled } = written;
  return { id, name, type, host, port, isAuthEnabled, username, isSslEnabled };
}
