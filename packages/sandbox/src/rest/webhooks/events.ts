import type { EventName } from "../../site/events.ts";

/**
 * The element that stands for an event in `webhook-source` (Tableau webhooks guide, "Trigger events"; Tableau's schema,
 * webhookSourceType). FlowCompleted is only in the schema.
 */
const sources: Readonly<Record<EventName, string>> = {
  AdminDemoted: "webhook-event-user-demoted-admin",
  AdminPromoted: "webhook-event-user-promoted-admin",
  DatasourceCreated: "webhook-source-event-datasource-created",
  DatasourceDeleted: "webhook-source-event-datasource-deleted",
  DatasourceRefreshFailed: "webhook-source-event-datasource-refresh-failed",
  DatasourceRefreshStarted: "webhook-source-event-datasource-refresh-started",
  DatasourceRefreshSucceeded: "webhook-source-event-datasource-refresh-succeeded",
  DatasourceUpdated: "webhook-source-event-datasource-updated",
  FlowCompleted: "webhook-source-event-flow-completed",
  LabelCreated: "webhook-source-event-label-created",
  LabelDeleted: "webhook-source-event-label-deleted",
  LabelUpdated: "webhook-source-event-label-updated",
  SiteCreated: "webhook-source-event-site-created",
  SiteDeleted: "webhook-source-event-site-deleted",
  SiteUpdated: "webhook-source-event-site-updated",
  UserDeleted: "webhook-source-event-user-deleted",
  ViewDeleted: "webhook-source-event-view-deleted",
  WorkbookCreated: "webhook-source-event-workbook-created",
  WorkbookDeleted: "webhook-source-event-workbook-deleted",
  WorkbookRefreshFailed: "webhook-source-event-workbook-refresh-failed",
  WorkbookRefreshStarted: "webhook-source-event-workbook-refresh-started",
  WorkbookRefreshSucceeded: "webhook-source-event-workbook-refresh-succeeded",
  WorkbookUpdated: "webhook-source-event-workbook-updated",
};

const bySource = new Map<string, EventName>(
  Object.keys(sources)
    .filter(isEventName)
    .map((name) => [sources[name], name]),
);
// The guide writes this one otherwise than the schema.
bySource.set("webhook-source-event-label-LabelDeleted", "LabelDeleted");

export function sourceOf(event: EventName): string {
  return sources[event];
}

/** Whether it is the friendly name of an event, as in `event="DatasourceCreated"`. */
export function isEventName(name: string): name is EventName {
  return Object.hasOwn(sources, name);
}

/** The event of an element in `webhook-source`. */
export function eventOfSource(source: string): EventName | undefined {
  return bySource.get(source);
}
