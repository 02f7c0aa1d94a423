import type { Connector, Route } from "@easel/connector";
import type { Use } from "../credentials/live-sessions.ts";
import { connectorError } from "../http/errors.ts";
import type { Servers } from "../servers/servers.ts";
import type { Explanations } from "./explanations.ts";

/**
 * Which route a path is, for the caller's own path and for every further one that is called on its behalf. Throws what
 * the address, the project's Permissions or its settings refuse.
 */
export type CheckedRoute = (use: Use, method: string, path: string) => Route;

export function createCheckedRoute(parts: {
  connector: Connector;
  servers: Servers;
  explanations: Explanations;
}): CheckedRoute {
  const { connector, servers, explanations } = parts;
  return (use, method, path) => {
    const { integration, credential } = use;
    const result = connector.route(method, path, credential.serverUrl, credential.siteId);
    if (result.kind === "refused") throw connectorError(connector.problems, result.problem);
    const { route } = result;
    if (route.scope !== null && !connector.permits(integration.permissions, route.scope)) {
      throw explanations.permissionMissing(use, route);
    }
    if (route.mintsCredentials && !integration.mayMintCredentials) {
      throw connectorError(connector.problems, { code: "tableau_route_credentials", params: {} });
    }
    const version = integration.apiVersion ?? servers.peek(credential.serverUrl)?.apiVersion;
    return version === undefined ? route : connector.atVersion(route, version);
  };
}
