import type { Generation } from "../../site/generation.ts";
import { people } from "../../site/people.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import { canPublish } from "../users/generate.ts";
import type { User } from "../users/model.ts";
import type { Group } from "./model.ts";

/** Acme's groups beside "All Users": where people work, in which part of the world, and as what. */
const groupNames: readonly string[] = [
  ...["Content creators", "Contractors", "Executives", "People team", "Treasury"],
  ...["Sales", "Finance", "Marketing", "Merchandising", "Operations", "Customer success", "Engineering", "Legal"],
  ...["Data platform", "Procurement", "Facilities", "Security", "Internal audit"],
  ...["Central", "East", "South", "West", "Canada", "California", "New York", "Texas", "Florida", "Key accounts"],
  ...["Atlanta warehouse", "Dallas warehouse", "Harrisburg warehouse", "Mississauga warehouse", "Reno warehouse"],
  ...["Dashboard authors", "Data stewards", "Report readers", "Project leads", "Interns", "New starters"],
  ...["Pulse pilots", "Mobile users", "API users", "Store managers", "Warehouse supervisors", "Account executives"],
  ...["Sales managers", "Support agents", "Returns desk", "Financial analysts", "Controllers", "Tax accountants"],
  ...["Campaign managers", "Web analysts", "Demand planners", "Buyers", "Logistics coordinators"],
  ...["Category managers", "Quality engineers", "Board assistants"],
];

const fewMembers: ReadonlySet<string> = new Set(["Executives", "People team", "Treasury"]);

/** Who of the three people with credentials is in which group. */
const placements: Readonly<Record<string, readonly string[]>> = {
  "ana.silva@acme.example": ["Content creators", "Data platform", "Data stewards", "Executives", "API users"],
  "elif.demir@acme.example": ["Marketing", "Web analysts", "Dashboard authors", "Canada"],
  "victor.lange@acme.example": ["Contractors", "Sales", "Report readers", "East"],
};

export function generateGroups(generation: Generation): void {
  const { site, scale, random: randomOf } = generation;
  const random = randomOf("groups");
  addGroup(site, "All Users", { holdsEveryone: true });
  const users = Array.from(site.users.values());
  const others = users.slice(people.length);
  for (let copy = 1; copy <= scale; copy++) {
    for (const name of groupNames) {
      const group = addGroup(site, copy === 1 ? name : `${name} ${copy}`, {});
      for (const user of membersOf(group, random, others)) group.members.add(user);
    }
  }
  for (const user of users.slice(0, people.length)) {
    for (const name of placements[user.name] ?? []) groupNamed(site, name).members.add(user);
  }
}

export function groupNamed(site: Site, name: string): Group {
  const group = site.groups.values().find((one) => one.name === name);
  if (group === undefined) throw new Error(`The site ${site.contentUrl} has no group '${name}'.`);
  return group;
}

export function addGroup(site: Site, name: string, { holdsEveryone = false }: { holdsEveryone?: boolean }): Group {
  const creates = name === "Content creators";
  const group: Group = {
    id: luidOf(site.contentUrl, "group", name),
    name,
    holdsEveryone,
    members: new Set(),
    minimumSiteRole: creates ? "ExplorerCanPublish" : name === "Dashboard authors" ? "Explorer" : undefined,
    grantLicenseMode: creates ? "onLogin" : undefined,
  };
  site.groups.set(group.id, group);
  return group;
}

function membersOf({ name }: Group, random: Random, users: readonly User[]): readonly User[] {
  if (name === "Content creators") return users.filter(canPublish);
  const most = fewMembers.has(name) ? 12 : 90;
  const count = Math.min(random.between(4, most), users.length);
  const start = random.between(0, users.length - 1);
  const step = 1 + 2 * random.between(0, 40);
  const picked = Array.from({ length: count }, (_, index) => users[(start + index * step) % users.length]);
  return picked.filter((user) => user !== undefined);
}
