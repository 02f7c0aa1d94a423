import { projectPaths } from "../../site/content.ts";
import { type Generation, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import { groupNamed } from "../groups/generate.ts";
import { type ProjectRules, projectRules, rule, toGroup, toUser, withRule } from "../permissions/standard.ts";
import type { Project } from "./model.ts";

/** Makes the projects and returns them by their paths, e.g. `Sales/West`. */
export function generateProjects(generation: Generation): ReadonlyMap<string, Project> {
  const random = generation.random("projects");
  const rulesAt = siteRules(generation.site);
  const byPath = new Map<string, Project>();
  for (let copy = 1; copy <= generation.scale; copy++) {
    for (const [plain, description] of projectPaths) {
      if (copy > 1 && plain === "Default") continue;
      const path = copy === 1 ? plain : plain.replace(/^[^/]+/, `$& ${copy}`);
      const parent = byPath.get(path.split("/").slice(0, -1).join("/"));
      byPath.set(path, addProject(generation, random, { path, parent, description, rules: rulesAt(plain) }));
    }
  }
  return byPath;
}

type Making = { path: string; parent: Project | undefined; description: string; rules: ProjectRules };

export function addProject(
  { site, now, authors }: Generation,
  random: Random,
  { path, parent, description, rules }: Making,
): Project {
  const project: Project = {
    id: luidOf(site.contentUrl, "project", path),
    name: path.split("/").at(-1) ?? path,
    description,
    parent,
    owner: random.pick(authors),
    contentPermissions: /^People( \d+)?$/.test(path) ? "LockedToProject" : "ManagedByOwner",
    ...rules,
    ...pastTimes(random, now),
  };
  site.projects.set(project.id, project);
  return project;
}

/** What a new site's default project allows: everyone explores. */
export function openRules(site: Site): ProjectRules {
  return projectRules([[toGroup(groupNamed(site, "All Users")), "explore"]]);
}

/**
 * Acme lets everyone explore and its content creators publish, with exceptions: what is in `People` and `Executive` is
 * for a few, contractors are kept out of `Finance/Treasury`, and Elif leads `Sandbox`.
 */
function siteRules(site: Site): (path: string) => ProjectRules {
  const group = (name: string) => toGroup(groupNamed(site, name));
  const usual = projectRules([
    [group("All Users"), "explore"],
    [group("Content creators"), "publish"],
  ]);
  const people = projectRules([
    [group("People team"), "publish"],
    [group("Executives"), "view"],
  ]);
  const executive = projectRules([[group("Executives"), "explore"]]);
  const treasury = withRule(usual, rule(group("Contractors"), "Deny", ["Read"]), "project and content");
  const elif = site.users.values().find(({ name }) => name === "elif.demir@acme.example");
  const led = elif === undefined ? usual : withRule(usual, rule(toUser(elif), "Allow", ["ProjectLeader"]), "project");
  return (path) => {
    const [top] = path.split("/");
    if (top === "People") return people;
    if (top === "Executive") return executive;
    if (top === "Sandbox") return led;
    return path === "Finance/Treasury" ? treasury : usual;
  };
}
