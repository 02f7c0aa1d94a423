import { randomUUID } from "node:crypto";
import { alone, draw, drawing, inLists } from "../../query/description.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { type Asset, assetOf } from "./assets.ts";
import type { QualityTrigger } from "./model.ts";
import { assetInPath, assetsInFilter, message, mustLabel } from "./requests.ts";
import { triggerResource } from "./resources.ts";

/** Triggers of one site; Tableau's own limit is not published. */
const mostTriggers = 10_000;

const triggerSchema = element({
  dataQualityTrigger: element({
    type: attribute.optional(),
    message: message.optional(),
    active: flag.optional(),
    severe: flag.optional(),
  }),
});

const reading = { body: "none", jwt: "tableau:labels:read", role: "anyone" } as const;
const update = { body: "tsRequest", jwt: "tableau:labels:update", role: "explorer" } as const;
const remove = { body: "none", jwt: "tableau:labels:delete", role: "explorer" } as const;

const triggers = "/sites/{siteId}/dataQualityTriggers";
const onContent = `${triggers}/{contentType}/{contentId}`;

/** Paths and bodies as in Tableau's Postman collection; their scopes are inferred. */
export const triggerRoutes: readonly Route[] = [
  { kind: "session", method: "GET", template: `${triggers}/{id}`, ...reading, handle: showTrigger },
  { kind: "session", method: "PUT", template: `${triggers}/{id}`, ...update, handle: updateTrigger },
  { kind: "session", method: "DELETE", template: `${triggers}/{id}`, ...remove, handle: deleteTrigger },
  { kind: "session", method: "GET", template: onContent, ...reading, handle: listTriggers },
  { kind: "session", method: "POST", template: onContent, ...update, handle: setTriggers },
  { kind: "session", method: "DELETE", template: onContent, ...remove, handle: deleteTriggers },
];

function listTriggers(call: SessionCall): Reply | Refusal {
  const assets = assetsNamed(call);
  return isRefusal(assets)
    ? assets
    : listed(
        assets.flatMap((asset) => triggersOf(call, asset)),
        call,
      );
}

/** One trigger of a type on each asset: a second POST changes the first. */
function setTriggers(call: SessionCall): Reply | Refusal {
  const assets = assetsNamed(call);
  if (isRefusal(assets)) return assets;
  const request = read(triggerSchema, call.content);
  if (isRefusal(request)) return request;
  const refusal = mustLabel(call, assets);
  if (refusal !== undefined) return refusal;
  const { labels } = call.session.site;
  const { type, message = "", active = true, severe = false } = request.dataQualityTrigger;
  const changes = { message, isActive: active, isSevere: severe, updatedAt: call.scene.now };
  const set: QualityTrigger[] = [];
  for (const asset of assets) {
    const kind = type ?? (asset.type === "flow" ? "flow_run" : "extract_refresh");
    const found = triggersOf(call, asset).find((one) => one.type === kind);
    if (found === undefined && labels.triggers.size >= mostTriggers) return refuse("400003", "There are too many.");
    const made = found ?? newTrigger(call, asset, kind);
    labels.triggers.set(made.id, Object.assign(made, changes));
    set.push(made);
  }
  return listed(set, call);
}

function deleteTriggers(call: SessionCall): Reply | Refusal {
  const assets = assetsNamed(call);
  if (isRefusal(assets)) return assets;
  const refusal = mustLabel(call, assets);
  if (refusal !== undefined) return refusal;
  for (const asset of assets) {
    for (const { id } of triggersOf(call, asset)) call.session.site.labels.triggers.delete(id);
  }
  return done;
}

function showTrigger(call: SessionCall): Reply | Refusal {
  const found = triggerInPath(call);
  return isRefusal(found) ? found : answer(draw(triggerResource, found, call.scene, alone));
}

function updateTrigger(call: SessionCall): Reply | Refusal {
  const found = triggerInPath(call, "to change");
  if (isRefusal(found)) return found;
  const request = read(triggerSchema, call.content);
  if (isRefusal(request)) return request;
  const { type, message, active, severe } = request.dataQualityTrigger;
  found.type = type ?? found.type;
  found.message = message ?? found.message;
  found.isActive = active ?? found.isActive;
  found.isSevere = severe ?? found.isSevere;
  found.updatedAt = call.scene.now;
  return answer(draw(triggerResource, found, call.scene, alone));
}

function deleteTrigger(call: SessionCall): Reply | Refusal {
  const found = triggerInPath(call, "to change");
  if (isRefusal(found)) return found;
  call.session.site.labels.triggers.delete(found.id);
  return done;
}

/** The path names one asset, or says `contentIds` and the filter names several. */
function assetsNamed(call: SessionCall): Asset[] | Refusal {
  if (call.parameters.contentId?.toLowerCase() === "contentids") return assetsInFilter(call);
  const asset = assetInPath(call);
  return isRefusal(asset) ? asset : [asset];
}

function triggersOf({ session }: SessionCall, { id }: Asset): QualityTrigger[] {
  return session.site.labels.triggers
    .values()
    .filter(({ asset }) => asset.id === id)
    .toArray();
}

function triggerInPath(call: SessionCall, purpose: "to see" | "to change" = "to see"): QualityTrigger | Refusal {
  const { site, user } = call.session;
  const id = call.parameters.id ?? "";
  const found = site.labels.triggers.get(id.toLowerCase());
  const asset = found && assetOf(site, found);
  if (found === undefined || asset === undefined) return refuse("404043", `There is no data quality trigger '${id}'.`);
  const isAllowed = purpose === "to see" ? asset.maySee(user) : asset.mayLabel(user);
  return isAllowed ? found : refuse("403004", `${user.name} may not use the trigger '${id}'.`);
}

function newTrigger({ session, scene }: SessionCall, { type, id }: Asset, kind: string): QualityTrigger {
  return {
    id: randomUUID(),
    asset: { type, id },
    type: kind,
    isActive: true,
    isSevere: false,
    message: "",
    author: session.user,
    createdAt: scene.now,
    updatedAt: scene.now,
  };
}

function listed(triggers: readonly QualityTrigger[], { scene }: SessionCall): Reply {
  const drawTrigger = drawing(triggerResource, inLists);
  return answer(
    list(
      triggerResource.plural,
      triggerResource.element,
      triggers.map((one) => drawTrigger(one, scene)),
    ),
  );
}
