import { contentUrlOf, pickTags, sheetNames, workbookNames } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Project } from "../projects/model.ts";
import type { View } from "../views/model.ts";
import type { Workbook } from "./model.ts";

export function generateWorkbooks(generation: Generation, projects: ReadonlyMap<string, Project>): void {
  const random = generation.random("workbooks");
  for (const [path, ...names] of workbookNames) {
    const project = projects.get(path);
    if (project === undefined) continue;
    for (const name of names) addWorkbook(generation, random, name, project);
  }
}

export function addWorkbook({ site, now, authors }: Generation, random: Random, name: string, project: Project): void {
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
    showTabs: random.onceIn(2),
    hasExtracts: !random.onceIn(4),
    // One is large on purpose: something to stream.
    size: name === "Customer 360" ? 128 : random.between(1, 24),
    ...pastTimes(random, now),
  };
  const first = random.between(0, sheetNames.length - 1);
  const count = random.between(3, 5);
  for (let index = 0; index < count; index++) {
    const isDashboard = index === 0;
    const name = isDashboard ? `${workbook.name} Dashboard` : (sheetNames[(first + index) % sheetNames.length] ?? "");
    const view = makeView(workbook, name, isDashboard ? "dashboard" : "worksheet", random);
    workbook.views.push(view);
    site.views.set(view.id, view);
  }
  site.workbooks.set(workbook.id, workbook);

  function makeView(workbook: Workbook, name: string, sheetType: View["sheetType"], random: Random): View {
    return {
      id: luidOf(site.contentUrl, "view", workbook.name, name),
      name,
      viewUrlName: contentUrlOf(name),
      sheetType,
      workbook,
      tags: random.onceIn(5) ? pickTags(random) : [],
      totalViewCount: random.between(0, 2500),
      createdAt: workbook.createdAt,
      updatedAt: workbook.updatedAt,
    };
  }
}
