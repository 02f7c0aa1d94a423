import { partOf } from "../../data/parts.ts";
import { contentUrlOf, datasourcePlans, pickTags } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import { connectionTo } from "../connections/generate.ts";
import type { Project } from "../projects/model.ts";
import { generateRevisions } from "../revisions/generate.ts";
import type { Datasource } from "./model.ts";

export function generateDatasources(generation: Generation, projects: ReadonlyMap<string, Project>): void {
  const random = generation.random("datasources");
  for (let copy = 1; copy <= generation.scale; copy++) {
    for (const [name, path, type, description] of datasourcePlans) {
      const project = projects.get(path);
      if (project === undefined) throw new Error(`${name} lies in ${path}, which is no project.`);
      addDatasource(generation, random, { name: copy === 1 ? name : `${name} ${copy}`, project, type, description });
    }
  }
}

export function addDatasource(
  generation: Generation,
  random: Random,
  { name, project, type, description }: Pick<Datasource, "name" | "project" | "type" | "description">,
): Datasource {
  const { site, now, authors } = generation;
  const size = random.between(1, 60);
  const times = pastTimes(random, now);
  const id = luidOf(site.contentUrl, "datasource", name);
  const part = partOf(name);
  const datasource: Datasource = {
    id,
    number: 500 + site.datasources.size,
    name,
    contentUrl: contentUrlOf(name),
    description,
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
  };
  site.datasources.set(id, datasource);
  return datasource;
}
