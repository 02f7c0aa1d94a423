import * as z from "zod";
import { type JsonCall, type JsonReply, type JsonRoute, json, noContent } from "../api/route.ts";
import { may } from "../rest/permissions/effective.ts";
import type { Workbook } from "../rest/workbooks/model.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { read } from "../wire/request-schema.ts";
import { analytics, briefs, findConnection } from "./analytics-routes.ts";

const workbook = `${analytics}/workbooks/{workbookId}` as const;
const anyone = { jwt: "never", role: "anyone" } as const;

const selectionSchema = z.object({ connection_luid: z.string() });

/** Which analytics extension a workbook uses, for whoever has permissions for the workbook. */
export const workbookConnectionRoutes: readonly JsonRoute[] = [
  { ...anyone, method: "GET", path: `${workbook}/connections`, body: "none", handle: list },
  { ...anyone, method: "GET", path: `${workbook}/selected_connection`, body: "none", handle: show },
  { ...anyone, method: "PUT", path: `${workbook}/selected_connection`, body: "json", handle: choose },
  { ...anyone, method: "DELETE", path: `${workbook}/selected_connection`, body: "none", handle: forget },
];

function list(call: JsonCall): JsonReply | Refusal {
  const found = findWorkbook(call, "Read");
  if (isRefusal(found)) return found;
  const { isEnabled, connections } = call.session.site.settings.analyticsExtensions;
  return json(briefs(isEnabled ? connections.values() : []));
}

function show(call: JsonCall): JsonReply | Refusal {
  const found = findWorkbook(call, "Read");
  if (isRefusal(found)) return found;
  const { connections, selected } = call.session.site.settings.analyticsExtensions;
  const connection = connections.get(selected.get(found.id) ?? "");
  return json(briefs(connection === undefined ? [] : [connection]));
}

function choose(call: JsonCall): JsonReply | Refusal {
  const found = findWorkbook(call, "Write");
  if (isRefusal(found)) return found;
  const request = read(selectionSchema, call.content);
  if (isRefusal(request)) return request;
  const connection = findConnection(call, request.connection_luid);
  if (isRefusal(connection)) return connection;
  const { settings, workbooks } = call.session.site;
  const { selected } = settings.analyticsExtensions;
  // Never more than there are workbooks.
  for (const id of selected.keys()) if (!workbooks.has(id)) selected.delete(id);
  selected.set(found.id, connection.id);
  return json({ workbook_luid: found.id, connection_luid: connection.id });
}

function forget(call: JsonCall): JsonReply | Refusal {
  const found = findWorkbook(call, "Write");
  if (isRefusal(found)) return found;
  call.session.site.settings.analyticsExtensions.selected.delete(found.id);
  return noContent;
}

function findWorkbook(
  { session: { site, user }, parameters }: JsonCall,
  capability: "Read" | "Write",
): Workbook | Refusal {
  const { workbookId = "" } = parameters;
  const found = site.workbooks.get(workbookId.toLowerCase());
  if (found === undefined || !may(user, "Read", found))
    return refuse("404006", `There is no workbook '${workbookId}'.`);
  if (!may(user, capability, found)) return refuse("403027", `${user.name} may not change '${found.name}'.`);
  return found;
}
