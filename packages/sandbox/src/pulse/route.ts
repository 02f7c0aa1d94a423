import type * as z from "zod";
import { type JsonCall, type JsonReply, type JsonRoute, json } from "../api/route.ts";
import type { Scope } from "../auth/scopes.ts";
import type { Method } from "../rest/route.ts";
import { errorReply, isPulseRefusal, type PulseRefusal, refusePulse } from "./errors.ts";

/** What a Pulse handler gives: what to answer with 200, a whole reply, or why not. */
export type PulseAnswer = { kind: "answer"; body: object } | JsonReply | PulseRefusal;

export function answer(body: object): PulseAnswer {
  return { kind: "answer", body };
}

export function created(body: object): PulseAnswer {
  return json(body, 201);
}

/** One of Pulse's routes, below `/api/-/pulse`. Only Tableau Cloud has Pulse. */
export function pulseRoute(
  route: `${Method} /${string}`,
  jwt: Scope,
  handle: (call: JsonCall) => PulseAnswer,
): JsonRoute {
  const [method = "", path = ""] = route.split(" ");
  return {
    method: methodOf(method),
    path: `${pulseBase}${path}`,
    body: method === "GET" || method === "DELETE" ? "none" : "json",
    jwt,
    role: "anyone",
    edition: "cloud",
    handle(call) {
      const isOn = call.scene.site.settings.attributes.pulseEnabled !== false;
      const result = isOn ? handle(call) : refusePulse("400999");
      if (isPulseRefusal(result)) return errorReply(result);
      return result.kind === "answer" ? json(result.body) : result;
    },
  };
}

export const pulseBase = "/api/-/pulse";

function methodOf(written: string): Method {
  const found = (["GET", "POST", "PUT", "DELETE", "PATCH"] as const).find((method) => method === written);
  if (found === undefined) throw new Error(`There is no method ${written}.`);
  return found;
}

/** Checks a request's JSON; what is wrong is named. */
export function readJson<Schema extends z.ZodType>(schema: Schema, content: unknown): z.output<Schema> | PulseRefusal {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  return refusePulse("400000", `${issue?.path.join(".") || "the request"}: ${issue?.message ?? "not understood"}`);
}

export type Page<Item> = { items: Item[]; next_page_token: string; offset: number; total_available: number };

const usualSize = 100; // inferred
const largestSize = 1_000; // inferred

/** One page by `page_size` and `page_token`. The token of the last page's next is empty. */
export function pageOf<Item>(items: readonly Item[], query: URLSearchParams): Page<Item> | PulseRefusal {
  const written = query.get("page_size") || String(usualSize);
  const size = Number(written);
  if (!/^\d{1,9}$/.test(written) || size < 1 || size > largestSize) return refusePulse("400959");
  const offset = offsetOf(query.get("page_token") ?? "");
  if (offset === undefined) return refusePulse("400740");
  const next = offset + size;
  return {
    items: items.slice(offset, next),
    next_page_token: next < items.length ? tokenOf(next) : "",
    offset,
    total_available: items.length,
  };
}

function tokenOf(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString("base64url");
}

function offsetOf(token: string): number | undefined {
  if (token === "") return 0;
  const [, offset] = /^offset:(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString("utf8")) ?? [];
  return offset === undefined ? undefined : Number(offset);
}

/** Ids in a query: separated by commas, or the parameter several times. */
export function idsIn(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((written) => written.split(","))
    .map((id) => id.trim())
    .filter((id) => id !== "");
}
