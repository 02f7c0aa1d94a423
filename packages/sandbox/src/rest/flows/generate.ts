import { contentUrlOf, pickTags } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import { connectionTo } from "../connections/generate.ts";
import type { Project } from "../projects/model.ts";
import { seededFlowFile } from "./file-content.ts";
import type { Flow, FlowParameter, OutputStep } from "./model.ts";

/** Acme's flows: name, project path, what they read, what they write. */
const flowNames: readonly [name: string, project: string, inputs: string[], outputs: string[]][] = [
  ["Clean and Join Orders", "Data platform/Certified sources", ["snowflake", "postgres"], ["Orders"]],
  ["Deduplicate Customers", "Data platform/Certified sources", ["salesforce", "snowflake"], ["Customers", "Rejected"]],
  ["Product Hierarchy", "Data platform/Certified sources", ["snowflake"], ["Products"]],
  ["Fiscal Calendar", "Data platform/Certified sources", ["postgres"], ["Calendar"]],
  ["Pipeline Snapshot", "Sales", ["salesforce"], ["Opportunities", "Pipeline History"]],
  ["Quota Allocation", "Sales", ["google-sheets", "salesforce"], ["Quota"]],
  ["Partner Bookings Intake", "Sales/EMEA", ["excel-direct"], ["Partner Bookings"]],
  ["Ledger to Star Schema", "Finance", ["sqlserver"], ["General Ledger", "Cost Centers"]],
  ["Budget Consolidation", "Finance/Planning", ["excel-direct", "sqlserver"], ["Budget"]],
  ["Currency Conversion", "Finance/Treasury", ["postgres"], ["Exchange Rates"]],
  ["Campaign Spend Union", "Marketing/Campaigns", ["bigquery", "google-sheets"], ["Ad Spend"]],
  ["Sessionize Web Events", "Marketing/Web analytics", ["bigquery"], ["Web Sessions"]],
  ["Supplier Scoring", "Operations/Supply chain", ["postgres", "sqlserver"], ["Suppliers"]],
  ["Shipment Milestones", "Operations/Logistics", ["redshift"], ["Shipments"]],
  ["Ticket Classification", "Customer success/Support", ["snowflake"], ["Support Tickets"]],
  ["Renewal Risk", "Customer success/Renewals", ["snowflake", "salesforce"], ["Subscriptions"]],
  ["Applicant Funnel", "People/Recruiting", ["postgres"], ["Applicants"]],
  ["Usage Cohorts", "Product/Adoption", ["databricks"], ["Product Events", "Cohorts"]],
  ["Incident Timeline", "Product/Reliability", ["postgres"], ["Incidents"]],
  ["Scratch Cleanup", "Sandbox", ["excel-direct"], ["Output"]],
];

export function generateFlows(generation: Generation, projects: ReadonlyMap<string, Project>): void {
  const random = generation.random("flows");
  for (let copy = 1; copy <= generation.scale; copy++) {
    for (const [name, path, inputs, outputs] of flowNames) {
      const project = projects.get(path);
      if (project === undefined) continue;
      addFlow(generation, random, { name: copy === 1 ? name : `${name} ${copy}`, project, inputs, outputs });
    }
  }
}

type Described = { name: string; project: Project; inputs: readonly string[]; outputs: readonly string[] };

function addFlow(
  { site, now, authors }: Generation,
  random: Random,
  { name, project, inputs, outputs }: Described,
): void {
  const times = pastTimes(random, now);
  const owner = random.pick(authors);
  const idOf = (kind: string, ...key: (string | number)[]) => luidOf(site.contentUrl, kind, "flow", name, ...key);
  const outputSteps: OutputStep[] = outputs.map((step) => ({ id: idOf("step", step), name: step }));
  const flow: Flow = {
    id: luidOf(site.contentUrl, "flow", name),
    number: 300 + site.flows.size,
    name,
    description: `Prepares ${outputs.join(" and ")} for ${project.name}.`,
    fileType: "tflx",
    project,
    owner,
    tags: pickTags(random),
    connections: inputs.map((type, index) => connectionTo(idOf("connection", index), type, undefined)),
    outputSteps,
    // Not all flows can be told anything.
    parameters: random.onceIn(3) ? [] : parametersOf(idOf),
    revisions: [],
    size: 1,
    ...times,
  };
  const { size } = seededFlowFile(flow);
  const publishedAt = times.updatedAt;
  flow.revisions.push({ number: 1, publishedAt, publisher: owner, size, file: undefined, fileType: flow.fileType });
  site.flows.set(flow.id, flow);
}

function parametersOf(idOf: (kind: string, ...key: string[]) => string): FlowParameter[] {
  return [
    {
      id: idOf("parameter", "region"),
      name: "Region",
      type: "String",
      description: "Which region's rows are kept.",
      value: "All",
      isRequired: false,
      domain: { kind: "list", values: ["All", "Central", "East", "South", "West"] },
    },
    {
      id: idOf("parameter", "folder"),
      name: "Folder",
      type: "String",
      description: "Where the input files are.",
      value: contentUrlOf("incoming"),
      isRequired: true,
      domain: { kind: "any" },
    },
  ];
}
