import { salesSeed } from "../data/sales.ts";
import { generatePulse } from "../pulse/generate.ts";
import { generateCustomViews } from "../rest/custom-views/generate.ts";
import { generateDataAlerts } from "../rest/data-alerts/generate.ts";
import { addDatasource, generateDatasources } from "../rest/datasources/generate.ts";
import { generateFavorites } from "../rest/favorites/generate.ts";
import { generateFlows } from "../rest/flows/generate.ts";
import { generateGroupSets } from "../rest/group-sets/generate.ts";
import { addGroup, generateGroups } from "../rest/groups/generate.ts";
import { generateJobs } from "../rest/jobs/generate.ts";
import { addProject, generateProjects, openRules } from "../rest/projects/generate.ts";
import { generateSchedules } from "../rest/schedules/generate.ts";
import { generateSubscriptions } from "../rest/subscriptions/generate.ts";
import { generateTasks } from "../rest/tasks/generate.ts";
import { canPublish, generateLabsUsers, generateUsers } from "../rest/users/generate.ts";
import { generateVirtualConnections } from "../rest/virtual-connections/generate.ts";
import { addWorkbook, generateWorkbooks } from "../rest/workbooks/generate.ts";
import { day, type Generation, randomParts } from "./generation.ts";
import { people } from "./people.ts";
import { emptySite, type Site } from "./site.ts";
import { prototypeWorkbook } from "./workbooks/sales.ts";

export type Making = { now: number; seed: string; scale: number; edition: "cloud" | "server" };

/**
 * The sandbox's two sites, and on Tableau Server the default one, whose content URL is empty. The same content and the
 * same LUIDs every time for one seed; only the times are relative to
 * `now` (ms), so that a demo's jobs are recent, and the same `now` gives the same times.
 */
export function generateSites(making: Making): Site[] {
  const acme = generateAcme(making);
  const labs = generateSmall(emptySite("acme-labs", "Acme Labs", making.now - 200 * day), making);
  if (making.edition === "cloud") return [acme, labs];
  const byDefault = generateSmall(emptySite("", "Default", making.now - 950 * day), making);
  const sites = [acme, labs, byDefault];
  // Who administers Acme's site administers the whole server.
  const [administrator] = people;
  for (const user of sites.flatMap(({ users }) => Array.from(users.values()))) {
    if (user.name === administrator.name) user.siteRole = "ServerAdministrator";
  }
  return sites;
}

function generateAcme({ now, seed, scale, edition }: Making): Site {
  const site = emptySite("acme", "Acme Analytics", now - 900 * day);
  site.sales = salesSeed(JSON.stringify([seed, site.contentUrl]), now);
  const random = randomParts(seed, site);
  generateUsers({ site, random: random("users"), now, scale });
  const generation: Generation = { site, now, scale, edition, random, authors: authorsOf(site, scale) };
  generateGroups(generation);
  generateGroupSets(generation);
  const projects = generateProjects(generation);
  generateDatasources(generation, projects); // workbooks connect to them
  generateWorkbooks(generation, projects);
  generateVirtualConnections(generation, projects);
  generateFlows(generation, projects);
  const chooseSchedule = generateSchedules(generation);
  generateTasks(generation, chooseSchedule);
  generateSubscriptions(generation, chooseSchedule);
  generateDataAlerts(generation);
  generateCustomViews(generation);
  generatePulse(generation);
  generateJobs(generation);
  generateFavorites(generation);
  return site;
}

/** A small site: for switching to, and for showing that one token cannot be live on two sites. */
function generateSmall(site: Site, { now, seed, edition }: Making): Site {
  site.sales = salesSeed(JSON.stringify([seed, site.contentUrl]), now);
  const random = randomParts(seed, site);
  generateLabsUsers(site, now);
  addGroup(site, "All Users", { holdsEveryone: true });
  const generation: Generation = { site, now, scale: 1, edition, random, authors: authorsOf(site, 1) };
  const description = "The default project that was automatically created by Tableau.";
  const project = addProject(generation, random("projects"), {
    path: "Default",
    parent: undefined,
    description,
    rules: openRules(site),
  });
  const source = addDatasource(generation, random("datasources"), {
    name: "Prototype Orders",
    project,
    type: "excel-direct",
    description: "Orders to try things out with.",
  });
  const plan = prototypeWorkbook;
  addWorkbook(generation, random("workbooks"), { name: plan.name, plan, project, sourceNamed: () => source });
  return site;
}

/** A few people make what many look at. */
function authorsOf(site: Site, scale: number): Generation["authors"] {
  const [first, ...others] = site.users
    .values()
    .filter(canPublish)
    .take(20 * scale);
  if (first === undefined) throw new Error(`The site ${site.contentUrl} has nobody who may publish.`);
  return [first, ...others];
}
