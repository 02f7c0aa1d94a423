import { type JsonApi, type JsonCall, type JsonReply, json } from "../api/route.ts";
import { isoSeconds } from "../query/description.ts";
import { catalogOf } from "../rest/catalog/catalog.ts";
import { statusOf } from "../wire/refusals.ts";
import { type Query, readBody, readSearch } from "./request.ts";

/** For administrators of Tableau Server, whose help describes them; Tableau Cloud has no such calls. */
const control = {
  method: "GET",
  body: "none",
  edition: "server",
  jwt: "tableau:content:read",
  role: "serverAdministrator",
} as const;
const query = { jwt: "tableau:content:read", role: "anyone" } as const;

/** Clients know the Metadata API by two addresses: the one of the reference, and the older one that it has inside. */
const addresses = ["/api/metadata/graphql", "/relationship-service-war/graphql"] as const;

export const metadataApi: JsonApi = {
  routes: [
    ...addresses.flatMap((path) => [
      {
        ...query,
        method: "POST" as const,
        path,
        body: "text" as const,
        handle: (call: JsonCall) => answered(readBody(String(call.content)), call),
      },
      {
        ...query,
        method: "GET" as const,
        path,
        body: "none" as const,
        handle: (call: JsonCall) => answered(readSearch(call.query), call),
      },
    ]),
    { ...control, path: "/api/metadata/v1/control/backfill/status", handle: backfillStatus },
    { ...control, path: "/api/metadata/v1/control/eventing/status", handle: eventingStatus },
  ],
  // The shape of what its service answers before a query is read: no tsResponse.
  refusal(refusal, { path, now }) {
    const status = statusOf(refusal);
    const error = reasons.get(status) ?? "Bad Request";
    const where = /\/graphql$/.test(path) ? "/relationship-service-war/graphql" : path;
    return json(
      {
        timestamp: new Date(now).toISOString().replace("Z", "+0000"),
        status,
        error,
        message: refusal.detail,
        path: where,
      },
      status,
    );
  },
};

async function answered(query: Query | "not a query", { session }: JsonCall): Promise<JsonReply> {
  // inferred: the words
  if (query === "not a query") return json({ errors: [{ message: "The request holds no query." }] }, 400);
  // GraphQL is loaded with the first query: it would double the time that the sandbox takes to start.
  const { answerQuery } = await import("./answer.ts");
  return json(await answerQuery(query, session));
}

const reasons: ReadonlyMap<number, string> = new Map([
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [405, "Method Not Allowed"],
  [413, "Payload Too Large"],
  [429, "Too Many Requests"],
  [500, "Internal Server Error"],
  [502, "Bad Gateway"],
  [503, "Service Unavailable"],
  [504, "Gateway Timeout"],
]);

/** All that there is has been indexed (Tableau Server help, "Get initial ingestion status"; its shape is inferred). */
function backfillStatus({ scene: { site, now } }: JsonCall): JsonReply {
  const { databases, tables } = catalogOf(site);
  const counted = [
    ["PublishedDatasource", site.datasources.size],
    ["Database", databases.size],
    ["DatabaseTable", tables.size],
    ["Workbook", site.workbooks.size],
    ["Flow", site.flows.size],
  ] as const;
  return json({
    backfillComplete: true,
    contentBackfillTotalDurationSeconds: 42,
    lineageBackfillTotalDurationSeconds: 17,
    contentBackfillComplete: true,
    lineageBackfillComplete: true,
    contentTypes: counted.map(([contentType, count]) => ({
      contentType,
      contentBackfillComplete: true,
      contentCount: count,
      lastUpdated: isoSeconds(now),
    })),
  });
}

/** Nothing is behind (Tableau Server help, "Get eventing status"; its shape is inferred). */
function eventingStatus({ scene: { site, now } }: JsonCall): JsonReply {
  const sites = [
    { siteLuid: site.id, siteName: site.name, isBacklogSmall: true, lastEventProcessedAt: isoSeconds(now) },
  ];
  return json({ isBacklogSmall: true, eventsInBacklog: 0, sites });
}
