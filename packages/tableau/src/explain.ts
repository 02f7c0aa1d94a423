import type { Explanation, Person, Problem, ProviderError, Route, Situation } from "@easel/connector";
import { type Capability, capabilityOf } from "./capability.ts";
import { permits } from "./permissions.ts";
import { hasRole } from "./person.ts";
import { compareVersions } from "./probe.ts";
import { problem, problems } from "./problems.ts";
import { rowOf } from "./route-match.ts";
import type { RouteRole, TableauRoute } from "./routes/route-line.ts";
import { editionOf, hostOf } from "./server-url.ts";

/**
 * Why Tableau refused this call, from the route table: which scope, role, permission, version or edition is missing,
 * and who can give it. Null where Tableau's own words say it best: the call is one that the person may make, and what is
 * in its way is the state of things.
 *
 * @example "Needs tableau:users:read and a site administrator; Ana Silva is Explorer."
 */
export function explain(route: Route, error: ProviderError, situation: Situation): Explanation | null {
  const row = rowOf(route);
  switch (situation.status) {
    case 401:
      return explainUnauthorised(route, row, situation);
    case 403:
      return explainDenied(route, row, { error, situation });
    case 404:
    case 405:
      return isUnknownAddress(error) ? explainMissing(route, row, situation) : null;
    case 429:
      return explainThrottled(error, situation);
    default:
      return null;
  }
}

function explainThrottled({ detail, summary }: ProviderError, { server }: Situation): Explanation {
  const said = (detail || summary).trim().replace(/\.$/, "");
  return {
    code: "tableau_throttled",
    message: `Tableau at ${hostOf(server.serverUrl)} asks for fewer calls${said === "" ? "" : `: ${said}`}.`,
    action: "Wait as long as Retry-After says. The limit is Tableau's own, and not one of Easel.",
  };
}

/** The refusal of a call that was not sent, since the project's Permissions do not hold its scope. */
export function permissionMissing(route: Route, person: Person | null): Problem {
  const row = rowOf(route);
  const lacking = row === null ? null : lackedRole(row, person);
  const also = lacking === null ? "" : `, and a ${lacking}${whoIs(person)}`;
  return problem("tableau_permission_missing", { scope: route.scope ?? "", also });
}

/** Not an item that is not there, but an address; or something in front of Tableau that does not say. */
function isUnknownAddress({ code }: ProviderError): boolean {
  return ["404003", "405000", ""].includes(code);
}

/** A live session was refused as if it were none. */
function explainUnauthorised(route: Route, row: TableauRoute | null, situation: Situation): Explanation {
  const { method, scopes, person } = situation;
  if (method === "pat") return { code: "tableau_session_contested", ...wordsOf("tableau_session_contested") };
  if (method !== "connectedApp") return { code: "tableau_session_lost", ...wordsOf("tableau_session_lost") };
  const { scope } = route;
  if (scope === null || permits(scopes, scope)) {
    return {
      code: "tableau_scope_missing",
      message: "Tableau does not offer this call to connected apps here.",
      action: `Connect with a personal access token for this call.${availability(row)}`,
    };
  }
  const lacking = row === null ? null : lackedRole(row, person);
  return {
    code: "tableau_scope_missing",
    message: `Needs ${scope}${lacking === null ? "" : ` and a ${lacking}${whoIs(person)}`}.`,
    action: `Add ${scope} to the project's Permissions${lacking === null ? "" : ` and connect as a ${lacking}`}.${availability(row)}`,
  };
}

type Words = Pick<Explanation, "message" | "action">;

function explainDenied(
  route: Route,
  row: TableauRoute | null,
  { error, situation }: { error: ProviderError; situation: Situation },
): Explanation | null {
  const { person } = situation;
  // Some services answer without a code; a scope that is missing explains their refusal all the same.
  if (error.code.startsWith("401") || outsideScopes(route, situation))
    return explainUnauthorised(route, row, situation);
  const known = knownDenial(error.code, person);
  if (known !== null) return { code: "tableau_denied", ...known };
  if (ofState.has(error.code)) return null;
  const lacking = row === null ? null : lackedRole(row, person);
  if (lacking !== null) return { code: "tableau_denied", ...roleWords(lacking, person, row) };
  const capability = row === null ? null : capabilityOf(row);
  const isAdministrator = hasRole(person, "site administrator") === true;
  // An administrator has every permission on what is on the site: something else is in the way.
  if (capability !== null && !isAdministrator) {
    return { code: "tableau_denied", ...capabilityWords(capability, person, row) };
  }
  return { code: "tableau_denied", ...deniedWords(row, person, error) };
}

function outsideScopes({ scope }: Route, { method, scopes }: Situation): boolean {
  return method === "connectedApp" && scope !== null && !permits(scopes, scope);
}

/** The role that a route needs, unless the person is known to have it. */
function lackedRole({ role }: TableauRoute, person: Person | null): RouteRole | null {
  return role === null || hasRole(person, role) === true ? null : role;
}

/** `; Ana Silva is Explorer`. */
function whoIs(person: Person | null): string {
  return person === null ? "" : `; ${person.name} is ${person.role}`;
}

function roleWords(role: RouteRole, person: Person | null, row: TableauRoute | null): Words {
  const giver = role === "server administrator" ? "an administrator of the Tableau server" : "a site administrator";
  const instead =
    person === null
      ? `Connect as a ${role}, or ask one to do it.`
      : `Connect as a ${role}, or ask ${giver} to do it, or to change ${person.name}'s site role.`;
  return { message: `Needs a ${role}${whoIs(person)}.`, action: `${instead}${availability(row)}` };
}

function capabilityWords({ title, name, on }: Capability, person: Person | null, row: TableauRoute | null): Words {
  return {
    message: `Needs the permission ${title} (${name}) on ${on}${whoIs(person)}.`,
    action: `Ask its owner, the leader of its project or a site administrator for it; a site role can rule it out.${availability(row)}`,
  };
}

function deniedWords(row: TableauRoute | null, person: Person | null, { detail, summary }: ProviderError): Words {
  const who = person === null ? "this user" : `${person.name} (${person.role})`;
  const what = row === null ? "make this call" : lowerFirst(row.title);
  const said = (detail || summary).trim().replace(/\.$/, "");
  return {
    message: `Tableau does not let ${who} ${what}${said === "" ? "" : `: ${said}`}.`,
    action: `Ask the owner of the item, or the administrator of the Tableau site, for what is missing.${availability(row)}`,
  };
}

/** Codes that say what is missing by themselves (REST reference, "Handling errors"; VizQL Data Service, error codes). */
function knownDenial(code: string, person: Person | null): Words | null {
  switch (code) {
    case "403157":
      return {
        message: "This feature is switched off on the Tableau site.",
        action: "Ask the site's administrator to switch it on.",
      };
    case "403800":
      return capabilityWords({ title: "API Access", name: "VizqlDataApiAccess", on: "the data source" }, person, null);
    case "403069":
      return {
        message: `Needs a server administrator to list the sites of a server, and on Tableau Cloud nobody may${whoIs(person)}.`,
        action: "Ask for the own site alone: GET /sites/{siteId}.",
      };
    case "403133":
      return {
        message: `Needs a site administrator to see other users${whoIs(person)}.`,
        action: "Ask for the own user alone, GET /users/{userId}, or connect as a site administrator.",
      };
    default:
      return null;
  }
}

/**
 * Refusals of what nobody may do as things are: a default project deleted, a job cancelled that has ended, permissions that
 * a project locks, a page that is too large (REST reference, "Handling errors").
 */
const ofState: ReadonlySet<string> = new Set(
  "403002 403003 403005 403008 403009 403011 403014 403016 403039 403055 403062 403063 403070 403091 403096 403131 403132".split(
    " ",
  ),
);

/** A call that the table knows and this server does not: too old, of the other edition, or asked of the wrong version. */
function explainMissing(route: Route, row: TableauRoute | null, { server }: Situation): Explanation | null {
  const asked = /^\/api\/(\d+\.\d+)(?:\/|$)/.exec(route.target)?.[1] ?? null;
  const code = "tableau_call_missing";
  if (asked !== null && compareVersions(asked, server.apiVersion) > 0) {
    return {
      code,
      message: `The path asks for API ${asked}, and ${hostOf(server.serverUrl)} speaks ${server.apiVersion} at most.`,
      action:
        "Send it again with no version in the path, or with {apiVersion}: Easel knows which one the server speaks.",
    };
  }
  if (row === null) return null;
  const edition = editionOf(server.serverUrl);
  if (row.edition !== "both" && row.edition !== edition) {
    return {
      code,
      message: `Only Tableau ${row.edition === "server" ? "Server" : "Cloud"} has this call, and ${hostOf(server.serverUrl)} is Tableau ${edition === "server" ? "Server" : "Cloud"}.`,
      action: "Leave it out for this credential.",
    };
  }
  if (row.since === null) return null;
  if (compareVersions(row.since, server.apiVersion) > 0) {
    return {
      code,
      message: `Needs API ${row.since}; ${hostOf(server.serverUrl)} speaks ${server.apiVersion}.`,
      action: "Whoever runs this Tableau server can upgrade it; nothing has to be changed here then.",
    };
  }
  if (asked === null || compareVersions(row.since, asked) <= 0) return null;
  return {
    code,
    message: `Needs API ${row.since}; the call asks for ${asked}.`,
    action:
      "Name no older version, in the path or in the integration's settings: Easel knows which one the server speaks.",
  };
}

function availability(row: TableauRoute | null): string {
  if (row === null || row.edition === "both") return "";
  return row.edition === "server" ? " Only Tableau Server has it." : " Only Tableau Cloud has it.";
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function wordsOf(code: "tableau_session_contested" | "tableau_session_lost"): Words {
  const { message, action } = problems[code];
  return { message, action };
}
