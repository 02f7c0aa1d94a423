import { contentUrlOf, pickTags } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import { connectionTo } from "../connections/generate.ts";
import type { Project } from "../projects/model.ts";
import { seededFlowFile } from "./file-content.ts";
import type { Flow, FlowParameter, OutputStep } from "./model.ts";

/** Acme's flows: name, what they do, project path, what they read, what they write. */
const flowNames: readonly [name: string, description: string, project: string, inputs: string[], outputs: string[]][] =
  [
    [
      "Clean and Join Orders",
      "Takes test orders out and joins what is left with customers and places.",
      "Data platform/Certified sources",
      ["snowflake", "postgres"],
      ["Orders"],
    ],
    [
      "Deduplicate Customers",
      "Finds customers that are there twice, keeps one of them and lists the others.",
      "Data platform/Certified sources",
      ["salesforce", "snowflake"],
      ["Customers", "Rejected"],
    ],
    [
      "Product Hierarchy",
      "Puts every product under its category and its maker.",
      "Data platform/Certified sources",
      ["snowflake"],
      ["Products"],
    ],
    [
      "Match Returns to Orders",
      "Finds the order of each return, and its reason.",
      "Data platform/Certified sources",
      ["snowflake"],
      ["Returns"],
    ],
    [
      "Close the Day",
      "Adds up the day once the last order is in.",
      "Data platform/Certified sources",
      ["postgres"],
      ["Daily Sales"],
    ],
    [
      "Load Log",
      "Counts the records of each load by the system that they came from.",
      "Data platform/Monitoring",
      ["postgres", "snowflake"],
      ["Extract History"],
    ],
    [
      "Quota Allocation",
      "Spreads the year's quota over regions, account executives and quarters.",
      "Sales",
      ["google-sheets", "salesforce"],
      ["Quota"],
    ],
    [
      "Key Account List",
      "Keeps the companies that have an account executive in the CRM.",
      "Sales/Key accounts",
      ["salesforce", "snowflake"],
      ["Key Accounts"],
    ],
    [
      "Canadian Order Split",
      "Takes the orders that were delivered in Canada out of all orders.",
      "Sales/Canada",
      ["snowflake"],
      ["Canadian Orders"],
    ],
    [
      "Ledger to Star Schema",
      "Turns postings into a table that can be looked at by unit, account and region.",
      "Finance",
      ["sqlserver"],
      ["General Ledger"],
    ],
    [
      "Revenue Cut-off",
      "Moves revenue to the day on which its order was shipped.",
      "Finance/Month-end close",
      ["sqlserver", "redshift"],
      ["Shipped Revenue"],
    ],
    [
      "Budget Consolidation",
      "Brings the departments' sheets together and checks their sums.",
      "Finance/Planning",
      ["excel-direct", "sqlserver"],
      ["Budget"],
    ],
    [
      "Currency Conversion",
      "Converts payments in Canadian dollars at the rate of their day.",
      "Finance/Treasury",
      ["postgres"],
      ["Receipts"],
    ],
    [
      "Tax Jurisdictions",
      "Finds the jurisdiction of every delivery by its postal code.",
      "Finance/Tax",
      ["sqlserver", "excel-direct"],
      ["Taxable Sales"],
    ],
    [
      "Promotion Calendar",
      "Says of each order line which promotion it belongs to.",
      "Marketing/Promotions",
      ["bigquery", "google-sheets"],
      ["Promotions"],
    ],
    [
      "Online Order Feed",
      "Takes over the online shop's orders every hour.",
      "Marketing/Online shop",
      ["bigquery"],
      ["Online Orders"],
    ],
    [
      "Cohort Builder",
      "Gives each customer the date of the first order, for the cohorts.",
      "Marketing/Customer insight",
      ["bigquery", "snowflake"],
      ["Customer Cohorts"],
    ],
    [
      "Price List Update",
      "Replaces list prices by those of the latest sheet.",
      "Merchandising/Pricing",
      ["excel-direct", "databricks"],
      ["Price List"],
    ],
    [
      "Supplier Scoring",
      "Adds purchases, margin and complaints up for each maker.",
      "Operations/Supply chain",
      ["postgres"],
      ["Suppliers"],
    ],
    [
      "Shipment Milestones",
      "Notes when a shipment was promised, packed and handed over, and what it costs.",
      "Operations/Logistics",
      ["redshift"],
      ["Shipments", "Carrier Invoices"],
    ],
    [
      "Pick Lists to Movements",
      "Turns the scanners' pick lists into movements of stock.",
      "Operations/Logistics/Warehouses",
      ["redshift"],
      ["Stock Movements"],
    ],
    [
      "Complaint Coding",
      "Gives each complaint one of five reasons.",
      "Operations/Quality",
      ["postgres", "snowflake"],
      ["Quality Cases"],
    ],
    [
      "Commission Run",
      "Works commissions out at the end of the month.",
      "People/Compensation",
      ["postgres", "salesforce"],
      ["Commissions"],
    ],
    [
      "Scratch Cleanup",
      "Empties what was left in the sandbox for more than a quarter.",
      "Sandbox",
      ["excel-direct"],
      ["Output"],
    ],
  ];

export function generateFlows(generation: Generation, projects: ReadonlyMap<string, Project>): void {
  const random = generation.random("flows");
  for (let copy = 1; copy <= generation.scale; copy++) {
    for (const [name, description, path, inputs, outputs] of flowNames) {
      const project = projects.get(path);
      if (project === undefined) continue;
      addFlow(generation, random, {
        name: copy === 1 ? name : `${name} ${copy}`,
        description,
        project,
        inputs,
        outputs,
      });
    }
  }
}

type Described = {
  name: string;
  description: string;
  project: Project;
  inputs: readonly string[];
  outputs: readonly string[];
};

function addFlow(
  { site, now, authors }: Generation,
  random: Random,
  { name, description, project, inputs, outputs }: Described,
): void {
  const times = pastTimes(random, now);
  const owner = random.pick(authors);
  const idOf = (kind: string, ...key: (string | number)[]) => luidOf(site.contentUrl, kind, "flow", name, ...key);
  const outputSteps: OutputStep[] = outputs.map((step) => ({ id: idOf("step", step), name: step }));
  const flow: Flow = {
    id: luidOf(site.contentUrl, "flow", name),
    number: 300 + site.flows.size,
    name,
    description,
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
