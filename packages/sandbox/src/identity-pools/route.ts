import type { JsonCall, JsonReply, JsonRoute } from "../api/route.ts";
import type { Method } from "../rest/route.ts";
import { type Refusal, refuse } from "../wire/refusals.ts";

/** Stores, configurations and pools of one server, each. */
const most = 100;

/** One of the routes below `/api/-/authn-service`: only Tableau Server has them, and no access scope is published. */
export function identityRoute(
  method: Method,
  path: `/${string}`,
  handle: (call: JsonCall) => JsonReply | Refusal,
): JsonRoute {
  return {
    method,
    path: `/api/-/authn-service${path}`,
    body: method === "GET" || method === "DELETE" ? "none" : "json",
    edition: "server",
    jwt: "never",
    role: "serverAdministrator",
    handle,
  };
}

/** One more of something, unless there are too many. */
export function add<Item>(items: Item[], item: Item): Refusal | undefined {
  if (items.length >= most) return refuse("400003", `There are at most ${most} of these.`);
  items.push(item);
  return undefined;
}

/** inferred: how times are written. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
