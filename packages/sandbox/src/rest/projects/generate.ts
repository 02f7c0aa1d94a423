import { projectPaths } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Project } from "./model.ts";

/** Makes the projects and returns them by their paths, e.g. `Sales/EMEA`. */
export function generateProjects(generation: Generation): ReadonlyMap<string, Project> {
  const random = generation.random("projects");
  const byPath = new Map<string, Project>();
  for (const [path, description] of projectPaths) {
    const parent = byPath.get(path.split("/").slice(0, -1).join("/"));
    byPath.set(path, addProject(generation, random, { path, parent, description }));
  }
  return byPath;
}

export function addProject(
  { site, now, authors }: Generation,
  random: Random,
  { path, parent, description }: { path: string; parent: Project | undefined; description: string },
): Project {
  const project: Project = {
    id: luidOf(site.contentUrl, "project", path),
    name: path.split("/").at(-1) ?? path,
    description,
    parent,
    owner: random.pick(authors),
    contentPermissions: path.startsWith("People") ? "LockedToProject" : "ManagedByOwner",
    ...pastTimes(random, now),
  };
  site.projects.set(project.id, project);
  return project;
}
