import { isSiteAdministrator } from "../../auth/roles.ts";
import type { Site } from "../../site/site.ts";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import type { World } from "../../world.ts";
import { type AuthSetting, authSettings, type SiteRole, type User } from "./model.ts";

/** The site roles that somebody can be given; the others are Tableau's own, or of older versions. */
const givenRoles: readonly SiteRole[] = [
  "Creator",
  "Explorer",
  "ExplorerCanPublish",
  "SiteAdministratorCreator",
  "SiteAdministratorExplorer",
  "Unlicensed",
  "Viewer",
];

/** Server administrators are on Tableau Server only. */
export function readSiteRole(written: string, { edition }: Pick<World, "edition">): SiteRole | Refusal {
  if (written === "ServerAdministrator" && edition === "server") return written;
  return (
    givenRoles.find((role) => role === written) ??
    refuse("400013", `The site role must be one of ${givenRoles.join(", ")}, not '${written}'.`)
  );
}

/** inferred: the code */
export function readAuthSetting(written: string): AuthSetting | Refusal {
  const setting = authSettings.find((one) => one === written);
  return setting ?? refuse("400003", `The authentication setting '${written}' is not supported on this site.`);
}

/** Gives somebody another site role, and says so where it makes or unmakes an administrator. */
export function changeSiteRole({ events, clock }: World, site: Site, user: User, role: SiteRole): void {
  const was = isSiteAdministrator(user);
  user.siteRole = role;
  const is = isSiteAdministrator(user);
  if (was === is) return;
  const item = { id: user.id, name: user.name };
  events.emit({ name: is ? "AdminPromoted" : "AdminDemoted", site, resource: "USER", item, at: clock() });
}
