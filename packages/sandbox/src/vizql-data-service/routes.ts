import type * as z from "zod";
import { type JsonApi, type JsonCall, type JsonReply, type JsonRoute, json } from "../api/route.ts";
import { isProblem } from "../data/problem.ts";
import { runQuery } from "../data/query.ts";
import { tableOf } from "../data/source.ts";
import type { Table } from "../data/table.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import { may } from "../rest/permissions/effective.ts";
import { writeAnswer } from "./answer.ts";
import { errorReply, isVdsRefusal, refuseProblem, refuseVds, type VdsRefusal, writeRefusal } from "./errors.ts";
import { metadataOf, modelOf } from "./metadata.ts";
import { datasourceRequest, queryRequest, readRequest } from "./request.ts";
import { checkRules } from "./rules.ts";
import { supportedFunctions } from "./supported-functions.ts";

const base = "/api/v1/vizql-data-service";

/** The VizQL Data Service: a data source's fields and data, without a view (its public OpenAPI description). */
export const vizqlDataService: JsonApi = {
  prefix: base,
  routes: [
    { method: "GET", path: `${base}/simple-request`, body: "none", jwt: "open", reply: json("ahoy") },
    post("read-metadata", datasourceRequest, (table) => json(metadataOf(table))),
    post("get-datasource-model", datasourceRequest, (table) => json(modelOf(table))),
    post("list-supported-functions", datasourceRequest, () => json(supportedFunctions)),
    post("query-datasource", queryRequest, query),
  ],
  refusal: writeRefusal,
};

type Asked = { datasource: { datasourceLuid: string }; options?: { debug?: boolean | undefined } | undefined };

/** A method that names a data source: the request is checked, then who asks, then it is answered. */
function post<Request extends Asked>(
  name: string,
  schema: z.ZodType<Request>,
  answer: (table: Table, request: Request, now: number) => JsonReply | VdsRefusal,
): JsonRoute {
  return {
    method: "POST",
    path: `${base}/${name}`,
    body: "json",
    // The help's page of scopes names the first, and since 2025.1 the second too.
    jwt: ["tableau:viz_data_service:read", "tableau:content:read"],
    role: "anyone",
    handle(call) {
      const { now, site } = call.scene;
      const request = readRequest(schema, call.content);
      if (isVdsRefusal(request)) return errorReply(request, now);
      const fault = faultOf(call, name);
      if (fault !== undefined) return errorReply(fault, now);
      const datasource = findDatasource(call, request.datasource.datasourceLuid);
      const reply = isVdsRefusal(datasource) ? datasource : answer(tableOf(site, datasource, now), request, now);
      if (!isVdsRefusal(reply)) return reply;
      return errorReply(reply, now, request.options?.debug ? { detail: reply.message } : undefined);
    },
  };
}

/** What a test has ordered: the feature is off for a site as a whole, a time limit is met by queries alone. */
function faultOf({ world }: JsonCall, name: string): VdsRefusal | undefined {
  const { vizqlDataService: fault } = world.faults.active();
  if (fault === "off") return refuseVds("403157", "VizQL Data Service is disabled on this site.");
  if (fault === "timeout" && name === "query-datasource") return refuseVds("408000", "The query took too long.");
  return undefined;
}

function findDatasource({ session, scene }: JsonCall, luid: string): Datasource | VdsRefusal {
  const datasource = scene.site.datasources.get(luid.toLowerCase());
  if (datasource === undefined || !may(session.user, "Read", datasource)) {
    return refuseVds("404004", `There is no data source '${luid}'.`);
  }
  if (may(session.user, "VizqlDataApiAccess", datasource)) return datasource;
  return refuseVds("403800", "The user doesn't have API Access on this data source.");
}

function query(table: Table, request: z.output<typeof queryRequest>, now: number): JsonReply | VdsRefusal {
  const broken = checkRules(request.query, table);
  if (broken !== undefined) return broken;
  const { fields, filters = [], parameters = [] } = request.query;
  const { options = {} } = request;
  const answer = runQuery(
    table,
    {
      fields,
      filters,
      parameters: new Map(parameters.map(({ parameterCaption, value }) => [parameterCaption, value])),
      disaggregate: options.disaggregate ?? false,
      ...(options.rowLimit === undefined ? {} : { rowLimit: options.rowLimit }),
      byName: options.interpretFieldCaptionsAsFieldNames ?? false,
    },
    now,
  );
  return isProblem(answer) ? refuseProblem(answer) : writeAnswer(answer, options);
}
