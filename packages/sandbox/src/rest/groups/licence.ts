import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import type { SiteRole, User } from "../users/model.ts";
import { changeSiteRole } from "../users/roles.ts";
import { isMember } from "./model.ts";

/** Site roles from the least to the most, as far as groups grant them. */
const ranks: readonly SiteRole[] = [
  "Unlicensed",
  "Viewer",
  "Explorer",
  "ExplorerCanPublish",
  "Creator",
  "SiteAdministratorExplorer",
  "SiteAdministratorCreator",
];

/** Gives who signs in what their groups grant on sign-in, if that is more (Tableau help, "Grant License on Sign In"). */
export function grantOnSignIn(world: World, site: Site, user: User): void {
  for (const group of site.groups.values()) {
    if (group.grantLicenseMode !== "onLogin" || group.minimumSiteRole === undefined || !isMember(user, group)) continue;
    if (isLess(user.siteRole, group.minimumSiteRole)) changeSiteRole(world, site, user, group.minimumSiteRole);
  }
}

function isLess(role: SiteRole, than: SiteRole): boolean {
  const rank = ranks.indexOf(role);
  return rank !== -1 && rank < ranks.indexOf(than);
}
