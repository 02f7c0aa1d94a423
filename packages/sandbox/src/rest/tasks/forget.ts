import type { SiteEvent } from "../../site/events.ts";

/** What is deleted takes with it the tasks that refresh it, the subscriptions to it and the alerts on it. */
export function forgetDeleted({ name, site, item: { id } }: SiteEvent): void {
  switch (name) {
    case "WorkbookDeleted":
    case "DatasourceDeleted":
      for (const task of site.extractTasks.values()) if (task.target.item.id === id) site.extractTasks.delete(task.id);
      forgetContent(site, id);
      return;
    case "ViewDeleted":
      forgetContent(site, id);
      return;
  }
}

function forgetContent(site: SiteEvent["site"], id: string): void {
  for (const { id: key, content } of site.subscriptions.values())
    if (content.item.id === id) site.subscriptions.delete(key);
  for (const { id: key, view } of site.dataAlerts.values()) {
    if (view.id === id || view.workbook.id === id) site.dataAlerts.delete(key);
  }
}
