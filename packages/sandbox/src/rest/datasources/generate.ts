import { contentUrlOf, datasourceNames, pickTags } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf } from "../../site/random.ts";
import type { Project } from "../projects/model.ts";
import type { Datasource } from "./model.ts";

export function generateDatasources(generation: Generation, projects: ReadonlyMap<string, Project>): void {
  const { site, now, authors } = generation;
  const random = generation.random("datasources");
  for (const [name, path, type] of datasourceNames) {
    const project = projects.get(path);
    if (project === undefined) continue;
    const datasource: Datasource = {
      id: luidOf(site.contentUrl, "datasource", name),
      number: 500 + site.datasources.size,
      name,
      contentUrl: contentUrlOf(name),
      description: `${name} for everyone who works with ${project.name}.`,
      type,
      project,
      owner: random.pick(authors),
      tags: pickTags(random),
      hasExtracts: !random.onceIn(3),
      isCertified: project.name === "Certified sources",
      certificationNote: "Checked each morning by the data team.",
      size: random.between(1, 60),
      ...pastTimes(random, now),
    };
    site.datasources.set(datasource.id, datasource);
  }
}
