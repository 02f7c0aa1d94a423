import type { Connector, SessionAddress } from "@easel/connector";
import { addressOf, atVersion } from "./address.ts";
import { budgets, budgetsOf } from "./budgets.ts";
import { classify } from "./classify.ts";
import { consent } from "./consent.ts";
import { explain, permissionMissing } from "./explain.ts";
import { help } from "./help/help.ts";
import { identityOf, methods } from "./methods.ts";
import { readAddress } from "./paste.ts";
import { permits } from "./permissions.ts";
import { personOf } from "./person.ts";
import { probe } from "./probe.ts";
import { problems } from "./problems.ts";
import { matchRoute } from "./route-match.ts";
import { signIn } from "./sign-in.ts";
import { siteNameOf } from "./site-name.ts";
import { tokenExpiry } from "./token-expiry.ts";
import { trustSetup } from "./trust-setup.ts";
import { unreachableProblem } from "./unanswered.ts";
import { whoAmI } from "./who-am-i.ts";

export interface TableauOptions {
  /** Milliseconds since 1970; stamps the JWTs of connected apps. */
  readonly clock: () => number;
}

/**
 * Tableau behind the connector interface. It opens no socket and keeps no state.
 *
 * @example const tableau = createTableauConnector({ clock: Date.now });
 */
export function createTableauConnector({ clock }: TableauOptions): Connector {
  return {
    type: "tableau",
    name: "Tableau",
    brandColor: "#1f457e",
    methods,
    problems,
    readAddress,
    probe,
    signIn: (request, send) => signIn(request, send, clock()),
    trustSetup,
    async signOut({ serverUrl, apiVersion, token }, send) {
      // Whatever comes back, the platform has let go of the session.
      await send({ method: "POST", url: `${serverUrl}/api/${apiVersion}/auth/signout`, headers: authorization(token) });
    },
    whoAmI: (session, send) => whoAmI(session, authorization(session.token), send),
    secretExpiry: (session, fields, send) => tokenExpiry(session, fields, authorization(session.token), send),
    identity: identityOf,
    unreachable: unreachableProblem,
    authorization,
    confirmation,
    route: matchRoute,
    atVersion,
    address: addressOf,
    classify: (status, _headers, body) => classify(status, body),
    explain,
    permissionMissing,
    person: personOf,
    siteName: siteNameOf,
    permits,
    consent,
    help,
    budgets,
    budgetsOf,
  };
}

function authorization(token: string): Record<string, string> {
  return { "x-tableau-auth": token };
}

/**
 * A session without scopes may ask who it is; one with scopes may list one project where they cover it. Where they
 * don't, a refusal would not tell a dead session from a missing scope.
 */
function confirmation(session: SessionAddress, method: string, scopes: readonly string[]): string | null {
  const root = `${session.serverUrl}/api/${session.apiVersion}`;
  if (method !== "connectedApp") return `${root}/sessions/current`;
  return permits(scopes, "tableau:content:read") ? `${root}/sites/${session.siteId}/projects?pageSize=1` : null;
}
