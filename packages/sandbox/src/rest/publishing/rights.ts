import { type Refusal, refuse } from "../../wire/refusals.ts";
import { may } from "../permissions/effective.ts";
import type { Project } from "../projects/model.ts";
import type { SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";

/** Whether a site role may publish anything at all (Tableau help, "Site roles"). */
export function mayPublish({ siteRole }: User): boolean {
  return siteRole === "Creator" || siteRole === "ExplorerCanPublish" || siteRole.includes("Administrator");
}

/** The project that something is to be published in, if the user may: the default project when none is named. */
export function projectToPublishIn({ session }: SessionCall, id: string | undefined): Project | Refusal {
  const { site, user } = session;
  if (!mayPublish(user)) return refuse("403007", `The site role ${user.siteRole} does not allow publishing.`);
  const project =
    id === undefined || id === ""
      ? site.projects.values().find(({ name, parent }) => name.toLowerCase() === "default" && parent === undefined)
      : site.projects.get(id.toLowerCase());
  if (project === undefined) return refuse("404005", `There is no project '${id ?? "Default"}'.`);
  return may(user, "Write", project)
    ? project
    : refuse("403007", `${user.name} isn't authorized to publish in the project '${project.name}'.`);
}
