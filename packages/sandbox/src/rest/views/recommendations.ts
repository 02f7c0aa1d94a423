import { draw } from "../../query/description.ts";
import { type Element, list, record } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { readerOf } from "../permissions/effective.ts";
import type { Route, SessionCall } from "../route.ts";
import type { View } from "./model.ts";
import { viewResource } from "./resource.ts";

/** Views in one answer; Tableau's schema allows 100. */
const mostRecommended = 10;

/** Views that one user has hidden; more than this and the oldest come back. */
const mostHidden = 1_000;

const dismissalSchema = element({ recommendationDismissal: element({ view: element({ id: attribute }) }) });

/** What Tableau suggests to look at, on its home page; inferred: what is viewed most and not by the user lately. */
export const recommendationRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/recommendations",
    body: "none",
    jwt: "tableau:recommendations:read",
    role: "anyone",
    handle: listRecommendations,
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/recommendations/dismissals",
    body: "tsRequest",
    jwt: "tableau:recommendation_dismissals:update",
    role: "anyone",
    handle: hide,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/recommendations/dismissals",
    body: "none",
    jwt: "tableau:recommendation_dismissals:delete",
    role: "anyone",
    handle: unhide,
  },
];

function listRecommendations({ session: { site, user }, query, scene }: SessionCall): Reply | Refusal {
  const refusal = refuseOtherTypes(query);
  if (refusal !== undefined) return refusal;
  const hidden = new Set(site.hiddenRecommendations.get(user.id));
  const lately = new Set(site.settings.recent.get(user.id));
  const candidates = site.views
    .values()
    .filter(readerOf(user))
    .filter(({ id }) => !hidden.has(id) && !lately.has(id));
  const popular = mostViewed(candidates);
  const most = popular[0]?.totalViewCount ?? 0;
  const drawn = popular.map((view) => recommendation(view, most, scene));
  return answer(list("recommendations", "recommendation", drawn));
}

/** The most viewed of many, without sorting all of them. */
function mostViewed(views: Iterable<View>): View[] {
  let popular: View[] = [];
  for (const view of views) {
    const least = popular[mostRecommended - 1]?.totalViewCount ?? -1;
    if (view.totalViewCount <= least) continue;
    popular = [...popular, view]
      .toSorted((one, other) => other.totalViewCount - one.totalViewCount)
      .slice(0, mostRecommended);
  }
  return popular;
}

function recommendation(view: View, most: number, scene: SessionCall["scene"]): Element {
  const names = new Set([
    "id",
    "name",
    "contentUrl",
    "createdAt",
    "updatedAt",
    "workbook",
    "owner",
    "project",
    "usage",
  ]);
  const score = most === 0 ? 0 : Math.round((100 * view.totalViewCount) / most) / 100;
  return record("recommendation", { contentType: "view", recommendedId: view.id, score }, [
    draw(viewResource, view, scene, { defaults: "none", names }),
    record("explanation", { type: "popular" }),
  ]);
}

/** inferred: that nothing is answered. */
function hide({ session: { site, user }, content }: SessionCall): Reply | Refusal {
  const request = read(dismissalSchema, content);
  if (isRefusal(request)) return request;
  const view = findView(site.views, request.recommendationDismissal.view.id);
  if (isRefusal(view)) return view;
  const before = site.hiddenRecommendations.get(user.id) ?? [];
  const hidden = [...before.filter((id) => id !== view.id), view.id].slice(-mostHidden);
  site.hiddenRecommendations.set(user.id, hidden);
  return done;
}

/** Shows a view again that was hidden. */
function unhide({ session: { site, user }, query }: SessionCall): Reply | Refusal {
  const refusal = refuseOtherTypes(query);
  if (refusal !== undefined) return refusal;
  const view = findView(site.views, query.get("id") ?? "");
  if (isRefusal(view)) return view;
  const hidden = site.hiddenRecommendations.get(user.id) ?? [];
  if (!hidden.includes(view.id)) return refuse("404035", `The view '${view.id}' was not hidden.`);
  site.hiddenRecommendations.set(
    user.id,
    hidden.filter((id) => id !== view.id),
  );
  return done;
}

function refuseOtherTypes(query: URLSearchParams): Refusal | undefined {
  const type = query.get("type") ?? "view"; // inferred: that it may be left out
  if (type.toLowerCase() === "view") return undefined;
  return refuse("400000", "The type must be 'view': only views are recommended."); // inferred: the code
}

function findView(views: ReadonlyMap<string, View>, id: string): View | Refusal {
  return views.get(id.toLowerCase()) ?? refuse("404029", `There is no view '${id}'.`);
}
