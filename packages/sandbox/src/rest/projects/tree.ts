import type { Scene } from "../../query/description.ts";
import { oncePerAnswer } from "../../query/once.ts";
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

/** Whether a project is another one, or is somewhere in it. */
export function isWithin(project: Project, other: Project): boolean {
  for (let one: Project | undefined = project; one !== undefined; one = one.parent) if (one === other) return true;
  return false;
}

/** A project and what is nested in it, at any depth. */
export function subtree(site: Site, project: Project): Project[] {
  return Array.from(site.projects.values().filter((one) => isWithin(one, project)));
}

/** How deep projects may be nested here; Tableau names no limit. */
export const deepestNesting = 100;

/** Whether a project, with what is nested in it, would lie too deep in another; `project` is undefined when it is new. */
export function liesTooDeep(site: Site, parent: Project | undefined, project?: Project): boolean {
  const own = depthOf(project?.parent);
  const below = project === undefined ? [1] : subtree(site, project).map((one) => depthOf(one) - own);
  return depthOf(parent) + Math.max(...below) > deepestNesting;
}

function depthOf(project: Project | undefined): number {
  let depth = 0;
  for (let one = project; one !== undefined; one = one.parent) depth++;
  return depth;
}

/** Names are unique in their project, in any letter case. inferred: the same name may be used in another project. */
export function isNameTaken(site: Site, name: string, parent: Project | undefined, except?: Project): boolean {
  const wanted = name.toLowerCase();
  return site.projects
    .values()
    .some((one) => one !== except && one.parent === parent && one.name.toLowerCase() === wanted);
}

/** How many things a project holds directly. */
export type ContentsCounts = {
  projectCount: number;
  workbookCount: number;
  viewCount: number;
  datasourceCount: number;
};

const allCounts = oncePerAnswer(({ site }) => countAll(site));

export function countContents(scene: Scene, project: Project): ContentsCounts {
  return allCounts(scene).get(project) ?? noContents();
}

function countAll(site: Site): Map<Project, ContentsCounts> {
  const counts = new Map(site.projects.values().map((project) => [project, noContents()]));
  const add = (project: Project | undefined, what: keyof ContentsCounts, count = 1): void => {
    const of = project === undefined ? undefined : counts.get(project);
    if (of !== undefined) of[what] += count;
  };
  for (const { parent } of site.projects.values()) add(parent, "projectCount");
  for (const { project, views } of site.workbooks.values()) {
    add(project, "workbookCount");
    add(project, "viewCount", views.length);
  }
  for (const { project } of site.datasources.values()) add(project, "datasourceCount");
  return counts;
}

function noContents(): ContentsCounts {
  return { projectCount: 0, workbookCount: 0, viewCount: 0, datasourceCount: 0 };
}
