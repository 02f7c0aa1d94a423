import { alone, draw } from "../../query/description.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import { may } from "../permissions/effective.ts";
import { moveTo, ownerAsked, projectAsked } from "../publishing/move.ts";
import { longestName, namedIn } from "../publishing/names.ts";
import { find } from "../reading.ts";
import type { SessionCall } from "../route.ts";
import { workbooks } from "./collection.ts";
import { accelerationSchema, freshnessSchema } from "./freshness.ts";
import { workbookResource } from "./resource.ts";

const reference = element({ id: attribute.optional() }).optional();

const updateSchema = element({
  workbook: element({
    name: attribute.optional(),
    description: attribute.optional(),
    showTabs: flag.optional(),
    encryptExtracts: flag.optional(),
    // Whether it is among the caller's recently viewed: taken, and without consequence here.
    recentlyViewed: flag.optional(),
    project: reference,
    owner: reference,
    dataAccelerationConfig: accelerationSchema.optional(),
    dataFreshnessPolicy: freshnessSchema.optional(),
  }),
});

/** `PUT S/workbooks/{id}`: what the request leaves out stays as it is. */
export function updateWorkbook(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const request = read(updateSchema, call.content);
  if (isRefusal(request)) return request;
  const said = request.workbook;
  const { site, user } = call.session;
  if (!may(user, "Write", workbook)) {
    return refuse("403027", `${user.name} isn't authorized to change the workbook '${workbook.id}'.`);
  }
  const project = projectAsked(call, workbook, said.project?.id);
  if (isRefusal(project)) return project;
  const owner = ownerAsked(call, workbook, said.owner?.id);
  if (isRefusal(owner)) return owner;
  const name = said.name?.trim() ?? workbook.name;
  if (name === "" || name.length > longestName)
    return refuse("400000", "A workbook's name can't be empty or that long.");
  const taken = namedIn(site.workbooks, project, name);
  // inferred: the code; for data sources the reference has one of its own.
  if (taken !== undefined && taken !== workbook)
    return refuse("409000", `The name '${name}' is taken in this project.`);
  moveTo(workbook, project);
  const { now } = call.scene;
  const enabled = said.dataAccelerationConfig?.accelerationEnabled;
  Object.assign(workbook, {
    name,
    owner,
    description: said.description ?? workbook.description,
    showTabs: said.showTabs ?? workbook.showTabs,
    encryptExtracts: said.encryptExtracts ?? workbook.encryptExtracts,
    ...(enabled === undefined ? {} : { acceleration: { enabled, changedAt: now } }),
    ...(said.dataFreshnessPolicy === undefined ? {} : { freshness: said.dataFreshnessPolicy }),
    updatedAt: now,
  });
  call.world.events.emit({ name: "WorkbookUpdated", site, resource: "WORKBOOK", item: workbook, at: now });
  return answer(draw(workbookResource, workbook, call.scene, alone));
}
