import type { Explanation, ProviderError, Route } from "@easel/connector";
import { permits } from "./permissions.ts";
import { problems } from "./problems.ts";
import { rowOf } from "./route-match.ts";
import type { TableauRoute } from "./routes/route-line.ts";

interface SignIn {
  readonly method: string;
  readonly scopes: readonly string[];
}

/**
 * Why Tableau refused this call (401 on a fresh session, or 403), from the route table: which scope, role, edition or
 * feature is missing, and who can give it.
 *
 * @example "Needs tableau:users:read and a site administrator."
 */
export function explain(route: Route, error: ProviderError, signIn: SignIn): Explanation {
  const row = rowOf(route);
  if (error.code.startsWith("401") || outsideScopes(route, signIn)) return explainUnauthorised(route, row, signIn);
  const known = knownDenials[error.code];
  if (known !== undefined) return { code: "tableau_denied", ...known };
  return { code: "tableau_denied", ...denied(row) };
}

/** Some services answer without a code; a scope that is missing explains their refusal all the same. */
function outsideScopes({ scope }: Route, { method, scopes }: SignIn): boolean {
  return method === "connectedApp" && scope !== null && !permits(scopes, scope);
}

type Words = Pick<Explanation, "message" | "action">;

const knownDenials: Readonly<Record<string, Words>> = {
  "403157": {
    message: "This feature is switched off on the Tableau site.",
    action: "Ask the site's administrator to switch it on.",
  },
  "403800": {
    message: "Needs the permission API Access on the data source.",
    action: "Ask the owner of the data source, or the site's administrator, for it.",
  },
};

function denied(row: TableauRoute | null): Words {
  if (row === null) return wordsOf("tableau_denied");
  if (row.role !== null) {
    return {
      message: `Needs a ${row.role}.`,
      action: `Connect as a ${row.role}, or ask one to do it.${availability(row)}`,
    };
  }
  return {
    message: `This user may not do this at Tableau: ${lowerFirst(row.title)}.`,
    action: `Ask the owner of the item, or the site's administrator, for the permission.${availability(row)}`,
  };
}

/** A fresh session was refused as if it were none. */
function explainUnauthorised(route: Route, row: TableauRoute | null, { method, scopes }: SignIn): Explanation {
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
  const role = row?.role ?? null;
  return {
    code: "tableau_scope_missing",
    message: role === null ? `Needs ${scope}.` : `Needs ${scope} and a ${role}.`,
    action: `Add ${scope} to the project's Permissions${role === null ? "" : ` and connect as a ${role}`}.${availability(row)}`,
  };
}

function availability(row: TableauRoute | null): string {
  if (row === null) return "";
  if (row.edition === "both") return "";
  return row.edition === "server" ? " Only Tableau Server has it." : " Only Tableau Cloud has it.";
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function wordsOf(code: "tableau_denied" | "tableau_session_contested" | "tableau_session_lost"): Words {
  const { message, action } = problems[code];
  return { message, action };
}
