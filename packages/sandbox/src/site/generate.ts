import { datasourceNames, projectPaths, sheetNames, tagNames, workbookNames } from "./content.ts";
import { generateJobs } from "./generate-jobs.ts";
import type { Datasource, Project, Site, SiteRole, User, View, Workbook } from "./model.ts";
import { colleagues, people } from "./people.ts";
import { luidOf, type Random, seededRandom } from "./random.ts";

const seed = "acme";
const day = 24 * 60 * 60 * 1000;

/**
 * The sandbox's two sites. The same content and the same LUIDs every time; only the times are relative to `now` (ms),
 * so that a demo's jobs are recent, and the same `now` gives the same times.
 */
export function generateSites(now: number): readonly [Site, Site] {
  return [generateAcme(now), generateLabs(now)];
}

function generateAcme(now: number): Site {
  const random = seededRandom(seed);
  const site = emptySite("acme", "Acme Analytics", now - 900 * day);
  const users = new Map(generateUsers(site, random, now).map((user) => [user.id, user]));
  site.users = users;
  const authors = Array.from(users.values().filter(({ siteRole }) => canPublish(siteRole)));
  const [first, ...others] = authors;
  if (first === undefined) return site;
  const context: Context = { site, random, now, authors: [first, ...others] };
  const projects = generateProjects(context);
  generateWorkbooks(context, projects);
  generateDatasources(context, projects);
  for (const job of generateJobs(site, random, now)) site.jobs.set(job.id, job);
  return site;
}

/** A second, small site: for switching to, and for showing that one token cannot be live on two sites. */
function generateLabs(now: number): Site {
  const site = emptySite("acme-labs", "Acme Labs", now - 200 * day);
  const roles: SiteRole[] = ["SiteAdministratorExplorer", "ExplorerCanPublish", "Viewer"];
  for (const [index, person] of people.entries()) {
    const siteRole = roles[index] ?? "Viewer";
    const user = { id: luidOf(site.contentUrl, "user", person.name), ...person, siteRole, lastLogin: now - day };
    site.users.set(user.id, user);
  }
  const [owner] = site.users.values();
  if (owner === undefined) return site;
  const context: Context = { site, random: seededRandom(site.contentUrl), now, authors: [owner] };
  const project = addProject(
    context,
    "Default",
    undefined,
    "The default project that was automatically created by Tableau.",
  );
  addWorkbook(context, "Prototype", project);
  return site;
}

type Context = { site: Site; random: Random; now: number; authors: readonly [User, ...User[]] };

function emptySite(contentUrl: string, name: string, createdAt: number): Site {
  return {
    id: luidOf("site", contentUrl),
    name,
    contentUrl,
    createdAt,
    users: new Map(),
    projects: new Map(),
    workbooks: new Map(),
    views: new Map(),
    datasources: new Map(),
    jobs: new Map(),
  };
}

function generateUsers(site: Site, random: Random, now: number): User[] {
  const named = people.map(({ name, fullName, role }) => ({ name, fullName, siteRole: role }));
  const others = colleagues.map((fullName, index) => ({
    name: `${fullName.toLowerCase().replaceAll("'", "").replaceAll(" ", ".")}@acme.example`,
    fullName,
    siteRole: roleOf(index, random),
  }));
  return [...named, ...others].map((user) => ({
    id: luidOf(site.contentUrl, "user", user.name),
    ...user,
    lastLogin: user.siteRole === "Unlicensed" ? undefined : now - random.between(1, 60 * 24 * 40) * 60_000,
  }));
}

function roleOf(index: number, random: Random): SiteRole {
  if (index === 0) return "SiteAdministratorExplorer";
  if (index <= 8) return "Creator";
  if (index <= 16) return "ExplorerCanPublish";
  return random.pick(["Explorer", "Explorer", "Viewer", "Viewer", "Viewer", "Unlicensed"]);
}

function canPublish(role: SiteRole): boolean {
  return role === "Creator" || role === "ExplorerCanPublish" || role === "SiteAdministratorCreator";
}

function generateProjects(context: Context): Map<string, Project> {
  const byPath = new Map<string, Project>();
  for (const [path, description] of projectPaths) {
    const parent = byPath.get(path.split("/").slice(0, -1).join("/"));
    byPath.set(path, addProject(context, path, parent, description));
  }
  return byPath;
}

function addProject(context: Context, path: string, parent: Project | undefined, description: string): Project {
  const { site, random, authors } = context;
  const project: Project = {
    id: luidOf(site.contentUrl, "project", path),
    name: path.split("/").at(-1) ?? path,
    description,
    parent,
    owner: random.pick(authors),
    contentPermissions: path.startsWith("People") ? "LockedToProject" : "ManagedByOwner",
    ...times(context),
  };
  site.projects.set(project.id, project);
  return project;
}

function generateWorkbooks(context: Context, projects: Map<string, Project>): void {
  for (const [path, ...names] of workbookNames) {
    const project = projects.get(path);
    if (project === undefined) continue;
    for (const name of names) addWorkbook(context, name, project);
  }
}

function addWorkbook(context: Context, name: string, project: Project): void {
  const { site, random, authors } = context;
  const workbook: Workbook = {
    id: luidOf(site.contentUrl, "workbook", name),
    number: 1000 + site.workbooks.size,
    name,
    contentUrl: contentUrlOf(name),
    description: random.onceIn(3) ? `${name}, as discussed in the ${project.name} review.` : "",
    project,
    owner: random.pick(authors),
    tags: pickTags(random),
    views: [],
    showTabs: random.onceIn(2),
    hasExtracts: !random.onceIn(4),
    // One is large on purpose: something to stream.
    size: name === "Customer 360" ? 128 : random.between(1, 24),
    ...times(context),
  };
  const first = random.between(0, sheetNames.length - 1);
  const count = random.between(3, 5);
  for (let index = 0; index < count; index++) {
    const isDashboard = index === 0;
    const name = isDashboard ? `${workbook.name} Dashboard` : (sheetNames[(first + index) % sheetNames.length] ?? "");
    addView(context, workbook, name, isDashboard ? "dashboard" : "worksheet");
  }
  site.workbooks.set(workbook.id, workbook);
}

function addView({ site, random }: Context, workbook: Workbook, name: string, sheetType: View["sheetType"]): void {
  const view: View = {
    id: luidOf(site.contentUrl, "view", workbook.name, name),
    name,
    viewUrlName: contentUrlOf(name),
    sheetType,
    workbook,
    tags: random.onceIn(5) ? pickTags(random) : [],
    totalViewCount: random.between(0, 2500),
    createdAt: workbook.createdAt,
    updatedAt: workbook.updatedAt,
  };
  workbook.views.push(view);
  site.views.set(view.id, view);
}

function generateDatasources(context: Context, projects: Map<string, Project>): void {
  const { site, random, authors } = context;
  for (const [name, path, type] of datasourceNames) {
    const project = projects.get(path);
    if (project === undefined) continue;
    const datasource: Datasource = {
      id: luidOf(site.contentUrl, "datasource", name),
      number: 500 + site.datasources.size,
      name,
      contentUrl: contentUrlOf(name),
      description: `${name} for everyone who works with ${project.name}.`,
      type,
      project,
      owner: random.pick(authors),
      tags: pickTags(random),
      hasExtracts: !random.onceIn(3),
      isCertified: project.name === "Certified sources",
      certificationNote: "Checked each morning by the data team.",
      size: random.between(1, 60),
      ...times(context),
    };
    site.datasources.set(datasource.id, datasource);
  }
}

function times({ random, now }: Context): { createdAt: number; updatedAt: number } {
  const age = random.between(30, 800);
  return { createdAt: now - age * day, updatedAt: now - random.between(0, age * 24) * 60 * 60 * 1000 };
}

function pickTags(random: Random): string[] {
  const tags = Array.from({ length: random.between(0, 3) }, () => random.pick(tagNames));
  return [...new Set(tags)];
}

/** `Win/Loss Review` → `WinLossReview`: Tableau drops what does not belong into an address. */
export function contentUrlOf(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "");
}
