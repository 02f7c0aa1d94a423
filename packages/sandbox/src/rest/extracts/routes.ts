import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import type { Reply } from "../../wire/reply.ts";
import { attribute, flag as booleanAttribute, element, read, repeated } from "../../wire/request-schema.ts";
import { datasources } from "../datasources/collection.ts";
import type { Datasource } from "../datasources/model.ts";
import { startJob } from "../jobs/jobs.ts";
import { acceptedJob } from "../jobs/resource.ts";
import { may } from "../permissions/effective.ts";
import { flag } from "../publishing/parameters.ts";
import { find } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { workbooks } from "../workbooks/collection.ts";
import type { Workbook } from "../workbooks/model.ts";
import type { ExtractsChange } from "./extracts.ts";

/** Data sources in one request. */
const mostDatasources = 500;

const shared = { kind: "session", method: "POST", body: "tsRequest", role: "explorer" } as const;
const ofWorkbook = "/sites/{siteId}/workbooks/{id}";
const ofDatasource = "/sites/{siteId}/datasources/{id}";

export const extractRoutes: readonly Route[] = [
  {
    ...shared,
    template: `${ofWorkbook}/createExtract`,
    jwt: "tableau:extracts:create",
    handle: (call: SessionCall) => changeInWorkbook(call, true),
  },
  {
    ...shared,
    template: `${ofWorkbook}/deleteExtract`,
    jwt: "tableau:extracts:delete",
    handle: (call: SessionCall) => changeInWorkbook(call, false),
  },
  {
    ...shared,
    template: `${ofDatasource}/createExtract`,
    jwt: "tableau:extracts:create",
    handle: (call: SessionCall) => changeInDatasource(call, true),
  },
  {
    ...shared,
    template: `${ofDatasource}/deleteExtract`,
    jwt: "tableau:extracts:delete",
    handle: (call: SessionCall) => changeInDatasource(call, false),
  },
];

const workbookSchema = element({
  datasources: element({
    includeAll: booleanAttribute.optional(),
    datasource: repeated(element({ id: attribute }), mostDatasources),
  }).optional(),
});

/** The data sources inside of a workbook, all of them or those that the request names. */
function changeInWorkbook(call: SessionCall, hasExtract: boolean): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const request = read(workbookSchema, call.content);
  if (isRefusal(request)) return request;
  const { includeAll, datasource = [] } = request.datasources ?? {};
  const named = new Set(datasource.map(({ id }) => id.toLowerCase()));
  const own = workbook.datasources.filter(({ id }) => !isPublished(workbook, id));
  const unknown = datasource.find(({ id }) => !own.some((one) => one.id === id.toLowerCase()));
  if (unknown !== undefined) return refuse("404004", `There is no data source '${unknown.id}' in the workbook.`);
  const chosen = includeAll === true || named.size === 0 ? own : own.filter(({ id }) => named.has(id));
  if (chosen.length === 0)
    return refuse("409070", "The workbook has no data sources of its own that can be extracted.");
  return begin(call, workbook, { hasExtract, within: chosen.map(({ id }) => id) });
}

function isPublished({ connections }: Workbook, id: string): boolean {
  return connections.some(({ embedded, datasource }) => embedded?.id === id && datasource !== undefined);
}

/** What is itself a file has its data in it: there is nothing to extract (Tableau REST reference, 409070). */
const fileTypes: readonly string[] = ["hyper", "dataengine", "parquet"];

function changeInDatasource(call: SessionCall, hasExtract: boolean): Reply | Refusal {
  const datasource = find(datasources, call);
  if (isRefusal(datasource)) return datasource;
  if (fileTypes.includes(datasource.type)) {
    return refuse("409070", "A data source that is a file can't be extracted.");
  }
  return begin(call, datasource, { hasExtract, within: [] });
}

function begin(
  call: SessionCall,
  item: Workbook | Datasource,
  { hasExtract, within }: Pick<ExtractsChange, "hasExtract" | "within">,
): Reply | Refusal {
  const { site, user } = call.session;
  if (!may(user, "Write", item)) {
    return refuse("403032", `${user.name} isn't authorized to change the extracts of '${item.id}'.`);
  }
  const encrypt = flag(call.query, "encrypt");
  if (isRefusal(encrypt)) return encrypt;
  const job = startJob(site, {
    kind: hasExtract ? "createExtracts" : "deleteExtracts",
    now: call.scene.now,
    title: item.name,
    target: "views" in item ? { type: "workbook", item } : { type: "datasource", item },
    startedBy: user,
    onEnd: { effect: "extractsChanged", hasExtract, encrypt, within },
  });
  return acceptedJob(job, call.scene);
}
