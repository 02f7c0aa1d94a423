import * as z from "zod";
import { isRefusal, type Refusal, type RefusalCode, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import { moveTo, projectAsked } from "../publishing/move.ts";
import type { SessionCall } from "../route.ts";
import { mayCurate, refuseCuration } from "./curation.ts";
import type { CatalogTable, Database } from "./model.ts";
import { locationElement } from "./resources.ts";

/** Assets in one request. */
const mostMoved = 500;

const moveSchema = element({
  contentLocationRequest: element({
    location: element({ id: attribute, type: z.literal("Project").optional() }),
    resourceList: element({ resource: repeated(element({ id: attribute }), mostMoved) }),
  }),
});

/** Moves assets to another project (Tableau REST reference, "Move Databases", "Move Tables"): all of them or none. */
export function moveAssets(
  call: SessionCall,
  { known, notFound }: { known: ReadonlyMap<string, Database | CatalogTable>; notFound: RefusalCode },
): Reply | Refusal {
  const request = read(moveSchema, call.content);
  if (isRefusal(request)) return request;
  const { location, resourceList } = request.contentLocationRequest;
  const { site, user } = call.session;
  const project = site.projects.get(location.id.toLowerCase());
  if (project === undefined) return refuse("404005", `There is no project '${location.id}'.`);
  const assets: (Database | CatalogTable)[] = [];
  for (const { id } of resourceList.resource) {
    const asset = known.get(id.toLowerCase());
    if (asset === undefined) return refuse(notFound, `There is no '${id}' here.`);
    if (!mayCurate(user, asset)) return refuseCuration();
    const there = projectAsked(call, asset, project.id);
    if (isRefusal(there)) return there;
    assets.push(asset);
  }
  for (const asset of assets) moveTo(asset, project);
  return answer(locationElement(project, "contentLocation"));
}
