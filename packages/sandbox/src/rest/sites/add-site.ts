import { randomUUID } from "node:crypto";
import { isServerAdministrator } from "../../auth/roles.ts";
import { salesSeed } from "../../data/sales.ts";
import { randomParts } from "../../site/generation.ts";
import { emptySite, type Site } from "../../site/site.ts";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import type { World } from "../../world.ts";
import { addGroup } from "../groups/generate.ts";
import { addProject, openRules } from "../projects/generate.ts";
import type { SiteSettings } from "./model.ts";

/** More sites than these can't be made. */
const mostSites = 200;

type NewSite = { name: string; contentUrl: string; attributes: SiteSettings["attributes"]; now: number };

/** Why a name or a content URL can't be a site's, if it can't: `but` is the site that has them already. */
export function isTaken(
  { sites }: World,
  { name, contentUrl }: { name: string; contentUrl: string },
  but: Site | undefined,
): Refusal | undefined {
  if (but?.contentUrl !== contentUrl && !/^[A-Za-z0-9_-]{1,128}$/.test(contentUrl)) {
    return refuse("400003", "A content URL is made of letters, digits, hyphens and underscores.");
  }
  const others = sites.filter((site) => site !== but);
  if (others.some((site) => site.name.toLowerCase() === name.toLowerCase())) {
    return refuse("409001", `There is already a site named '${name}'.`);
  }
  return others.some((site) => site.contentUrl.toLowerCase() === contentUrl.toLowerCase())
    ? refuse("409002", `There is already a site with the content URL '${contentUrl}'.`)
    : undefined;
}

/** Makes an empty site: its default project, the group of everyone, and whoever administers the server. */
export function addSite(world: World, { name, contentUrl, attributes, now }: NewSite): Site | Refusal {
  if (world.sites.length >= mostSites) return refuse("400003", `There can be ${mostSites} sites at most.`);
  const site = emptySite(contentUrl, name, now);
  site.id = randomUUID(); // a content URL may be another's again, an id never
  site.sales = salesSeed(JSON.stringify([world.seed, contentUrl]), now);
  Object.assign(site.settings.attributes, attributes);
  const administrators = world.sites.flatMap(({ users }) => Array.from(users.values().filter(isServerAdministrator)));
  for (const [, user] of new Map(administrators.map((user) => [user.name, user]))) {
    const id = randomUUID();
    site.users.set(id, { ...user, id, lastLogin: undefined });
  }
  const [owner] = site.users.values();
  if (owner === undefined) return refuse("403004", "There is nobody who administers the server.");
  addGroup(site, "All Users", { holdsEveryone: true });
  const random = randomParts(world.seed, site);
  const project = addProject(
    { site, now, scale: 1, edition: world.edition, random, authors: [owner] },
    random("projects"),
    {
      path: "Default",
      parent: undefined,
      description: "The default project that was automatically created by Tableau.",
      rules: openRules(site),
    },
  );
  Object.assign(project, { createdAt: now, updatedAt: now });
  world.sites.push(site);
  return site;
}
