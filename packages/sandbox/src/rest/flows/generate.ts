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
  ["Match Returns to Orders", "Data platform/Certified sources", ["snowflake"], ["Returns"]],
  ["Close the Day", "Data platform/Certified sources", ["postgres"], ["Daily Sales"]],
  ["Load Log", "Data platform/Monitoring", ["postgres", "snowflake"], ["Extract History"]],
  ["Quota Allocation", "Sales", ["google-sheets", "salesforce"], ["Quota"]],
  ["Key Account List", "Sales/Key accounts", ["salesforce", "snowflake"], ["Key Accounts"]],
  ["Canadian Order Split", "Sales/Canada", ["snowflake"], ["Canadian Orders"]],
  ["Ledger to Star Schema", "Finance", ["sqlserver"], ["General Ledger"]],
  ["Revenue Cut-off", "Finance/Month-end close", ["sqlserver", "redshift"], ["Shipped Revenue"]],
  ["Budget Consolidation", "Finance/Planning", ["excel-direct", "sqlserver"], ["Budget"]],
  ["Currency Conversion", "Finance/Treasury", ["postgres"], ["Receipts"]],
  ["Tax Jurisdictions", "Finance/Tax", ["sqlserver", "excel-direct"], ["Taxable Sales"]],
  ["Promotion Calendar", "Marketing/Promotions", ["bigquery", "google-sheets"], ["Promotions"]],
  ["Online Order Feed", "Marketing/Online shop", ["bigquery"], ["Online Orders"]],
  ["Cohort Builder", "Marketing/Customer insight", ["bigquery", "snowflake"], ["Customer Cohorts"]],
  ["Price List Update", "Merchandising/Pricing", ["excel-direct", "databricks"], ["Price List"]],
  ["Supplier Scoring", "Operations/Supply chain", ["postgres"], ["Suppliers"]],
  ["Shipment Milestones", "Operations/Logistics", ["redshift"], ["Shipments", "Carrier Invoices"]],
  ["Pick Lists to Movements", "Operations/Logistics/Warehouses", ["redshift"], ["Stock Movements"]],
  ["Complaint Coding", "Operations/Quality", ["postgres", "snowflake"], ["Quality Cases"]],
  ["Commission Run", "People/Compensation", ["postgres", "salesforce"], ["Commissions"]],
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
