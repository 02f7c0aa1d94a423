import { contentUrlOf, pickTags, workbookNames } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import { connectionTo, connectionToPublished } from "../connections/generate.ts";
import type { Project } from "../projects/model.ts";
import { generateRevisions } from "../revisions/generate.ts";
import { generateViews } from "../views/generate.ts";
import type { Workbook } from "./model.ts";

export function generateWorkbooks(generation: Generation, projects: ReadonlyMap<string, Project>): void {
  const random = generation.random("workbooks");
  for (let copy = 1; copy <= generation.scale; copy++) {
    for (const [path, ...names] of workbookNames) {
      const project = projects.get(path);
      if (project === undefined) continue;
      for (const name of names) addWorkbook(generation, random, copy === 1 ? name : `${name} ${copy}`, project);
    }
  }
}

export function addWorkbook(generation: Generation, random: Random, name: string, project: Project): void {
  const { site, now, authors } = generation;
  const times = pastTimes(random, now);
  // One is large on purpose: something to stream.
  const size = name === "Customer 360" ? 128 : random.between(1, 24);
  const sources = chooseSources(site, random, name, project);
  const workbook: Workbook = {
    id: luidOf(site.contentUrl, "workbook", name),
    number: 1000 + site.workbooks.size,
    name,
    contentUrl: contentUrlOf(name),
    description: random.onceIn(3) ? `${name}, as discussed in the ${project.name} review.` : "",
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
  generateViews(site, random, workbook);
  site.workbooks.set(workbook.id, workbook);
}

type Sources = Pick<Workbook, "connections" | "datasources">;

/** A workbook draws from a published data source near it, sometimes from a second, and often from an extract of its own. */
function chooseSources(site: Site, random: Random, name: string, project: Project): Sources {
  const near = site.datasources.values().filter((datasource) => datasource.project === project);
  const published = [
    near.next().value,
    site.datasources.values().next().value,
    random.onceIn(3) ? near.next().value : undefined,
  ];
  const chosen = new Set(published.filter((datasource) => datasource !== undefined));
  const sources: Sources = { connections: [], datasources: [] };
  const idOf = (kind: string): string => luidOf(site.contentUrl, kind, "workbook", name, sources.connections.length);
  for (const datasource of [...chosen].slice(0, random.between(1, 2))) {
    const embedded = { id: idOf("embedded"), name: datasource.name, hasExtract: false, fields: [] };
    sources.connections.push(connectionToPublished(idOf("connection"), datasource, embedded));
    sources.datasources.push(embedded);
  }
  if (chosen.size === 0 || random.onceIn(2)) {
    const type = random.pick(["postgres", "excel-direct", "sqlserver", "snowflake"]);
    const embedded = { id: idOf("embedded"), name: `${name} Data`, hasExtract: true, fields: [] };
    sources.connections.push(connectionTo(idOf("connection"), type, embedded));
    sources.datasources.push(embedded);
  }
  return sources;
}
