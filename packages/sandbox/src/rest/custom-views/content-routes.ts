import { randomUUID } from "node:crypto";
import { alone, draw } from "../../query/description.ts";
import { readText } from "../../wire/multipart.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { created, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import { may } from "../permissions/effective.ts";
import { discard, type PublishRequest, readPublishRequest } from "../publishing/request.ts";
import { find } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import { customViews } from "./collection.ts";
import { readContent, writeContent } from "./content.ts";
import type { CustomView } from "./model.ts";
import { customViewResource } from "./resource.ts";

/** The largest definition that is read, in bytes. */
const largestContent = 16 * 1024 * 1024;

/** Custom views of one site; more than this are refused. */
const mostCustomViews = 100_000;

const publishSchema = element({
  customView: element({
    name: attribute,
    shared: flag.optional(),
    owner: element({ id: attribute }).optional(),
    workbook: element({ id: attribute }),
  }),
});

/** Downloading and publishing definitions; Tableau has them below `/api/exp`. */
export const customViewContentRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/customviews/{id}/content",
    isExperimental: true,
    body: "none",
    jwt: "tableau:views:download", // inferred
    role: "anyone",
    handle: downloadCustomView,
  },
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/customviews",
    isExperimental: true,
    body: "stream",
    jwt: "tableau:views:update", // inferred
    role: "anyone",
    handle: publishCustomView,
  },
];

function downloadCustomView(call: SessionCall): Reply | Refusal {
  const customView = find(customViews, call);
  if (isRefusal(customView)) return customView;
  const disposition = `name="tableau_customview"; filename="${customView.id}.json"`;
  return { kind: "bytes", contentType: "application/octet-stream", disposition, body: writeContent(customView) };
}

async function publishCustomView(call: SessionCall): Promise<Reply | Refusal> {
  const request = await readPublishRequest(call, {
    part: "tableau_customview",
    typeParameter: "customViewType", // there is none: any file may hold a definition
    types: "any",
    codes: { wrongType: "400020", missingType: "400020", broken: "400011" },
  });
  if (isRefusal(request)) return request;
  const customView = await customViewOf(call, request);
  await discard(call, request); // what it says is in the site now
  if (isRefusal(customView)) return customView;
  const { site } = call.session;
  if (site.customViews.size >= mostCustomViews) return refuse("403008", "The site has too many custom views.");
  site.customViews.set(customView.id, customView);
  return created(
    draw(customViewResource, customView, call.scene, alone),
    `/api/${restApiVersion}/sites/${site.id}/customviews/${customView.id}`,
  );
}

async function customViewOf(call: SessionCall, { content, file }: PublishRequest): Promise<CustomView | Refusal> {
  const { site, user } = call.session;
  const payload = read(publishSchema, content);
  if (isRefusal(payload)) return payload;
  const { name, shared = false, owner, workbook: named } = payload.customView;
  if (name.trim() === "") return refuse("400003", "A custom view must have a name.");
  const workbook = site.workbooks.get(named.id.toLowerCase());
  if (workbook === undefined) return refuse("404006", `There is no workbook '${named.id}'.`);
  const ownedBy = owner === undefined ? user : site.users.get(owner.id.toLowerCase());
  if (ownedBy === undefined) return refuse("404002", `There is no user '${owner?.id}'.`);
  const written = await readText(await call.world.files.read(file), largestContent);
  const definition = written === undefined ? undefined : readContent(written);
  if (definition === undefined) return refuse("400011", "The file is not the definition of a custom view.");
  const view = workbook.views.find((one) => one.name === definition.viewName);
  if (view === undefined) return refuse("404011", `The workbook has no view '${definition.viewName}'.`);
  if (!may(user, "Read", view)) return refuse("403004", `${user.name} isn't authorized to query '${view.name}'.`);
  const times = { createdAt: call.scene.now, updatedAt: call.scene.now, lastAccessedAt: undefined };
  return {
    id: randomUUID(),
    name,
    view,
    owner: ownedBy,
    shared,
    saved: definition.saved,
    defaultFor: new Set(),
    ...times,
  };
}
