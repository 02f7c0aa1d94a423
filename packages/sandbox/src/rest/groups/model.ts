import type { SiteRole, User } from "../users/model.ts";

export type Group = {
  id: string;
  name: string;
  /** "All Users": everyone on the site is in it, nobody is added or removed, and `members` stays empty. */
  holdsEveryone: boolean;
  members: Set<User>;
  /** What its members are at least, and when they become so. */
  minimumSiteRole: SiteRole | undefined;
  grantLicenseMode: "onLogin" | "onSync" | undefined;
};

export function isMember(user: User, group: Group): boolean {
  return group.holdsEveryone || group.members.has(user);
}
