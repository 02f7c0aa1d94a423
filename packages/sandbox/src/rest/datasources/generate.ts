import { partOf } from "../../data/parts.ts";
import { contentUrlOf, datasourceNames, pickTags } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import { connectionTo } from "../connections/generate.ts";
import type { Project } from "../projects/model.ts";
import { generateRevisions } from "../revisions/generate.ts";
import type { Datasource } from "./model.ts";

export function generateDatasources(generation: Generation, projects: ReadonlyMap<string, Project>): void {
  const random = generation.random("datasources");
  for (let copy = 1; copy <= generation.scale; copy++) {
    for (const [name, path, type] of datasourceNames) {
      const project = projects.get(path);
      if (project === undefined) continue;
      addDatasource(generation, random, { name: copy === 1 ? name : `${name} ${copy}`, project, type });
    }
  }
}

export function addDatasource(
  generation: Generation,
  random: Random,
  { name, project, type }: Pick<Datasource, "name" | "project" | "type">,
): void {
  const { site, now, authors } = generation;
  const size = random.between(1, 60);
  const times = pastTimes(random, now);
  const id = luidOf(site.contentUrl, "datasource", name);
  const part = partOf(name);
  site.datasources.set(id, {
    id,
    number: 500 + site.datasources.size,
    name,
    contentUrl: contentUrlOf(name),
    description: `${name} for everyone who works with ${project.name}.`,
    type,
    project,
    owner: random.pick(authors),
    tags: pickTags(random),
    connections: [connectionTo(luidOf(site.contentUrl, "connection", "datasource", name), type, undefined)],
    fields: undefined,
    ...(part === undefined ? {} : { part }),
    hasExtracts: !random.onceIn(3),
    encryptExtracts: false,
    useRemoteQueryAgent: false,
    isCertified: project.name === "Certified sources",
    certificationNote: project.name === "Certified sources" ? "Checked each morning by the data team." : "",
    size,
    revisions: generateRevisions(generation, random, { size, fileType: "tdsx", ...times }),
    ...times,
  });
}
