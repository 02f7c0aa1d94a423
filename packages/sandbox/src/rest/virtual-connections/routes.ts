import { alone, draw } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import { may, readerOf } from "../permissions/effective.ts";
import type { Capability } from "../permissions/model.ts";
import { permissionRoutes } from "../permissions/routes.ts";
import { moveTo, ownerAsked, projectAsked } from "../publishing/move.ts";
import { longestName, namedIn } from "../publishing/names.ts";
import { type Collection, find, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { tagRoutes } from "../tags.ts";
import type { SourceConnection, VirtualConnection } from "./model.ts";
import { publishVirtualConnection } from "./publish.ts";
import { revisionResource, sourceConnectionElement, virtualConnectionResource, withContent } from "./resource.ts";

export const virtualConnections: Collection<VirtualConnection> = {
  path: "virtualConnections",
  listed: virtualConnectionResource,
  items: (site) => site.virtualConnections,
  scope: "tableau:virtual_connections:read",
  role: "anyone",
  notFound: "404037",
  visibleTo: readerOf,
};

const updateSchema = element({
  virtualConnection: element({
    name: attribute.optional(),
    isCertified: flag.optional(),
    certificationNote: attribute.optional(),
    project: element({ id: attribute.optional() }).optional(),
    owner: element({ id: attribute.optional() }).optional(),
  }),
});

const connectionSchema = element({
  connection: element({
    serverAddress: attribute.optional(),
    serverPort: attribute.optional(),
    userName: attribute.optional(),
    password: attribute.optional(),
  }),
});

const all = "/sites/{siteId}/virtualConnections";
const one = `${all}/{id}`;
const reading = { kind: "session", method: "GET", body: "none", role: "anyone" } as const;
const jwt = "tableau:virtual_connections:read";
const changing = { kind: "session", method: "PUT", body: "tsRequest", role: "explorer" } as const;

export const virtualConnectionRoutes: readonly Route[] = [
  listRoute(virtualConnections),
  ...tagRoutes(virtualConnections, "virtual_connection"),
  ...permissionRoutes(virtualConnections),
  { ...reading, template: one, jwt, handle: show },
  { ...reading, template: `${one}/connections`, jwt, handle: listConnections },
  { ...reading, template: `${one}/revisions`, jwt, handle: listRevisions },
  { ...reading, template: `${one}/revisions/{number}`, jwt, handle: showRevision },
  { ...changing, template: one, jwt: "tableau:virtual_connections:update", handle: update },
  // Both addresses are in use: TSC's and the reference's, and the Postman collection's.
  {
    ...changing,
    template: `${one}/connections/{connectionId}/modify`,
    jwt: "tableau:virtualconnectionconnections:update",
    handle: updateConnection,
  },
  {
    ...changing,
    template: `${one}/connections/{connectionId}`,
    jwt: "tableau:virtualconnectionconnections:update",
    handle: updateConnection,
  },
  {
    ...changing,
    method: "POST",
    template: all,
    jwt: "tableau:virtual_connections:create",
    handle: publishVirtualConnection,
  },
  {
    kind: "session",
    method: "DELETE",
    template: one,
    body: "none",
    jwt: "tableau:virtual_connections:delete",
    role: "explorer",
    handle: remove,
  },
];

function show(call: SessionCall): Reply | Refusal {
  const found = find(virtualConnections, call);
  if (isRefusal(found)) return found;
  const { content = "{}" } = found.revisions.at(-1) ?? {};
  return answer(draw(withContent(content), found, call.scene, alone));
}

function listConnections(call: SessionCall): Reply | Refusal {
  const found = find(virtualConnections, call);
  return isRefusal(found) ? found : answer(connectionsElement(found.connections));
}

function listRevisions(call: SessionCall): Reply | Refusal {
  const found = find(virtualConnections, call);
  if (isRefusal(found)) return found;
  const current = found.revisions.at(-1);
  const listed = found.revisions.map((revision) => ({ ...revision, isCurrent: revision === current }));
  const elements = drawPage(revisionResource, listed, call.query, call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

function showRevision(call: SessionCall): Reply | Refusal {
  const found = find(virtualConnections, call);
  if (isRefusal(found)) return found;
  const revision = found.revisions.find(({ number }) => String(number) === call.parameters.number);
  if (revision === undefined) return refuse("404024", `There is no revision '${call.parameters.number}'.`);
  return answer(draw(withContent(revision.content), found, call.scene, alone));
}

function update(call: SessionCall): Reply | Refusal {
  const found = findFor(call, "Write");
  if (isRefusal(found)) return found;
  const request = read(updateSchema, call.content);
  if (isRefusal(request)) return request;
  const said = request.virtualConnection;
  const { isCertified, certificationNote } = said;
  const project = projectAsked(call, found, said.project?.id);
  if (isRefusal(project)) return project;
  const owner = ownerAsked(call, found, said.owner?.id);
  if (isRefusal(owner)) return owner;
  const name = said.name?.trim() ?? found.name;
  if (name === "" || name.length > longestName) return refuse("400003", "A virtual connection can't be named so.");
  const taken = namedIn(call.session.site.virtualConnections, project, name);
  if (taken !== undefined && taken !== found) return refuse("409000", `The name '${name}' is taken in this project.`);
  moveTo(found, project);
  found.name = name;
  found.owner = owner;
  found.isCertified = isCertified ?? found.isCertified;
  found.certificationNote = certificationNote ?? found.certificationNote;
  found.updatedAt = call.scene.now;
  return answer(draw(virtualConnectionResource, found, call.scene, alone));
}

/** A password is taken and not kept. */
function updateConnection(call: SessionCall): Reply | Refusal {
  const found = findFor(call, "Write");
  if (isRefusal(found)) return found;
  const id = call.parameters.connectionId ?? "";
  const connection = found.connections.find((known) => known.id === id.toLowerCase());
  if (connection === undefined) return refuse("404020", `There is no connection '${id}'.`);
  const request = read(connectionSchema, call.content);
  if (isRefusal(request)) return request;
  const { serverAddress, serverPort, userName } = request.connection;
  if (serverPort !== undefined && !/^\d{0,5}$/.test(serverPort)) return refuse("400003", "The port must be a number.");
  connection.server = serverAddress ?? connection.server;
  if (serverPort !== undefined) connection.port = serverPort === "" ? undefined : Number(serverPort);
  connection.userName = userName ?? connection.userName;
  found.updatedAt = call.scene.now;
  return answer(connectionsElement([connection]));
}

function remove(call: SessionCall): Reply | Refusal {
  const found = findFor(call, "Delete");
  if (isRefusal(found)) return found;
  call.session.site.virtualConnections.delete(found.id);
  return done;
}

function findFor(call: SessionCall, capability: Capability): VirtualConnection | Refusal {
  const found = find(virtualConnections, call);
  if (isRefusal(found) || may(call.session.user, capability, found)) return found;
  return refuse("403004", `${call.session.user.name} may not change the virtual connection '${found.name}'.`);
}

function connectionsElement(connections: readonly SourceConnection[]) {
  return list("virtualConnectionConnections", "connection", connections.map(sourceConnectionElement));
}
