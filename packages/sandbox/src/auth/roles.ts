import type { SiteRole, User } from "../rest/users/model.ts";

/** What a route asks of its user: to be signed in, to have more than a Viewer's licence, to administer site or server. */
export type RequiredRole = "anyone" | "explorer" | "siteAdministrator" | "serverAdministrator";

/** Those who administer the whole server administer each of its sites. */
export function isSiteAdministrator(user: User): boolean {
  return user.siteRole.startsWith("SiteAdministrator") || isServerAdministrator(user);
}

/** There are none on Tableau Cloud. */
export function isServerAdministrator({ siteRole }: User): boolean {
  return siteRole === "ServerAdministrator";
}

export function meets(user: User, required: RequiredRole): boolean {
  switch (required) {
    case "anyone":
      return true;
    case "explorer":
      return !belowExplorer.includes(user.siteRole);
    case "siteAdministrator":
      return isSiteAdministrator(user);
    case "serverAdministrator":
      return isServerAdministrator(user);
  }
}

const belowExplorer: readonly SiteRole[] = ["Viewer", "Unlicensed"];
