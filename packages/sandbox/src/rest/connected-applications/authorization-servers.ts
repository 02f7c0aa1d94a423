import { randomUUID } from "node:crypto";
import { isAllowed } from "../../auth/issuer-keys.ts";
import { draw, inLists } from "../../query/description.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import type { AuthorizationServer } from "./model.ts";
import { authorizationServerResource } from "./resource.ts";

/** More than these can't be registered (inferred). */
const mostServers = 50;

const serverSchema = element({
  externalAuthorizationServer: element({
    name: attribute.optional(),
    issuerUrl: attribute.optional(),
    jwksUri: attribute.optional(),
    enabled: attribute.optional(),
  }),
});

type Servers = (call: SessionCall) => Map<string, AuthorizationServer>;

/** Those of a site; and on Tableau Server those of the whole server. */
export const authorizationServerRoutes: readonly Route[] = [
  ...routesFor("/sites/{siteId}", ({ session }) => session.site.authorizationServers).map(
    (route): Route => ({ ...route, role: "siteAdministrator" }),
  ),
  ...routesFor("", ({ world }) => world.credentials.authorizationServers).map(
    (route): Route => ({ ...route, role: "serverAdministrator", edition: "server" }),
  ),
];

type SessionRoute = Omit<Extract<Route, { kind: "session" }>, "role">;

function routesFor(prefix: string, servers: Servers): SessionRoute[] {
  const all = `${prefix}/connected-apps/external-authorization-servers`;
  const one = `${all}/{serverId}`;
  const scope = "tableau:external_authorization_servers";
  const shared = { kind: "session", body: "none" } as const;
  return [
    {
      ...shared,
      method: "GET",
      template: all,
      jwt: `${scope}:read`,
      handle: (call) => listServers(servers(call), call),
    },
    {
      ...shared,
      method: "POST",
      template: all,
      body: "tsRequest",
      jwt: `${scope}:create`,
      handle: (call) => register(servers(call), call),
    },
    {
      ...shared,
      method: "GET",
      template: one,
      jwt: `${scope}:read`,
      handle(call) {
        const server = find(servers(call), call);
        return isRefusal(server) ? server : answer(draw(authorizationServerResource, server, call.scene, inLists));
      },
    },
    {
      ...shared,
      method: "PUT",
      template: one,
      body: "tsRequest",
      jwt: `${scope}:update`,
      handle(call) {
        const server = find(servers(call), call);
        return isRefusal(server) ? server : update(servers(call), server, call);
      },
    },
    {
      ...shared,
      method: "DELETE",
      template: one,
      jwt: `${scope}:delete`,
      handle(call) {
        const server = find(servers(call), call);
        if (isRefusal(server)) return server;
        servers(call).delete(server.id);
        return done;
      },
    },
  ];
}

function find(servers: Map<string, AuthorizationServer>, { parameters }: SessionCall): AuthorizationServer | Refusal {
  const id = parameters.serverId ?? "";
  return servers.get(id.toLowerCase()) ?? refuse("404040", `There is no authorization server '${id}'.`);
}

function listServers(servers: Map<string, AuthorizationServer>, { scene }: SessionCall): Reply {
  const drawn = Array.from(servers.values(), (server) => draw(authorizationServerResource, server, scene, inLists));
  return answer(list("externalAuthorizationServerList", "externalAuthorizationServer", drawn));
}

function register(servers: Map<string, AuthorizationServer>, { content, scene }: SessionCall): Reply | Refusal {
  const sent = readServer(content);
  if (isRefusal(sent)) return sent;
  if (sent.issuerUrl === undefined) return refuse("400003", "An authorization server must have an issuer URL.");
  if (servers.size >= mostServers)
    return refuse("400003", `There can be ${mostServers} authorization servers at most.`);
  if (isKnown(servers, sent.issuerUrl, undefined)) return knownAlready(sent.issuerUrl);
  const { name = "", issuerUrl, jwksUri, enabled = true } = sent;
  const server: AuthorizationServer = { id: randomUUID(), name, issuerUrl, jwksUri, enabled, createdAt: scene.now };
  servers.set(server.id, server);
  return created(draw(authorizationServerResource, server, scene, inLists));
}

function update(
  servers: Map<string, AuthorizationServer>,
  server: AuthorizationServer,
  { content, scene }: SessionCall,
): Reply | Refusal {
  const sent = readServer(content);
  if (isRefusal(sent)) return sent;
  if (sent.issuerUrl !== undefined && isKnown(servers, sent.issuerUrl, server)) return knownAlready(sent.issuerUrl);
  Object.assign(server, sent);
  return answer(draw(authorizationServerResource, server, scene, inLists));
}

type Sent = Partial<Pick<AuthorizationServer, "name" | "issuerUrl" | "jwksUri" | "enabled">>;

/** What a request says of a server: only what is in it. Addresses are `https:`; for tests `http:` on this machine too. */
function readServer(content: unknown): Sent | Refusal {
  const request = read(serverSchema, content);
  if (isRefusal(request)) return request;
  const { name, issuerUrl, jwksUri, enabled } = request.externalAuthorizationServer;
  for (const address of [issuerUrl, jwksUri]) {
    if (address !== undefined && address !== "" && !isAllowed(address))
      return refuse("400003", `'${address}' is not an https address.`);
  }
  if (issuerUrl === "") return refuse("400003", "An authorization server must have an issuer URL.");
  return {
    ...(name === undefined ? {} : { name: name.slice(0, 255) }),
    ...(issuerUrl === undefined ? {} : { issuerUrl }),
    ...(jwksUri === undefined ? {} : { jwksUri: jwksUri === "" ? undefined : jwksUri }),
    ...(enabled === undefined ? {} : { enabled: enabled.toLowerCase() === "true" }),
  };
}

function isKnown(servers: Map<string, AuthorizationServer>, issuerUrl: string, but: AuthorizationServer | undefined) {
  return servers.values().some((server) => server !== but && server.issuerUrl === issuerUrl);
}

function knownAlready(issuerUrl: string): Refusal {
  return refuse("409000", `There is already an authorization server with the issuer URL '${issuerUrl}'.`);
}
