import type { Datasource } from "../rest/datasources/model.ts";
import type { Flow } from "../rest/flows/model.ts";
import type { View } from "../rest/views/model.ts";
import type { Workbook } from "../rest/workbooks/model.ts";
import type { Site } from "../site/site.ts";
import type { World } from "../world.ts";

/** A site by its content URL, in any letter case; the one whose content URL is empty is called `default` here. */
export function siteOf({ sites }: World, written = ""): Site | undefined {
  const contentUrl = written.toLowerCase() === "default" ? "" : written.toLowerCase();
  return sites.find((site) => site.contentUrl.toLowerCase() === contentUrl);
}

export function workbookOf(site: Site, number = ""): Workbook | undefined {
  return site.workbooks.values().find((workbook) => String(workbook.number) === number);
}

export function datasourceOf(site: Site, number = ""): Datasource | undefined {
  return site.datasources.values().find((datasource) => String(datasource.number) === number);
}

export function flowOf(site: Site, number = ""): Flow | undefined {
  return site.flows.values().find((flow) => String(flow.number) === number);
}

/** By the two names that a view has in a browser's address. */
export function viewOf(site: Site, { workbook = "", view = "" }: Record<string, string>): View | undefined {
  const holder = site.workbooks.values().find(({ contentUrl }) => contentUrl === workbook);
  return holder?.views.find(({ viewUrlName }) => viewUrlName === view);
}
