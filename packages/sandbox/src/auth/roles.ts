import type { SiteRole, User } from "../rest/users/model.ts";

/** What a route asks of its user: to be signed in, to have more than a Viewer's licence, to administer the site. */
export type RequiredRole = "anyone" | "explorer" | "siteAdministrator";

export function isSiteAdministrator({ siteRole }: User): boolean {
  return siteRole.startsWith("SiteAdministrator");
}

export function meets(user: User, required: RequiredRole): boolean {
  switch (required) {
    case "anyone":
      return true;
    case "explorer":
      return !belowExplorer.includes(user.siteRole);
    case "siteAdministrator":
      return isSiteAdministrator(user);
  }
}

const belowExplorer: readonly SiteRole[] = ["Viewer", "Unlicensed"];
