import { isSiteAdministrator } from "../../auth/roles.ts";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import { keepRules, kindOf, type ProjectItem } from "../permissions/content.ts";
import { may } from "../permissions/effective.ts";
import type { Project } from "../projects/model.ts";
import type { SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";

/** The project that something is to be in: its own, or the one that a request names, if the user may move it there. */
export function projectAsked(
  { session: { site, user } }: SessionCall,
  item: ProjectItem,
  id: string | undefined,
): Project | Refusal {
  if (id === undefined || id === "" || id.toLowerCase() === item.project.id) return item.project;
  const project = site.projects.get(id.toLowerCase());
  if (project === undefined) return refuse("404005", `There is no project '${id}'.`);
  if (may(user, "ChangeHierarchy", item) && may(user, "Write", project)) return project;
  const code = kindOf(item) === "workbook" ? "403025" : "403030";
  return refuse(code, `${user.name} isn't authorized to move '${item.id}' to the project '${project.name}'.`);
}

/** Who something is to belong to: whoever has it, or the user that a request names, if it may be given away. */
export function ownerAsked(
  { session: { site, user } }: SessionCall,
  item: Exclude<ProjectItem, { contact: User }>,
  id: string | undefined,
): User | Refusal {
  if (id === undefined || id === "" || id.toLowerCase() === item.owner.id) return item.owner;
  const owner = site.users.get(id.toLowerCase());
  if (owner === undefined) return refuse("404002", `There is no user '${id}'.`);
  if (isSiteAdministrator(user) || item.owner === user) return owner;
  const code = kindOf(item) === "flow" ? "403098" : "403027";
  return refuse(code, "Giving something another owner needs its owner or a site administrator.");
}

/** Puts something in another project; the rules that held for it become its own. */
export function moveTo(item: ProjectItem, project: Project): void {
  if (item.project === project) return;
  keepRules(item);
  item.project = project;
}
