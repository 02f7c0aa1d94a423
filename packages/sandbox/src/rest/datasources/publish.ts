import { inspectSource } from "../../files/inspect.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import type { Ending, Moment } from "../jobs/effects.ts";
import { connectionShape } from "../publishing/credentials.ts";
import { againstName, namedIn } from "../publishing/names.ts";
import { readPlace } from "../publishing/place.ts";
import { type Asked, badFile, type Publishing, publishAtEnd } from "../publishing/publish.ts";
import type { PublishRequest } from "../publishing/request.ts";
import type { SessionCall } from "../route.ts";
import type { DatasourceDraft } from "./draft.ts";
import type { Datasource } from "./model.ts";
import { publishDraft } from "./publication.ts";
import { datasourceResource } from "./resource.ts";

const publishSchema = element({
  datasource: element({
    name: attribute,
    description: attribute.optional(),
    useRemoteQueryAgent: flag.optional(),
    isCertified: flag.optional(),
    certificationNote: attribute.optional(),
    project: element({ id: attribute.optional() }).optional(),
    ...connectionShape,
  }),
});

/** `POST S/datasources`. */
export const datasourcePublishing: Publishing<DatasourceDraft, Datasource> = {
  path: "datasources",
  part: "tableau_datasource",
  typeParameter: "datasourceType",
  types: ["tds", "tdsx", "hyper", "tde", "parquet"],
  codes: { wrongType: "400010", missingType: "400010", broken: "400011" },
  items: (site) => site.datasources,
  resource: datasourceResource,
  job: "publishDatasource",
  readDraft,
  publish: publishDraft,
  effect: (draft) => ({ effect: "datasourcePublished", draft }),
};

/** Effect: publishes at the end of a job. */
export function datasourcePublished(moment: Moment, draft: DatasourceDraft): Ending {
  const published = publishAtEnd(moment, draft, datasourcePublishing);
  if ("outcome" in published) return published;
  moment.job.target = { type: "datasource", item: published };
  return {};
}

async function readDraft(call: SessionCall, request: PublishRequest, asked: Asked): Promise<DatasourceDraft | Refusal> {
  const payload = read(publishSchema, request.content);
  if (isRefusal(payload)) return payload;
  const said = payload.datasource;
  const place = readPlace(call, said, refuse("400000", "A data source can't be named so."));
  if (isRefusal(place)) return place;
  const existing = namedIn(call.session.site.datasources, place.project, place.name);
  if (asked.append && existing === undefined)
    return refuse("404004", `There is no data source '${place.name}' to append to.`);
  const against = againstName(call, asked, existing);
  if (against !== undefined) return against;
  const inspected = await inspectSource(call.world.files, request.file, request.fileType);
  if (inspected.kind === "fault") return badFile(request, inspected.fault, datasourcePublishing);
  return {
    ...place,
    description: said.description,
    useRemoteQueryAgent: said.useRemoteQueryAgent,
    isCertified: said.isCertified,
    certificationNote: said.certificationNote,
    overwrite: asked.overwrite,
    append: asked.append,
    file: request.file,
    fileType: inspected.fileType,
    contents: inspected.description,
  };
}
