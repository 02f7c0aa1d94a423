import { child, detail, type Resource, type Scene } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { type Element, list, record, text } from "../../wire/element.ts";
import { projectResource } from "../projects/resource.ts";
import { tagsElement } from "../tags.ts";
import { userResource } from "../users/resource.ts";
import type { Flow, FlowParameter, OutputStep } from "./model.ts";

export const flowResource: Resource<Flow> = {
  element: "flow",
  plural: "flows",
  attributes: [
    { name: "id", type: "luid", from: (flow) => flow.id },
    { name: "name", type: "string", from: (flow) => flow.name, filter: equality, sort: true },
    { name: "description", type: "string", from: (flow) => flow.description },
    { name: "webpageUrl", type: "string", from: webpageUrl },
    { name: "fileType", type: "string", from: (flow) => flow.fileType },
    { name: "createdAt", type: "dateTime", from: (flow) => flow.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (flow) => flow.updatedAt, filter: ordered, sort: true },
    { name: "projectId", type: "luid", from: ({ project }) => project.id, show: "never", filter: equality },
    {
      name: "projectName",
      type: "string",
      from: ({ project }) => project.name,
      show: "never",
      filter: equality,
      sort: true,
    },
    {
      name: "ownerName",
      type: "string",
      from: ({ owner }) => owner.fullName,
      show: "never",
      filter: equality,
      sort: true,
    },
    { name: "ownerEmail", type: "string", from: ({ owner }) => owner.name, show: "never", filter: exactly },
    { name: "tags", type: "string", from: (flow) => flow.tags, show: "never", filter: equality },
  ],
  children: [
    child(
      "project",
      () => projectResource,
      (flow) => flow.project,
      { shown: ["id", "name"] },
    ),
    child(
      "owner",
      () => userResource,
      (flow) => flow.owner,
      { shown: ["id", "name"] },
    ),
    detail("tags", (flow) => tagsElement(flow.tags)),
    detail(
      "parameters",
      ({ parameters }) => list("parameters", "parameter", parameters.map(parameterElement)),
      "single",
    ),
  ],
};

function webpageUrl(flow: Flow, { origin, site }: Scene): string {
  return `${origin}/#/site/${site.contentUrl}/flows/${flow.number}`;
}

/** Stands beside a flow, not in it (tableau-mcp, flowsApi.ts), where Tableau's schema has no place for it. */
export function outputStepsElement(steps: readonly OutputStep[]): Element {
  return list(
    "flowOutputSteps",
    "flowOutputStep",
    steps.map((step) => record("flowOutputStep", step)),
  );
}

function parameterElement({ domain, isRequired, ...parameter }: FlowParameter): Element {
  return record("parameter", { ...parameter, isRequired }, [domainElement(domain)]);
}

/** The schema's domain is abstract: XML says with xsi:type which of its kinds this one is. */
function domainElement(domain: FlowParameter["domain"]): Element {
  switch (domain.kind) {
    case "any":
      return record("domain", { "xsi:type": "flowParameterAnyDomainType", domainType: "any" });
    case "list": {
      const values = domain.values.map((value) => text("value", value));
      return record("domain", { "xsi:type": "flowParameterListDomainType", domainType: "list" }, [
        list("values", "value", values),
      ]);
    }
    case "range": {
      const limits = { minValue: domain.least, maxValue: domain.most };
      return record("domain", { "xsi:type": "flowParameterRangeDomainType", domainType: "range", ...limits });
    }
  }
}
