import type { Site } from "./site.ts";

/** What Tableau's webhooks know (Tableau REST reference, "Webhooks: trigger events"), by their friendly names. */
export type EventName =
  | `${"Datasource" | "Workbook"}${"Created" | "Updated" | "Deleted" | "RefreshStarted" | "RefreshSucceeded" | "RefreshFailed"}`
  | `Label${"Created" | "Updated" | "Deleted"}`
  | `Site${"Created" | "Updated" | "Deleted"}`
  | "AdminDemoted"
  | "AdminPromoted"
  | "FlowCompleted"
  | "UserDeleted"
  | "ViewDeleted";

/** Something that happened to one item of a site. `resource` is what a webhook's payload calls its kind. */
export type SiteEvent = {
  name: EventName;
  site: Site;
  resource: "DATASOURCE" | "EXTRACTS" | "FLOW" | "SITE" | "USER" | "VIEW" | "WORKBOOK";
  item: { id: string; name: string };
  /** In ms. */
  at: number;
};

export type Events = ReturnType<typeof openEvents>;

/** Who changes a site says so here; webhooks listen. Listeners must not throw and must not wait. */
export function openEvents() {
  const listeners = new Set<(event: SiteEvent) => void>();
  return {
    emit(event: SiteEvent): void {
      for (const listener of listeners) listener(event);
    },
    listen(listener: (event: SiteEvent) => void): void {
      listeners.add(listener);
    },
  };
}
