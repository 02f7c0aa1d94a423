import { alone, draw, drawing, inLists, type Scene } from "../../query/description.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { assetOf } from "./assets.ts";
import { findValue, label, labelsOf, relabel, removeLabel } from "./labels.ts";
import type { Label } from "./model.ts";
import { message, mustLabel, readAssets } from "./requests.ts";
import { labelResource } from "./resources.ts";
import { categoryOf } from "./warning-types.ts";

const labelSchema = element({
  label: element({
    value: attribute.optional(),
    message: message.optional(),
    active: flag.optional(),
    elevated: flag.optional(),
  }),
});

const all = { kind: "session", template: "/sites/{siteId}/labels" } as const;
const one = { kind: "session", template: "/sites/{siteId}/labels/{id}" } as const;

/** Labels are asked for by POST, because a request lists the assets whose labels it wants. */
export const labelRoutes: readonly Route[] = [
  { ...all, method: "POST", body: "tsRequest", jwt: "tableau:labels:read", role: "anyone", handle: listLabels },
  { ...all, method: "PUT", body: "tsRequest", jwt: "tableau:labels:update", role: "explorer", handle: labelAssets },
  { ...all, method: "DELETE", body: "tsRequest", jwt: "tableau:labels:delete", role: "explorer", handle: removeLabels },
  { ...one, method: "GET", body: "none", jwt: "tableau:labels:read", role: "anyone", handle: showLabel },
  { ...one, method: "PUT", body: "tsRequest", jwt: "tableau:labels:update", role: "explorer", handle: updateLabel },
  { ...one, method: "DELETE", body: "none", jwt: "tableau:labels:delete", role: "explorer", handle: deleteLabel },
];

function listLabels(call: SessionCall): Reply | Refusal {
  const assets = readAssets(call);
  if (isRefusal(assets)) return assets;
  const isWanted = wantedCategories(call);
  const labels = assets.flatMap((asset) => labelsOf(call.session.site, asset).filter(isWanted));
  return answer(labelList(labels, call.scene));
}

function labelAssets(call: SessionCall): Reply | Refusal {
  const assets = readAssets(call);
  if (isRefusal(assets)) return assets;
  const request = read(labelSchema, call.content);
  if (isRefusal(request)) return request;
  const { value: name = "", message, active, elevated } = request.label;
  const value = findValue(call.session.site, name);
  if (value === undefined) return refuse("404036", `There is no label value '${name}'.`);
  const refusal = mustLabel(call, assets);
  if (refusal !== undefined) return refusal;
  const labels: Label[] = [];
  for (const asset of assets) {
    const given = label(call, asset, value, { message, isActive: active, isElevated: elevated });
    if (isRefusal(given)) return given;
    labels.push(given);
  }
  return answer(labelList(labels, call.scene));
}

function removeLabels(call: SessionCall): Reply | Refusal {
  const assets = readAssets(call);
  if (isRefusal(assets)) return assets;
  const refusal = mustLabel(call, assets);
  if (refusal !== undefined) return refusal;
  const isWanted = wantedCategories(call);
  for (const asset of assets) {
    for (const given of labelsOf(call.session.site, asset).filter(isWanted)) removeLabel(call, given);
  }
  return done;
}

function showLabel(call: SessionCall): Reply | Refusal {
  const given = labelInPath(call);
  return isRefusal(given) ? given : answer(draw(labelResource, given, call.scene, alone));
}

function updateLabel(call: SessionCall): Reply | Refusal {
  const given = labelInPath(call, "to change");
  if (isRefusal(given)) return given;
  const request = read(labelSchema, call.content);
  if (isRefusal(request)) return request;
  const { value: name, message, active, elevated } = request.label;
  const value = name === undefined ? undefined : findValue(call.session.site, name);
  if (name !== undefined && value === undefined) return refuse("404036", `There is no label value '${name}'.`);
  if (value !== undefined) Object.assign(given, { value: value.name, category: value.category });
  relabel(call, given, { message, isActive: active, isElevated: elevated });
  return answer(draw(labelResource, given, call.scene, alone));
}

function deleteLabel(call: SessionCall): Reply | Refusal {
  const given = labelInPath(call, "to change");
  if (isRefusal(given)) return given;
  removeLabel(call, given);
  return done;
}

/** The label of the path, if its asset is the user's to see, or to change. */
export function labelInPath(call: SessionCall, purpose: "to see" | "to change" = "to see"): Label | Refusal {
  const { site, user } = call.session;
  const id = call.parameters.id ?? "";
  const given = site.labels.given.get(id.toLowerCase());
  const asset = given && assetOf(site, given);
  if (given === undefined || asset === undefined) return refuse("404033", `There is no label '${id}'.`);
  const isAllowed = purpose === "to see" ? asset.maySee(user) : asset.mayLabel(user);
  return isAllowed ? given : refuse("403004", `${user.name} may not use the label '${id}'.`);
}

/** `?categories=Certification,DataQualityWarning`; without it, all. */
function wantedCategories({ query }: SessionCall): (label: Label) => boolean {
  const written = query.get("categories") ?? query.get("category") ?? "";
  const categories = new Set(
    written
      .split(",")
      .filter((name) => name.trim() !== "")
      .map(categoryOf),
  );
  return ({ category }) => categories.size === 0 || categories.has(category.toLowerCase());
}

function labelList(labels: readonly Label[], scene: Scene) {
  const drawLabel = drawing(labelResource, inLists);
  return list(
    labelResource.plural,
    labelResource.element,
    labels.map((one) => drawLabel(one, scene)),
  );
}
