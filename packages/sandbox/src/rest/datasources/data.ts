import * as z from "zod";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import type { Reply } from "../../wire/reply.ts";
import { read } from "../../wire/request-schema.ts";
import type { Connection } from "../connections/model.ts";
import type { Moment } from "../jobs/effects.ts";
import { startJob } from "../jobs/jobs.ts";
import { acceptedJob } from "../jobs/resource.ts";
import { refuseUnless } from "../permissions/require.ts";
import { parameter } from "../publishing/parameters.ts";
import { find } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { datasources } from "./collection.ts";
import type { Datasource } from "./model.ts";

/** Changes in one request, and requests of a data source that are remembered, the oldest out. */
const mostActions = 1_000;
const mostRequests = 200;

const shared = { kind: "session", method: "PATCH", body: "tsRequest", jwt: "tableau:hyper_data:update" } as const;

/** Changing rows of a data source (3.13): JSON, whatever its answer is in. */
export const dataRoutes: readonly Route[] = [
  { ...shared, role: "explorer", template: "/sites/{siteId}/datasources/{id}/data", handle: changeData },
  {
    ...shared,
    role: "explorer",
    template: "/sites/{siteId}/datasources/{id}/connections/{connectionId}/data",
    handle: changeData,
  },
];

const table = z.string().min(1);
const target = { "target-schema": z.string().optional(), "target-table": table };
const source = { "source-schema": z.string().optional(), "source-table": table };
const condition = z.record(z.string(), z.unknown());

/** Tableau REST reference, "Update data in Hyper data source": action batch descriptions. */
const requestSchema = z.object({
  actions: z
    .array(
      z.discriminatedUnion("action", [
        z.object({ action: z.literal("insert"), ...source, ...target }),
        z.object({ action: z.literal("replace"), ...source, ...target }),
        z.object({ action: z.literal("update"), ...source, ...target, condition }),
        z.object({ action: z.literal("upsert"), ...source, ...target, condition }),
        // What is to go may be named by the condition alone.
        z.object({ action: z.literal("delete"), ...target, condition: condition.optional() }).loose(),
      ]),
    )
    .min(1)
    .max(mostActions),
});

async function changeData(call: SessionCall): Promise<Reply | Refusal> {
  const datasource = find(datasources, call);
  if (isRefusal(datasource)) return datasource;
  const forbidden = refuseUnless(call.session.user, "Write", datasource, "change the data of");
  if (forbidden !== undefined) return forbidden;
  const connection = connectionAsked(datasource, call.parameters.connectionId);
  if (isRefusal(connection)) return connection;
  const requestId = call.headers.requestid;
  if (typeof requestId !== "string" || requestId === "") return refuse("400000", "The header RequestID is missing.");
  // The same request again, as a client sends it that did not see the answer, is done once.
  const former = call.session.site.jobs.get(datasource.dataRequests?.get(requestId) ?? "");
  if (former !== undefined) return acceptedJob(former, call.scene);
  const request = read(requestSchema, call.content);
  if (isRefusal(request)) return request;
  const refusal = await takeUpload(call);
  if (refusal !== undefined) return refusal;
  const job = startJob(call.session.site, {
    kind: "updateUploadedFile",
    now: call.scene.now,
    title: datasource.name,
    target: { type: "upload", item: datasource, connectionId: connection.id },
    startedBy: call.session.user,
    onEnd: { effect: "dataChanged" },
  });
  remember(datasource, requestId, job.id);
  return acceptedJob(job, call.scene);
}

function connectionAsked({ connections }: Datasource, id: string | undefined): Connection | Refusal {
  const [only] = connections;
  if (id !== undefined) {
    const lower = id.toLowerCase();
    return connections.find((one) => one.id === lower) ?? refuse("404020", `There is no connection '${id}'.`);
  }
  if (only === undefined || connections.length > 1) {
    return refuse("403062", "The data source does not have one connection: name the one to change.");
  }
  return only;
}

/** The rows that were uploaded are in a format that is not read here: they have come, and are dropped. */
async function takeUpload({ world, session, query }: SessionCall): Promise<Refusal | undefined> {
  const id = parameter(query, "uploadSessionId");
  if (id === undefined) return undefined;
  const upload = world.uploads.find(session.site, id);
  if (upload === undefined) return refuse("404015", `There is no upload session '${id}'.`);
  world.uploads.drop(upload);
  return undefined;
}

function remember(datasource: Datasource, requestId: string, jobId: string): void {
  datasource.dataRequests ??= new Map();
  datasource.dataRequests.set(requestId, jobId);
  const oldest = datasource.dataRequests.keys().next();
  if (datasource.dataRequests.size > mostRequests && !oldest.done) datasource.dataRequests.delete(oldest.value);
}

/** Effect: rows of a data source have changed. Which ones is not known: its numbers stay what they were. */
export function dataChanged({ world, site, job, at }: Moment): void {
  if (job.target?.type !== "upload") return;
  const { item } = job.target;
  item.updatedAt = at;
  world.events.emit({ name: "DatasourceUpdated", site, resource: "DATASOURCE", item, at });
}
