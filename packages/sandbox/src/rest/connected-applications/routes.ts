import { randomUUID } from "node:crypto";
import { draw, inLists } from "../../query/description.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import type { Route, SessionCall } from "../route.ts";
import { authorizationServerRoutes } from "./authorization-servers.ts";
import type { ConnectedApp } from "./model.ts";
import { readApp } from "./request.ts";
import { connectedAppResource, drawSecret } from "./resource.ts";
import { newSecret, secretsProblem } from "./secrets.ts";

/** More than these on a site can't be made (inferred). */
const mostApps = 200;

/** The path since API 3.17, and the one before, which public clients still use (Tableau REST reference). */
const paths = ["connected-apps/direct-trust", "connected-applications"] as const;

export const connectedAppRoutes: readonly Route[] = [...paths.flatMap(directTrustRoutes), ...authorizationServerRoutes];

function directTrustRoutes(path: (typeof paths)[number]): Route[] {
  const all = `/sites/{siteId}/${path}`;
  const one = `${all}/{clientId}`;
  const secrets = `${one}/secrets`;
  const shared = { kind: "session", body: "none", role: "siteAdministrator" } as const;
  const scope = "tableau:connected_apps_direct_trust";
  return [
    { ...shared, method: "GET", template: all, jwt: `${scope}:read`, handle: listApps },
    { ...shared, method: "POST", template: all, body: "tsRequest", jwt: `${scope}:create`, handle: createApp },
    { ...shared, method: "GET", template: one, jwt: `${scope}:read`, handle: withApp(showApp) },
    { ...shared, method: "PUT", template: one, body: "tsRequest", jwt: `${scope}:update`, handle: withApp(updateApp) },
    { ...shared, method: "DELETE", template: one, jwt: `${scope}:delete`, handle: withApp(deleteApp) },
    { ...shared, method: "POST", template: secrets, jwt: `${scope}:create`, handle: withApp(createSecret) },
    { ...shared, method: "GET", template: `${secrets}/{secretId}`, jwt: `${scope}:read`, handle: withApp(showSecret) },
    {
      ...shared,
      method: "DELETE",
      template: `${secrets}/{secretId}`,
      jwt: "tableau:connected_app_direct_trust_secrets:delete",
      handle: withApp(deleteSecret),
    },
  ];
}

type WithApp = (app: ConnectedApp, call: SessionCall) => Reply | Refusal;

function withApp(handle: WithApp): (call: SessionCall) => Reply | Refusal {
  return (call) => {
    const clientId = call.parameters.clientId ?? "";
    const app = call.session.site.connectedApps.get(clientId.toLowerCase());
    return app === undefined ? refuse("404040", `There is no connected app '${clientId}'. (126)`) : handle(app, call);
  };
}

function listApps({ session, scene }: SessionCall): Reply {
  const apps = Array.from(session.site.connectedApps.values(), (app) =>
    draw(connectedAppResource, app, scene, inLists),
  );
  return answer(list("connectedApplications", "connectedApplication", apps));
}

function showApp(app: ConnectedApp, { scene }: SessionCall): Reply {
  return answer(draw(connectedAppResource, app, scene, inLists));
}

function createApp({ session: { site }, content, scene }: SessionCall): Reply | Refusal {
  const sent = readApp(site, content);
  if (isRefusal(sent)) return sent;
  if (sent.name === undefined) return refuse("400003", "A connected app must have a name.");
  if (site.connectedApps.size >= mostApps) return refuse("400003", `There can be ${mostApps} connected apps at most.`);
  const { name, ...given } = sent;
  const app: ConnectedApp = {
    clientId: randomUUID(),
    name,
    enabled: false, // inferred: an app is switched on once it is set up
    createdAt: scene.now,
    projectIds: [],
    domainSafelist: "",
    unrestrictedEmbedding: true,
    secrets: [],
    ...given,
  };
  site.connectedApps.set(app.clientId, app);
  return created(draw(connectedAppResource, app, scene, inLists));
}

function updateApp(app: ConnectedApp, { session, content, scene }: SessionCall): Reply | Refusal {
  const sent = readApp(session.site, content);
  if (isRefusal(sent)) return sent;
  Object.assign(app, sent);
  return answer(draw(connectedAppResource, app, scene, inLists));
}

function deleteApp(app: ConnectedApp, { session }: SessionCall): Reply {
  session.site.connectedApps.delete(app.clientId);
  return done;
}

function createSecret(app: ConnectedApp, { scene }: SessionCall): Reply | Refusal {
  const problem = secretsProblem(app);
  if (problem !== undefined) return problem;
  const secret = newSecret(scene.now);
  app.secrets.push(secret);
  return created(drawSecret("connectedApplicationSecret", secret, "shown"));
}

function showSecret(app: ConnectedApp, { parameters }: SessionCall): Reply | Refusal {
  const secret = app.secrets.find(({ id }) => id === parameters.secretId?.toLowerCase());
  return secret === undefined
    ? unknownSecret(parameters.secretId)
    : answer(drawSecret("connectedApplicationSecret", secret, "shown"));
}

function deleteSecret(app: ConnectedApp, { parameters }: SessionCall): Reply | Refusal {
  const index = app.secrets.findIndex(({ id }) => id === parameters.secretId?.toLowerCase());
  if (index === -1) return unknownSecret(parameters.secretId);
  app.secrets.splice(index, 1);
  return done;
}

function unknownSecret(id = ""): Refusal {
  return refuse("404040", `The connected app has no secret '${id}'. (127)`);
}
