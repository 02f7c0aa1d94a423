import { day, minute } from "../../site/generation.ts";
import { colleagues, people } from "../../site/people.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import type { SiteRole, User } from "./model.ts";

/** The people with credentials first, then their colleagues. */
export function generateUsers(site: Site, random: Random, now: number): void {
  const named = people.map(({ name, fullName, role }) => ({ name, fullName, siteRole: role }));
  const others = colleagues.map((fullName, index) => ({
    name: `${fullName.toLowerCase().replaceAll("'", "").replaceAll(" ", ".")}@acme.example`,
    fullName,
    siteRole: roleOf(index, random),
  }));
  for (const user of [...named, ...others]) {
    const id = luidOf(site.contentUrl, "user", user.name);
    const lastLogin = user.siteRole === "Unlicensed" ? undefined : now - random.between(1, 60 * 24 * 40) * minute;
    site.users.set(id, { id, ...user, lastLogin });
  }
}

/** The same three people on the second site: other users there, with other roles. */
export function generateLabsUsers(site: Site, now: number): void {
  const roles: SiteRole[] = ["SiteAdministratorExplorer", "ExplorerCanPublish", "Viewer"];
  for (const [index, { name, fullName }] of people.entries()) {
    const id = luidOf(site.contentUrl, "user", name);
    site.users.set(id, { id, name, fullName, siteRole: roles[index] ?? "Viewer", lastLogin: now - day });
  }
}

export function canPublish({ siteRole }: User): boolean {
  return siteRole === "Creator" || siteRole === "ExplorerCanPublish" || siteRole === "SiteAdministratorCreator";
}

function roleOf(index: number, random: Random): SiteRole {
  if (index === 0) return "SiteAdministratorExplorer";
  if (index <= 8) return "Creator";
  if (index <= 16) return "ExplorerCanPublish";
  return random.pick(["Explorer", "Explorer", "Viewer", "Viewer", "Viewer", "Unlicensed"]);
}
