import * as z from "zod";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import { catalogOf } from "../catalog/catalog.ts";
import type { SessionCall } from "../route.ts";
import { type Asset, assetTypeOf, findAsset } from "./assets.ts";

/** Assets in one request. */
const mostAssets = 1_000;
const longestMessage = 4_000;

const contentListSchema = element({
  contentList: element({
    content: repeated(element({ contentType: attribute, id: attribute }), mostAssets),
  }),
});

export const message = attribute.pipe(z.string().max(longestMessage));

/** The assets that a request lists, all of which must be there and be the user's to see. */
export function readAssets(call: SessionCall): Asset[] | Refusal {
  const request = read(contentListSchema, call.content);
  if (isRefusal(request)) return request;
  catalogOf(call.session.site); // once, for all of them
  const assets: Asset[] = [];
  for (const { contentType, id } of request.contentList.content) {
    const asset = findVisible(call, contentType, id);
    if (isRefusal(asset)) return asset;
    assets.push(asset);
  }
  return assets;
}

/** The asset that a path names by `{contentType}` and `{contentId}`. */
export function assetInPath(call: SessionCall): Asset | Refusal {
  catalogOf(call.session.site);
  const { contentType = "", contentId = "" } = call.parameters;
  return findVisible(call, contentType, contentId);
}

/** Those of several assets that a path names by `?filter=contentId:in:[…]`, as the triggers' routes are called. */
export function assetsInFilter(call: SessionCall): Asset[] | Refusal {
  const { contentType = "" } = call.parameters;
  const [, ids] = /^contentId:(?:eq|in):\[?([^\]]*)\]?$/.exec(call.query.get("filter") ?? "") ?? [];
  if (ids === undefined) return refuse("400065", "The filter must name assets, as in contentId:in:[…].");
  catalogOf(call.session.site);
  const assets: Asset[] = [];
  for (const id of ids.split(",").slice(0, mostAssets)) {
    const asset = findVisible(call, contentType, id.trim());
    if (isRefusal(asset)) return asset;
    assets.push(asset);
  }
  return assets;
}

export function mustLabel(call: SessionCall, assets: readonly Asset[]): Refusal | undefined {
  const kept = assets.find((asset) => !asset.mayLabel(call.session.user));
  return kept && refuse("403004", `${call.session.user.name} may not label the ${kept.type} '${kept.name}'.`);
}

function findVisible(call: SessionCall, written: string, id: string): Asset | Refusal {
  const { site, user } = call.session;
  const type = assetTypeOf(written);
  if (type === undefined) return refuse("400003", `'${written}' is no type of content that has labels.`);
  const asset = findAsset(site, type, id);
  if (asset === undefined) return refuse("404038", `There is no ${type} '${id}'.`);
  return asset.maySee(user) ? asset : refuse("403004", `${user.name} isn't authorized to query '${id}'.`);
}
