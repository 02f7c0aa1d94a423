import { alone, draw, drawing, inLists, type Resource } from "../../query/description.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import type { Asset } from "./assets.ts";
import { labelInPath } from "./label-routes.ts";
import { type Labelling, label, labelsOf, relabel, removeLabel } from "./labels.ts";
import { certification, type Label } from "./model.ts";
import { assetInPath, message, mustLabel, readAssets } from "./requests.ts";
import { indicatorResource, warningResource } from "./resources.ts";
import { isWarning, valueOfType, warningTypeOf } from "./warning-types.ts";

const said = {
  type: attribute.optional(),
  message: message.optional(),
  isActive: flag.optional(),
  isSevere: flag.optional(),
  active: flag.optional(),
  elevated: flag.optional(),
};

const warningSchema = element({ dataQualityWarning: element(said) });
const indicatorSchema = element({ dataQualityIndicator: element(said) });

const reading = { body: "none", jwt: "tableau:labels:read", role: "anyone" } as const;
const update = { body: "tsRequest", jwt: "tableau:labels:update", role: "explorer" } as const;
const remove = { body: "tsRequest", jwt: "tableau:labels:delete", role: "explorer" } as const;

const warnings = "/sites/{siteId}/dataQualityWarnings";
const onContent = `${warnings}/{contentType}/{contentId}`;
const certifications = "/sites/{siteId}/dataQualityCertification";

/**
 * Data quality warnings and certifications: the older names of labels (Tableau REST reference, "Metadata Methods").
 * inferred: their scopes, and that a POST which makes one answers 201.
 */
export const qualityRoutes: readonly Route[] = [
  { kind: "session", method: "POST", template: `${warnings}/createOrUpdate`, ...update, handle: warnSeveral },
  {
    kind: "session",
    method: "DELETE",
    template: `${warnings}/batchDelete`,
    ...remove,
    handle: removeSeveral(isWarning),
  },
  { kind: "session", method: "GET", template: `${warnings}/{id}`, ...reading, handle: showOne(warningResource) },
  { kind: "session", method: "PUT", template: `${warnings}/{id}`, ...update, handle: updateWarning },
  { kind: "session", method: "DELETE", template: `${warnings}/{id}`, ...remove, handle: deleteOne },
  { kind: "session", method: "GET", template: onContent, ...reading, handle: listOf(warningResource, isWarning) },
  { kind: "session", method: "POST", template: onContent, ...update, handle: warn },
  { kind: "session", method: "PUT", template: onContent, ...update, handle: warn }, // as TSC calls it
  { kind: "session", method: "DELETE", template: onContent, ...remove, handle: clearWarnings },
  { kind: "session", method: "POST", template: `${certifications}s`, ...update, handle: certifySeveral },
  {
    kind: "session",
    method: "DELETE",
    template: certifications,
    ...remove,
    handle: removeSeveral(isCertification),
  },
  {
    kind: "session",
    method: "GET",
    template: `${certifications}/{id}`,
    ...reading,
    handle: showOne(indicatorResource),
  },
  { kind: "session", method: "DELETE", template: `${certifications}/{id}`, ...remove, handle: deleteOne },
  {
    kind: "session",
    method: "GET",
    template: `${certifications}/{contentType}/{contentId}`,
    ...reading,
    handle: listOf(indicatorResource, isCertification),
  },
];

function warn(call: SessionCall): Reply | Refusal {
  const asset = assetInPath(call);
  if (isRefusal(asset)) return asset;
  const had = new Set(labelsOf(call.session.site, asset));
  const given = giveWarnings(call, [asset]);
  if (isRefusal(given)) return given;
  const drawn = given.map((one) => draw(warningResource, one, call.scene, alone));
  const [warning] = given;
  const [element] = drawn;
  if (warning === undefined || element === undefined || had.has(warning)) return answer(...drawn);
  return created(element, `/api/${restApiVersion}${warnings.replace("{siteId}", call.scene.site.id)}/${warning.id}`);
}

function warnSeveral(call: SessionCall): Reply | Refusal {
  const assets = readAssets(call);
  if (isRefusal(assets)) return assets;
  const given = giveWarnings(call, assets);
  return isRefusal(given) ? given : listed(warningResource, given, call);
}

function giveWarnings(call: SessionCall, assets: readonly Asset[]): Label[] | Refusal {
  const request = read(warningSchema, call.content);
  if (isRefusal(request)) return request;
  const { type = "WARNING" } = request.dataQualityWarning;
  const value = valueOfType(type, call.session.site.labels.values.values());
  if (value === undefined || !isWarning(value))
    return refuse("400003", `'${type}' is no type of data quality warning.`);
  return give(call, assets, value.name, labellingOf(request.dataQualityWarning));
}

function certifySeveral(call: SessionCall): Reply | Refusal {
  const assets = readAssets(call);
  if (isRefusal(assets)) return assets;
  const request = read(indicatorSchema, call.content);
  if (isRefusal(request)) return request;
  const given = give(call, assets, "Certified", labellingOf(request.dataQualityIndicator));
  return isRefusal(given) ? given : listed(indicatorResource, given, call);
}

function give(call: SessionCall, assets: readonly Asset[], name: string, labelling: Labelling): Label[] | Refusal {
  const refusal = mustLabel(call, assets);
  if (refusal !== undefined) return refusal;
  const value = call.session.site.labels.values.get(name.toLowerCase());
  if (value === undefined) return refuse("404036", `There is no label value '${name}'.`);
  const labels: Label[] = [];
  for (const asset of assets) {
    const given = label(call, asset, value, labelling);
    if (isRefusal(given)) return given;
    labels.push(given);
  }
  return labels;
}

function updateWarning(call: SessionCall): Reply | Refusal {
  const given = labelInPath(call, "to change");
  if (isRefusal(given)) return given;
  const request = read(warningSchema, call.content);
  if (isRefusal(request)) return request;
  const { type = warningTypeOf(given) } = request.dataQualityWarning;
  const value = valueOfType(type, call.session.site.labels.values.values());
  if (value === undefined) return refuse("400003", `'${type}' is no type of data quality warning.`);
  Object.assign(given, { value: value.name, category: value.category });
  relabel(call, given, labellingOf(request.dataQualityWarning));
  return answer(draw(warningResource, given, call.scene, alone));
}

function clearWarnings(call: SessionCall): Reply | Refusal {
  const asset = assetInPath(call);
  return isRefusal(asset) ? asset : removeFrom(call, [asset], isWarning);
}

function removeSeveral(isMeant: (label: Label) => boolean): (call: SessionCall) => Reply | Refusal {
  return (call) => {
    const assets = readAssets(call);
    return isRefusal(assets) ? assets : removeFrom(call, assets, isMeant);
  };
}

function removeFrom(call: SessionCall, assets: readonly Asset[], isMeant: (label: Label) => boolean): Reply | Refusal {
  const refusal = mustLabel(call, assets);
  if (refusal !== undefined) return refusal;
  for (const asset of assets) {
    for (const given of labelsOf(call.session.site, asset).filter(isMeant)) removeLabel(call, given);
  }
  return done;
}

function deleteOne(call: SessionCall): Reply | Refusal {
  const given = labelInPath(call, "to change");
  if (isRefusal(given)) return given;
  removeLabel(call, given);
  return done;
}

function showOne(resource: Resource<Label>): (call: SessionCall) => Reply | Refusal {
  return (call) => {
    const given = labelInPath(call);
    return isRefusal(given) ? given : answer(draw(resource, given, call.scene, alone));
  };
}

function listOf(resource: Resource<Label>, isMeant: (label: Label) => boolean): (call: SessionCall) => Reply | Refusal {
  return (call) => {
    const asset = assetInPath(call);
    return isRefusal(asset) ? asset : listed(resource, labelsOf(call.session.site, asset).filter(isMeant), call);
  };
}

function listed(resource: Resource<Label>, labels: readonly Label[], { scene }: SessionCall): Reply {
  const drawLabel = drawing(resource, inLists);
  return answer(
    list(
      resource.plural,
      resource.element,
      labels.map((one) => drawLabel(one, scene)),
    ),
  );
}

function isCertification({ category }: Label): boolean {
  return category === certification;
}

/** Warnings are active and severe where labels are active and elevated. */
function labellingOf(written: {
  message?: string;
  isActive?: boolean;
  isSevere?: boolean;
  active?: boolean;
  elevated?: boolean;
}): Labelling {
  const { message, isActive, isSevere, active, elevated } = written;
  return { message, isActive: isActive ?? active, isElevated: isSevere ?? elevated };
}
