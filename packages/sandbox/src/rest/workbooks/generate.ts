import { contentUrlOf, pickTags } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import { financeWorkbooks } from "../../site/workbooks/finance.ts";
import { marketWorkbooks } from "../../site/workbooks/market.ts";
import type { WorkbookPlan } from "../../site/workbooks/plan.ts";
import { salesWorkbooks } from "../../site/workbooks/sales.ts";
import { serviceWorkbooks } from "../../site/workbooks/service.ts";
import { connectionTo, connectionToPublished } from "../connections/generate.ts";
import type { Datasource } from "../datasources/model.ts";
import type { Project } from "../projects/model.ts";
import { generateRevisions } from "../revisions/generate.ts";
import { generateViews } from "../views/generate.ts";
import type { Workbook } from "./model.ts";

/** Superstore is the first of all. */
const plans: readonly WorkbookPlan[] = [
  ...[salesWorkbooks, financeWorkbooks, marketWorkbooks, serviceWorkbooks].flat(),
];

export function generateWorkbooks(generation: Generation, projects: ReadonlyMap<string, Project>): void {
  const random = generation.random("workbooks");
  const sources = new Map(Array.from(generation.site.datasources.values(), (source) => [source.name, source]));
  for (let copy = 1; copy <= generation.scale; copy++) {
    const copied = (name: string): string => (copy === 1 ? name : `${name} ${copy}`);
    for (const plan of plans) {
      const project = projects.get(plan.project);
      if (project === undefined) throw new Error(`${plan.name} lies in ${plan.project}, which is no project.`);
      const sourceNamed = (name: string): Datasource => {
        const source = sources.get(copied(name));
        if (source === undefined) throw new Error(`${plan.name} draws from ${name}, which is no data source.`);
        return source;
      };
      addWorkbook(generation, random, { name: copied(plan.name), plan, project, sourceNamed });
    }
  }
}

/** A workbook to be made: its plan's data sources are found by their names. */
export type Making = {
  name: string;
  plan: WorkbookPlan;
  project: Project;
  sourceNamed: (name: string) => Datasource;
};

export function addWorkbook(generation: Generation, random: Random, { name, plan, project, sourceNamed }: Making) {
  const { site, now, authors } = generation;
  const times = pastTimes(random, now);
  // One is large on purpose: something to stream.
  const size = name === "Customer 360" ? 128 : random.between(1, 24);
  const sources = connect(site, random, name, sourcesOf(plan).map(sourceNamed));
  const workbook: Workbook = {
    id: luidOf(site.contentUrl, "workbook", name),
    number: 1000 + site.workbooks.size,
    name,
    contentUrl: contentUrlOf(name),
    description: plan.description,
    project,
    owner: random.pick(authors),
    tags: pickTags(random),
    views: [],
    ...sources,
    parameters: [],
    // Most are published without; only then do views have permissions of their own.
    showTabs: random.onceIn(5) && name !== "Superstore",
    hasExtracts: sources.datasources.some(({ hasExtract }) => hasExtract),
    encryptExtracts: false,
    size,
    revisions: generateRevisions(generation, random, { size, fileType: "twbx", ...times }),
    thumbnailsUserId: undefined,
    thumbnailsGroupId: undefined,
    ...times,
  };
  generateViews(site, random, workbook, { plan, sourceNamed });
  site.workbooks.set(workbook.id, workbook);
}

function sourcesOf({ source, sheets }: WorkbookPlan): string[] {
  return [...new Set([source, ...sheets.flatMap((sheet) => ("shelves" in sheet ? [] : [sheet[0]]))])];
}

type Sources = Pick<Workbook, "connections" | "datasources">;

/** A workbook connects to the published data sources that its sheets draw from, and often to a small file of its own. */
function connect(site: Site, random: Random, name: string, published: readonly Datasource[]): Sources {
  const sources: Sources = { connections: [], datasources: [] };
  const idOf = (kind: string): string => luidOf(site.contentUrl, kind, "workbook", name, sources.connections.length);
  for (const datasource of published) {
    const embedded = { id: idOf("embedded"), name: datasource.name, hasExtract: false, fields: [] };
    sources.connections.push(connectionToPublished(idOf("connection"), datasource, embedded));
    sources.datasources.push(embedded);
  }
  if (random.onceIn(2)) {
    const type = random.pick(["postgres", "excel-direct", "sqlserver", "snowflake"]);
    const embedded = { id: idOf("embedded"), name: `${name} Data`, hasExtract: true, fields: [] };
    sources.connections.push(connectionTo(idOf("connection"), type, embedded));
    sources.datasources.push(embedded);
  }
  return sources;
}
