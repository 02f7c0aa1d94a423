import { day, minute } from "../../site/generation.ts";
import { firstNames, lastNames } from "../../site/names.ts";
import { colleagues, people } from "../../site/people.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import type { SiteRole, User } from "./model.ts";

/** How many people work at Acme. */
const employees = 1_200;

/** The people with credentials first, then their colleagues by name, then everybody else. */
export function generateUsers({ site, random, now, scale }: Making): void {
  const taken = new Set<string>();
  for (const { name, fullName, role } of people) add({ name, fullName, siteRole: role });
  for (const [index, fullName] of colleagues.entries()) {
    add({ name: addressOf(fullName), fullName, siteRole: roleOf(index, random) });
  }
  while (site.users.size < employees * scale) {
    const fullName = `${pick(firstNames)} ${pick(lastNames)}`;
    const plain = addressOf(fullName);
    let name = plain;
    // Namesakes get a number, as they do everywhere.
    for (let count = 2; taken.has(name); count++) name = plain.replace("@", `${count}@`);
    add({ name, fullName, siteRole: random.pick(otherRoles) });
  }

  function add(user: Pick<User, "name" | "fullName" | "siteRole">): void {
    taken.add(user.name);
    const lastLogin = user.siteRole === "Unlicensed" ? undefined : now - random.between(1, 60 * 24 * 40) * minute;
    const made = makeUser(site, { ...user, lastLogin });
    site.users.set(made.id, made);
  }

  function pick(names: readonly string[]): string {
    return names[random.between(0, names.length - 1)] ?? "";
  }
}

type Making = { site: Site; random: Random; now: number; scale: number };

/** The same three people on the second site: other users there, with other roles. */
export function generateLabsUsers(site: Site, now: number): void {
  const roles: SiteRole[] = ["SiteAdministratorExplorer", "ExplorerCanPublish", "Viewer"];
  for (const [index, { name, fullName }] of people.entries()) {
    const user = makeUser(site, { name, fullName, siteRole: roles[index] ?? "Viewer", lastLogin: now - day });
    site.users.set(user.id, user);
  }
}

export function canPublish({ siteRole }: User): boolean {
  return siteRole === "Creator" || siteRole === "ExplorerCanPublish" || siteRole === "SiteAdministratorCreator";
}

function makeUser(site: Site, user: Pick<User, "name" | "fullName" | "siteRole" | "lastLogin">): User {
  return {
    id: luidOf(site.contentUrl, "user", user.name),
    ...user,
    email: user.name,
    authSetting: "ServerDefault",
    language: "en",
    locale: "en_US",
  };
}

/** `Björn O'Connor` → `bjorn.oconnor@acme.example`. */
function addressOf(fullName: string): string {
  const plain = fullName.normalize("NFD").replace(/[\u0300-\u036f']/g, "");
  return `${plain.toLowerCase().replaceAll(" ", ".")}@acme.example`;
}

function roleOf(index: number, random: Random): SiteRole {
  if (index === 0) return "SiteAdministratorExplorer";
  if (index <= 8) return "Creator";
  if (index <= 16) return "ExplorerCanPublish";
  return random.pick(["Explorer", "Explorer", "Viewer", "Viewer", "Viewer", "Unlicensed"]);
}

/** Most people at a company look; a few make. */
const otherRoles: readonly [SiteRole, ...SiteRole[]] = [
  "Creator",
  "ExplorerCanPublish",
  "Explorer",
  "Explorer",
  "Explorer",
  "Explorer",
  "Viewer",
  "Viewer",
  "Viewer",
  "Viewer",
  "Viewer",
  "Viewer",
  "Viewer",
  "Viewer",
  "Unlicensed",
];
