import type { Site } from "../../site/site.ts";
import type { Project } from "./model.ts";

/** The project that every site has and nobody deletes. */
export function isDefaultProject({ name, parent }: Project): boolean {
  return name.toLowerCase() === "default" && parent === undefined;
}

export function defaultProject(site: Site): Project {
  const project = site.projects.values().find(isDefaultProject);
  if (project === undefined) throw new Error(`The site ${site.contentUrl} has no default project.`);
  return project;
}
