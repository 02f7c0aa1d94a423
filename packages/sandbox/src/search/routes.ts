import { httpError } from "../api/http-error.ts";
import { type JsonApi, type JsonCall, type JsonReply, json } from "../api/route.ts";
import { isRefusal, type Refusal } from "../wire/refusals.ts";
import { finders } from "./finders.ts";
import type { Found } from "./found.ts";
import { ranked } from "./rank.ts";
import { readSearch } from "./request.ts";
import { usageRoutes } from "./usage-routes.ts";

const reading = { method: "GET", body: "none", jwt: "tableau:content:read", role: "anyone" } as const;

/** Content exploration (Tableau REST reference, "Content Exploration Methods"). */
export const searchApi: JsonApi = {
  routes: [
    { ...reading, path: "/api/-/search", handle: search },
    { ...reading, path: "/api/-/suggestions", handle: suggest },
    ...usageRoutes,
  ],
  refusal: httpError,
};

function search(call: JsonCall): JsonReply | Refusal {
  const request = readSearch(call.query);
  if (isRefusal(request)) return request;
  const { page, limit } = request;
  const hits = ranked(
    request.types.flatMap((type) => Array.from(finders[type](call.world, call.session))),
    request,
    call.scene.site,
  );
  const start = page * limit;
  return json({
    terms: call.query.get("terms") ?? "",
    filter: call.query.get("filter") ?? "",
    sort: call.query.get("order_by") ?? "",
    hits: {
      // Clients read on until there is no next page, so it is left out and not empty.
      ...(start + limit < hits.length ? { next: pageAddress(call.query, page + 1) } : {}),
      ...(page > 0 ? { prev: pageAddress(call.query, page - 1) } : {}),
      pageIndex: page,
      startIndex: start,
      total: hits.length,
      limit,
      items: hits.slice(start, start + limit).map(itemOf),
    },
  });
}

/** What is found by the beginnings of words in titles; what its caller has seen lately comes first. */
function suggest(call: JsonCall): JsonReply | Refusal {
  const request = readSearch(call.query);
  if (isRefusal(request)) return request;
  const recent = new Set((call.query.get("recentsLuids") ?? "").toLowerCase().split(","));
  const all = request.types.flatMap((type) => Array.from(finders[type](call.world, call.session)));
  const titles = all.map((found) => ({ ...found, words: found.words.slice(0, 1) }));
  const hits = ranked(titles, request, call.scene.site);
  const items = [...hits.filter(({ luid }) => recent.has(luid)), ...hits.filter(({ luid }) => !recent.has(luid))];
  const { limit } = request;
  return json({ hits: { total: items.length, limit, items: items.slice(0, limit).map(itemOf) } });
}

function itemOf({ uri, written }: Found): { uri: string; content: Record<string, unknown> } {
  return { uri, content: written() };
}

function pageAddress(query: URLSearchParams, page: number): string {
  const other = new URLSearchParams(query);
  other.set("page", String(page));
  return `/api/-/search?${other}`;
}
