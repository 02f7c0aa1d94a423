import { shapeOf } from "../data/source.ts";
import { catalogOf } from "../rest/catalog/catalog.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import type { Site } from "../site/site.ts";
import { idWithin } from "./ids.ts";
import type { ParameterNode, PublishedNode, WorkbookNode } from "./nodes.ts";
import { once } from "./once.ts";
import { openSheets } from "./sheets.ts";
import { openSources } from "./sources.ts";
import { openThings } from "./things.ts";

export type Graph = ReturnType<typeof openGraph>;

/**
 * A site as the Metadata API sees it: things and what they hold. All is made of the site's content when it is asked
 * for, and kept for one request, in which the same thing is the same node.
 */
export function openGraph(site: Site) {
  const things = openThings(site);
  const sources = openSources(site, things);
  const sheets = openSheets(things, sources);
  const parametersIn = once((owner: WorkbookNode | PublishedNode): ParameterNode[] => {
    const names = owner.kind === "Workbook" ? owner.item.parameters.map(({ name }) => name) : parametersOf(owner.item);
    return names.map((name) => ({ kind: "Parameter", id: idWithin(owner.item.id, "parameter", name), name, owner }));
  });

  const catalog = once((_key: "catalog") => catalogOf(site));
  return { site, ...things, ...sources, ...sheets, parametersIn, catalog };
}

function parametersOf({ fields, part }: Datasource): string[] {
  return shapeOf({ fields, ...(part === undefined ? {} : { part }) }).parameters.map(({ caption }) => caption);
}
