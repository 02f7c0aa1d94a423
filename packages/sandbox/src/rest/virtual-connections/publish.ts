import { randomUUID } from "node:crypto";
import { alone, draw } from "../../query/description.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, type Reply } from "../../wire/reply.ts";
import { attribute, element, longAttribute, read } from "../../wire/request-schema.ts";
import { may } from "../permissions/effective.ts";
import type { Project } from "../projects/model.ts";
import { longestName, namedIn, nextNumber } from "../publishing/names.ts";
import type { SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import type { User } from "../users/model.ts";
import type { VirtualConnection } from "./model.ts";
import { withContent } from "./resource.ts";

/** Virtual connections of one site, revisions of one of them, and characters of one revision. */
const mostConnections = 10_000;
const mostRevisions = 25;
const longestContent = 1_000_000;

const publishSchema = element({
  virtualConnection: element({
    name: attribute.optional(),
    project: element({ id: attribute.optional() }).optional(),
    owner: element({ id: attribute.optional() }).optional(),
    content: longAttribute(longestContent).optional(),
  }),
});

/** Publishes a virtual connection, or with `overwrite=true` a new revision of the one of that name in the project. */
export function publishVirtualConnection(call: SessionCall): Reply | Refusal {
  const request = read(publishSchema, call.content);
  if (isRefusal(request)) return request;
  const { site, user } = call.session;
  const { project, owner, content = "" } = request.virtualConnection;
  const name = request.virtualConnection.name?.trim() ?? "";
  if (name === "" || name.length > longestName) return refuse("400003", "A virtual connection can't be named so.");
  if (!isJson(content)) return refuse("400003", "The content must be JSON.");
  const target = site.projects.get(project?.id?.toLowerCase() ?? "");
  if (target === undefined) return refuse("404005", `There is no project '${project?.id ?? ""}'.`);
  if (!may(user, "Write", target)) return refuse("403004", `${user.name} may not publish to '${target.name}'.`);
  const ownerId = owner?.id?.toLowerCase();
  const newOwner = ownerId === undefined ? user : site.users.get(ownerId);
  if (newOwner === undefined) return refuse("404002", `There is no user '${owner?.id}'.`);
  const taken = namedIn(site.virtualConnections, target, name);
  if (taken === undefined) return publishNew(call, { name, project: target, owner: newOwner, content });
  if (call.query.get("overwrite")?.toLowerCase() !== "true") {
    return refuse("409000", `There is already a virtual connection '${name}' in this project.`);
  }
  if (!may(user, "Write", taken)) return refuse("403004", `${user.name} may not overwrite '${name}'.`);
  addRevision(taken, content, call);
  return answer(draw(withContent(content), taken, call.scene, alone));
}

type Published = { name: string; project: Project; owner: User; content: string };

function publishNew(call: SessionCall, { name, project, owner, content }: Published): Reply | Refusal {
  const { site } = call.session;
  if (site.virtualConnections.size >= mostConnections) return refuse("400003", "There are too many of them.");
  const { now } = call.scene;
  const made: VirtualConnection = {
    id: randomUUID(),
    number: nextNumber(site.virtualConnections),
    name,
    description: "",
    project,
    owner,
    tags: [],
    hasExtracts: false,
    isCertified: false,
    certificationNote: "",
    connections: [],
    tables: [],
    revisions: [],
    createdAt: now,
    updatedAt: now,
  };
  addRevision(made, content, call);
  site.virtualConnections.set(made.id, made);
  const address = `/api/${restApiVersion}/sites/${site.id}/virtualConnections/${made.id}`;
  return created(draw(withContent(content), made, call.scene, alone), address);
}

function addRevision(connection: VirtualConnection, content: string, { session, scene }: SessionCall): void {
  const number = 1 + (connection.revisions.at(-1)?.number ?? 0);
  connection.revisions.push({ number, publishedAt: scene.now, publisher: session.user, content });
  if (connection.revisions.length > mostRevisions) connection.revisions.shift();
  connection.updatedAt = scene.now;
}

function isJson(written: string): boolean {
  try {
    return typeof JSON.parse(written) === "object";
  } catch {
    return false;
  }
}
