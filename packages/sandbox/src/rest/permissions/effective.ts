import { isSiteAdministrator } from "../../auth/roles.ts";
import { isInSet } from "../group-sets/model.ts";
import { isMember } from "../groups/model.ts";
import type { Project } from "../projects/model.ts";
import type { SiteRole, User } from "../users/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import { type Content, controllingProject, isView, lockingProject, ownerOf, projectOf, rulesOf } from "./content.ts";
import type { Capability, Grantee, Rules } from "./model.ts";

/**
 * Whether a user may do something with something (Tableau help, "Effective permissions"): their site role must reach
 * that far; then administrators, owners and project leaders may; then the rules decide.
 */
export function may(user: User, capability: Capability, content: Content): boolean {
  if (!isWithinReach(user.siteRole, capability)) return false;
  if (isSiteAdministrator(user)) return true;
  const project = projectOf(content);
  if (leads(user, project)) return true;
  const isLocked = lockingProject(project) !== undefined;
  // Where a project locks permissions, the owners of what is in it can't set them.
  if (ownerOf(content) === user && !(isLocked && capability === "ChangePermissions")) return true;
  return allowedByRules(user, capability, rulesOf(content));
}

/**
 * Whether a user may see each of many things: as `may` with `Read`, and fast, because what is the same for many (the
 * same rules, the same project) is decided once. For one call only: it does not notice changes.
 */
export function readerOf(user: User): (content: Content) => boolean {
  if (!isWithinReach(user.siteRole, "Read")) return () => false;
  if (isSiteAdministrator(user)) return () => true;
  const byRules = new Map<Rules, boolean>();
  const byProject = new Map<Project, boolean>();
  const sees = (content: Content): boolean =>
    remembered(byRules, rulesOf(content), (rules) => allowedByRules(user, "Read", rules)) ||
    ownerOf(content) === user ||
    remembered(byProject, projectOf(content), (project) => leads(user, project));
  let workbook: Workbook | undefined;
  let seesWorkbook = false;
  return (content) => {
    if (!isView(content) || content.permissions !== undefined) return sees(content);
    // The views of a workbook stand together.
    if (content.workbook !== workbook) {
      workbook = content.workbook;
      seesWorkbook = sees(workbook);
    }
    return seesWorkbook;
  };
}

/** A project is led by its owner and by its leaders, and so is everything nested in it. */
export function leads(user: User, project: Project): boolean {
  for (let one: Project | undefined = project; one !== undefined; one = one.parent) {
    if (one.owner === user) return true;
    if (allowedByRules(user, "ProjectLeader", controllingProject(one).permissions)) return true;
  }
  return false;
}

/** A user's own rule wins over those of groups; a denial wins over an allowance; what nothing allows is denied. */
function allowedByRules(user: User, capability: Capability, rules: Rules): boolean {
  let byGroups = false;
  let isDenied = false;
  for (const { grantee, modes } of rules) {
    const mode = modes[capability];
    if (mode === undefined || !holdsFor(user, grantee)) continue;
    if (grantee.kind === "user") return mode === "Allow"; // there is one rule for each grantee
    if (mode === "Deny") isDenied = true;
    else byGroups = true;
  }
  return byGroups && !isDenied;
}

function holdsFor(user: User, grantee: Grantee): boolean {
  switch (grantee.kind) {
    case "user":
      return grantee.user === user;
    case "group":
      return isMember(user, grantee.group);
    case "groupSet":
      return isInSet(user, grantee.groupSet);
  }
}

/** The most that a site role can have, whatever the rules say (Tableau help, "Permissions, Site Roles, and Licenses"). */
function isWithinReach(siteRole: SiteRole, capability: Capability): boolean {
  switch (siteRole) {
    case "Unlicensed":
      return false;
    case "Guest":
    case "Viewer":
      return viewing.has(capability);
    case "Explorer":
      return !publishing.has(capability);
    default:
      return true;
  }
}

// inferred: VizqlDataApiAccess for Viewers, and each of `publishing` but Write for Explorers.
const viewing: ReadonlySet<Capability> = new Set([
  "AddComment",
  "Connect",
  "ExportData",
  "ExportImage",
  "Filter",
  "Read",
  "ViewComments",
  "VizqlDataApiAccess",
]);

const publishing: ReadonlySet<Capability> = new Set([
  "Overwrite",
  "PulseMetricDefine",
  "SaveAs",
  "WebAuthoringForFlows",
  "Write",
]);

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, decide: (key: Key) => Value): Value {
  let value = known.get(key);
  if (value === undefined) {
    value = decide(key);
    known.set(key, value);
  }
  return value;
}
