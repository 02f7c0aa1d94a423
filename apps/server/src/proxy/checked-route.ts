import type { Connector, Route } from "@easel/connector";
import { LRUCache } from "lru-cache";
import type { Use } from "../credentials/live-sessions.ts";
import { connectorError } from "../http/errors.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { Servers } from "../servers/servers.ts";
import type { Explanations } from "./explanations.ts";

/**
 * Which route a path is, for the caller's own path and for every further one that is called on its behalf. Throws what
 * the address, the project's Permissions or its settings refuse.
 */
export type CheckedRoute = (use: Use, method: string, path: string) => Route;

/** Routes kept at most: a product asks for few addresses, again and again. With the longest that are kept, 8 MB. */
const KEPT = 2000;
/** In characters. What is longer was put together for one call. */
const LONGEST_KEPT = 1024;

/** A route counts only for the very settings that it was checked against: a change to them makes a new object. */
interface Kept {
  readonly integration: Integration;
  readonly version: string | undefined;
  readonly route: Route;
}

export function createCheckedRoute(parts: {
  connector: Connector;
  servers: Servers;
  explanations: Explanations;
}): CheckedRoute {
  const { connector, servers, explanations } = parts;
  const kept = new LRUCache<string, Kept>({ max: KEPT });

  const check = (use: Use, method: string, path: string, version: string | undefined): Route => {
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
    return version === undefined ? route : connector.atVersion(route, version);
  };

  return (use, method, path) => {
    const { integration, credential } = use;
    const version = integration.apiVersion ?? servers.peek(credential.serverUrl)?.apiVersion;
    const key = `${method} ${path} ${credential.siteId} ${credential.serverUrl} ${integration.id}`;
    const known = kept.get(key);
    if (known?.integration === integration && known.version === version) return known.route;
    const route = check(use, method, path, version);
    if (key.length <= LONGEST_KEPT) kept.set(key, { integration, version, route });
    return route;
  };
}
