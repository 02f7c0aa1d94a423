import { Readable } from "node:stream";
import { isSiteAdministrator } from "../../auth/roles.ts";
import { indexed } from "../../control/index-lag.ts";
import { alone, draw } from "../../query/description.ts";
import { drawAlone, drawPage } from "../../query/listing.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { connectionRoutes } from "../connections/routes.ts";
import { beginRun } from "../flow-runs/run.ts";
import { startedJob } from "../jobs/resource.ts";
import { readerOf } from "../permissions/effective.ts";
import { refuseUnless } from "../permissions/require.ts";
import { permissionRoutes } from "../permissions/routes.ts";
import { filename } from "../publishing/download.ts";
import { moveTo, ownerAsked, projectAsked } from "../publishing/move.ts";
import { longestName, namedIn } from "../publishing/names.ts";
import { publish } from "../publishing/publish.ts";
import { find, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { tagRoutes } from "../tags.ts";
import { flows, removeFlow } from "./collection.ts";
import { seededFlowFile } from "./file-content.ts";
import { flowPublishing } from "./publish.ts";
import { flowResource, outputStepsElement } from "./resource.ts";
import { readRunSpec, runSpecSchema } from "./run-spec.ts";

const one = "/sites/{siteId}/flows/{id}";
const shared = { kind: "session", role: "anyone" } as const;

export const flowRoutes: readonly Route[] = [
  listRoute(flows),
  ...tagRoutes(flows, "flow"),
  ...connectionRoutes(flows, { read: "tableau:flow_connections:read", update: "tableau:flow_connections:update" }),
  ...permissionRoutes(flows),
  {
    ...shared,
    method: "POST",
    template: "/sites/{siteId}/flows",
    body: "stream",
    jwt: "tableau:flows:create",
    handle: publishFlow,
  },
  { ...shared, method: "GET", template: one, body: "none", jwt: "tableau:flows:read", handle: showFlow },
  { ...shared, method: "PUT", template: one, body: "tsRequest", jwt: "tableau:flows:update", handle: updateFlow },
  { ...shared, method: "DELETE", template: one, body: "none", jwt: "tableau:flows:delete", handle: deleteFlow },
  {
    ...shared,
    method: "GET",
    template: `${one}/content`,
    body: "none",
    jwt: "tableau:flows:download",
    handle: download,
  },
  { ...shared, method: "POST", template: `${one}/run`, body: "tsRequest", jwt: "tableau:flows:run", handle: runFlow },
  {
    ...shared,
    method: "GET",
    template: "/sites/{siteId}/users/{id}/flows",
    body: "none",
    jwt: "tableau:flows:read",
    handle: listFlowsOfUser,
  },
];

function publishFlow(call: SessionCall): Promise<Reply | Refusal> {
  return publish(call, flowPublishing);
}

function showFlow(call: SessionCall): Reply | Refusal {
  const flow = find(flows, call);
  if (isRefusal(flow)) return flow;
  const drawn = drawAlone(flowResource, flow, call.query, call.scene);
  return isRefusal(drawn) ? drawn : answer(outputStepsElement(flow.outputSteps), drawn);
}

/** Those that a user owns, and with `ownedBy=false` (the default) all that they may see (as for workbooks: inferred). */
function listFlowsOfUser(call: SessionCall): Reply | Refusal {
  const { world, session, parameters, query, scene } = call;
  const user = session.site.users.get(parameters.id?.toLowerCase() ?? "");
  if (user === undefined) return refuse("404002", `There is no user '${parameters.id}'.`);
  if (user !== session.user && !isSiteAdministrator(session.user)) {
    return refuse("403004", "Listing the flows of other users needs a site administrator.");
  }
  const onlyOwned = query.get("ownedBy")?.toLowerCase() === "true";
  const mayRead = readerOf(user);
  const listed = session.site.flows.values().filter((flow) => (onlyOwned ? flow.owner === user : mayRead(flow)));
  const elements = drawPage(flowResource, indexed(world, listed), query, scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

const reference = element({ id: attribute.optional() }).optional();

const updateSchema = element({
  flow: element({
    name: attribute.optional(),
    description: attribute.optional(),
    project: reference,
    owner: reference,
  }),
});

function updateFlow(call: SessionCall): Reply | Refusal {
  const flow = find(flows, call);
  if (isRefusal(flow)) return flow;
  const request = read(updateSchema, call.content);
  if (isRefusal(request)) return request;
  const { site, user } = call.session;
  const forbidden = refuseUnless(user, "Write", flow, "change the flow");
  if (forbidden !== undefined) return forbidden;
  const project = projectAsked(call, flow, request.flow.project?.id);
  if (isRefusal(project)) return project;
  const owner = ownerAsked(call, flow, request.flow.owner?.id);
  if (isRefusal(owner)) return owner;
  const { description = flow.description } = request.flow;
  const name = request.flow.name?.trim() ?? flow.name;
  if (name === "" || name.length > longestName) return refuse("400003", "A flow can't be named so.");
  const taken = namedIn(site.flows, project, name);
  if (taken !== undefined && taken !== flow) return refuse("409041", `The name '${name}' is taken in this project.`);
  moveTo(flow, project);
  Object.assign(flow, { name, description, owner, updatedAt: call.scene.now });
  return answer(draw(flowResource, flow, call.scene, alone));
}

function deleteFlow(call: SessionCall): Reply | Refusal {
  const flow = find(flows, call);
  if (isRefusal(flow)) return flow;
  const forbidden = refuseUnless(call.session.user, "Delete", flow, "delete the flow");
  if (forbidden !== undefined) return forbidden;
  removeFlow({ world: call.world, site: call.session.site }, flow);
  return done;
}

async function download(call: SessionCall): Promise<Reply | Refusal> {
  const flow = find(flows, call);
  if (isRefusal(flow)) return flow;
  const forbidden = refuseUnless(call.session.user, "ExportXml", flow, "download the flow");
  if (forbidden !== undefined) return forbidden;
  const file = flow.revisions.at(-1)?.file;
  const disposition = `name="tableau_flow"; ${filename(`${flow.name}.${flow.fileType}`)}`;
  const shared = { kind: "bytes", contentType: "application/octet-stream", disposition } as const;
  if (file !== undefined) return { ...shared, length: file.size, body: await call.world.files.read(file) };
  const { content, size } = seededFlowFile(flow);
  return { ...shared, length: size, body: Readable.from([content]) };
}

function runFlow(call: SessionCall): Reply | Refusal {
  const flow = find(flows, call);
  if (isRefusal(flow)) return flow;
  const { site, user } = call.session;
  const forbidden = refuseUnless(user, "Execute", flow, "run the flow");
  if (forbidden !== undefined) return forbidden;
  const request = read(runSpecSchema, call.content);
  if (isRefusal(request)) return request;
  const spec = readRunSpec(request.flowRunSpec ?? {}, flow);
  if (isRefusal(spec)) return spec;
  const { job } = beginRun(site, { flow, parameters: spec.parameters, startedBy: user, now: call.scene.now });
  return startedJob(job, call.scene);
}
