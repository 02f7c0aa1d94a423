import { alone, draw } from "../../query/description.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import { may } from "../permissions/effective.ts";
import { moveTo, ownerAsked, projectAsked } from "../publishing/move.ts";
import { longestName, namedIn } from "../publishing/names.ts";
import { find } from "../reading.ts";
import type { SessionCall } from "../route.ts";
import { datasources } from "./collection.ts";
import { datasourceResource } from "./resource.ts";

const reference = element({ id: attribute.optional() }).optional();

const updateSchema = element({
  datasource: element({
    name: attribute.optional(),
    description: attribute.optional(),
    isCertified: flag.optional(),
    certificationNote: attribute.optional(),
    encryptExtracts: flag.optional(),
    useRemoteQueryAgent: flag.optional(),
    // Clients send back what they were shown; a data source here is always published.
    isPublished: flag.optional(),
    project: reference,
    owner: reference,
  }),
});

/** `PUT S/datasources/{id}`: what the request leaves out stays as it is. */
export function updateDatasource(call: SessionCall): Reply | Refusal {
  const datasource = find(datasources, call);
  if (isRefusal(datasource)) return datasource;
  const request = read(updateSchema, call.content);
  if (isRefusal(request)) return request;
  const said = request.datasource;
  const { site, user } = call.session;
  if (!may(user, "Write", datasource)) {
    return refuse("403032", `${user.name} isn't authorized to change the data source '${datasource.id}'.`);
  }
  const project = projectAsked(call, datasource, said.project?.id);
  if (isRefusal(project)) return project;
  const owner = ownerAsked(call, datasource, said.owner?.id);
  if (isRefusal(owner)) return owner;
  const name = said.name?.trim() ?? datasource.name;
  if (name === "" || name.length > longestName) return refuse("400000", "A data source can't be named so.");
  const taken = namedIn(site.datasources, project, name);
  if (taken !== undefined && taken !== datasource)
    return refuse("409015", `The name '${name}' is taken in this project.`);
  moveTo(datasource, project);
  const { now } = call.scene;
  Object.assign(datasource, {
    name,
    owner,
    description: said.description ?? datasource.description,
    isCertified: said.isCertified ?? datasource.isCertified,
    certificationNote: said.certificationNote ?? datasource.certificationNote,
    encryptExtracts: said.encryptExtracts ?? datasource.encryptExtracts,
    useRemoteQueryAgent: said.useRemoteQueryAgent ?? datasource.useRemoteQueryAgent,
    updatedAt: now,
  });
  call.world.events.emit({ name: "DatasourceUpdated", site, resource: "DATASOURCE", item: datasource, at: now });
  return answer(draw(datasourceResource, datasource, call.scene, alone));
}
