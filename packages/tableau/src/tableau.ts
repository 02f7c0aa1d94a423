import type { Connector, SessionAddress, SignInRequest } from "@easel/connector";
import { addressOf, atVersion } from "./address.ts";
import { authorization } from "./authorization.ts";
import { type BearerMethod, signInByBearer } from "./bearer-method.ts";
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

export type { AccessToken, BearerMethod } from "./bearer-method.ts";

export interface TableauOptions {
  /** Milliseconds since 1970; stamps the JWTs of connected apps. */
  readonly clock: () => number;
  /** Further ways to sign in, whose sessions are access tokens. */
  readonly bearerMethods?: readonly BearerMethod[];
}

/**
 * Tableau behind the connector interface. It opens no socket and keeps no state.
 *
 * @example const tableau = createTableauConnector({ clock: Date.now });
 */
export function createTableauConnector({ clock, bearerMethods = [] }: TableauOptions): Connector {
  const bearerOf = ({ method }: SignInRequest) => bearerMethods.find(({ id }) => id === method);
  return {
    type: "tableau",
    name: "Tableau",
    brandColor: "#1f457e",
    methods: [...methods, ...bearerMethods],
    problems,
    readAddress,
    probe,
    signIn: (request, send) => {
      const bearer = bearerOf(request);
      return bearer ? signInByBearer(bearer, request, send, clock()) : signIn(request, send, clock());
    },
    trustSetup,
    async signOut(session, send) {
      const { serverUrl, apiVersion } = session;
      // Whatever comes back, the platform has let go of the session.
      const url = `${serverUrl}/api/${apiVersion}/auth/signout`;
      await send({ method: "POST", url, headers: authorization(session) });
    },
    whoAmI: (session, send) => whoAmI(session, authorization(session), send),
    secretExpiry: (session, fields, send) => tokenExpiry(session, fields, authorization(session), send),
    identity: (request) => {
      const bearer = bearerOf(request);
      return bearer ? [request.serverUrl, bearer.id, ...bearer.identity(request)] : identityOf(request);
    },
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

/**
 * A session without scopes may ask who it is; one with scopes may list one project where they cover it. Where they
 * don't, a refusal would not tell a dead session from a missing scope.
 */
function confirmation(session: SessionAddress, method: string, scopes: readonly string[]): string | null {
  const root = `${session.serverUrl}/api/${session.apiVersion}`;
  if (method !== "connectedApp") return `${root}/sessions/current`;
  return permits(scopes, "tableau:content:read") ? `${root}/sites/${session.siteId}/projects?pageSize=1` : null;
}
