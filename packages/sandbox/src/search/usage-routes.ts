import * as z from "zod";
import { type JsonCall, type JsonReply, type JsonRoute, json } from "../api/route.ts";
import { readerOf } from "../rest/permissions/effective.ts";
import { isRefusal, type Refusal, refuse, statusOf } from "../wire/refusals.ts";
import { read } from "../wire/request-schema.ts";
import { usageOf } from "./usage.ts";

/** Items in one request; Tableau's own limit is not published. */
const mostItems = 1_000;

const batchSchema = z.object({
  content_items: z.array(z.object({ luid: z.string(), type: z.string() })).max(mostItems),
});

const asking = { jwt: "tableau:content:read", role: "anyone" } as const; // inferred: the reference has no scope

export const usageRoutes: readonly JsonRoute[] = [
  { ...asking, method: "GET", path: "/api/-/content/usage-stats/{type}/{luid}", body: "none", handle: show },
  { ...asking, method: "POST", path: "/api/-/content/usage-stats", body: "json", handle: showSeveral },
];

function show(call: JsonCall): JsonReply | Refusal {
  const usage = usageIn(call, call.parameters.type ?? "", call.parameters.luid ?? "");
  return isRefusal(usage) ? usage : json(usage);
}

/** What can't be told is left out, and why is said beside the rest. */
function showSeveral(call: JsonCall): JsonReply | Refusal {
  const request = read(batchSchema, call.content);
  if (isRefusal(request)) return request;
  const items: { content: { luid: string; type: string }; usage: Record<string, string> }[] = [];
  const errors: { httpErrorCode: number; message: string }[] = [];
  for (const content of request.content_items) {
    const usage = usageIn(call, content.type, content.luid);
    if (isRefusal(usage)) errors.push({ httpErrorCode: statusOf(usage), message: usage.detail });
    else items.push({ content, usage });
  }
  return json({ content_items: items, errors });
}

/** Numbers are written as strings, as this API's 64-bit numbers are (seen by public clients in its batches). */
function usageIn({ session: { site, user } }: JsonCall, type: string, id: string): Record<string, string> | Refusal {
  const luid = id.toLowerCase();
  const kind = kinds.find((one) => one === type.toLowerCase().replace(/s$/, ""));
  if (kind === undefined) return refuse("400003", `Usage statistics are not supported for '${type}'.`);
  const item = site[`${kind}s` as const].get(luid);
  if (item === undefined || !readerOf(user)(item)) return refuse("404003", `There is no ${kind} '${id}'.`);
  const { total, lastTwoWeeks, lastOneMonth, lastThreeMonths, lastTwelveMonths } = usageOf(site, { kind, id: luid });
  return {
    hitsTotal: String(total),
    hitsLastTwoWeeksTotal: String(lastTwoWeeks),
    hitsLastOneMonthTotal: String(lastOneMonth),
    hitsLastThreeMonthsTotal: String(lastThreeMonths),
    hitsLastTwelveMonthsTotal: String(lastTwelveMonths),
  };
}

const kinds = ["workbook", "view", "datasource", "flow"] as const;
