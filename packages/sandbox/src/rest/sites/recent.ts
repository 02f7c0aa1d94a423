import type { Route, SessionCall } from "../route.ts";
import { mostRecent } from "./model.ts";

/** A view whose data or picture was asked for was viewed: it comes first in what its reader viewed recently. */
export function noticeViewing({ method, template }: Route, { session: { site, user }, parameters }: SessionCall): void {
  if (method !== "GET" || !/\/views\/\{id\}\/(data|crosstab|image|pdf)/.test(template)) return;
  const view = site.views.get(parameters.id?.toLowerCase() ?? "");
  if (view === undefined) return;
  const before = site.settings.recent.get(user.id) ?? [];
  site.settings.recent.set(user.id, [view.id, ...before.filter((id) => id !== view.id)].slice(0, mostRecent));
}
