import { draw, inLists } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import { find } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";
import { userResource } from "../users/resource.ts";
import { groups } from "./collection.ts";
import { isMember } from "./model.ts";

/** Users in one request. */
const mostUsers = 10_000;

const reference = element({ id: attribute });

/** One user, or since API 3.21 several in a list. */
const requestSchema = element({
  user: reference.optional(),
  users: element({ user: repeated(reference, mostUsers) }).optional(),
});

const scopes = { read: "tableau:groups:read", update: "tableau:groups:update" } as const;

export const membershipRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/groups/{id}/users",
    body: "none",
    jwt: scopes.read,
    role: "siteAdministrator",
    handle: listMembers,
  },
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/groups/{id}/users",
    body: "tsRequest",
    jwt: scopes.update,
    role: "siteAdministrator",
    handle: addMembers,
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/groups/{id}/users/remove",
    body: "tsRequest",
    jwt: scopes.update,
    role: "siteAdministrator",
    handle: removeMembers,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/groups/{id}/users/{userId}",
    body: "none",
    jwt: scopes.update,
    role: "siteAdministrator",
    handle: removeMember,
  },
];

function listMembers(call: SessionCall): Reply | Refusal {
  const group = find(groups, call);
  if (isRefusal(group)) return group;
  const members = group.holdsEveryone ? call.session.site.users.values() : group.members;
  const elements = drawPage(userResource, members, call.query, call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

/** One user who is a member already is a conflict; among several, such users are passed over. */
function addMembers(call: SessionCall): Reply | Refusal {
  const group = find(groups, call);
  if (isRefusal(group)) return group;
  const named = readUsers(call);
  if (isRefusal(named)) return named;
  const { users, isList } = named;
  const [first] = users;
  if (!isList && first !== undefined && isMember(first, group)) {
    return refuse("409011", `'${first.name}' is already in '${group.name}'.`);
  }
  const added = users.filter((user) => !isMember(user, group));
  for (const user of added) group.members.add(user);
  if (!isList && first !== undefined) return answer(draw(userResource, first, call.scene, inLists));
  const elements = drawPage(userResource, added, new URLSearchParams({ pageSize: "1000" }), call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

function removeMembers(call: SessionCall): Reply | Refusal {
  const group = find(groups, call);
  if (isRefusal(group)) return group;
  if (group.holdsEveryone) return refuse("400032", `Nobody can be taken from '${group.name}'.`);
  const named = readUsers(call);
  if (isRefusal(named)) return named;
  for (const user of named.users) group.members.delete(user);
  return done;
}

function removeMember(call: SessionCall): Reply | Refusal {
  const group = find(groups, call);
  if (isRefusal(group)) return group;
  if (group.holdsEveryone) return refuse("400032", `Nobody can be taken from '${group.name}'.`);
  const user = findUser(call.session.site, call.parameters.userId ?? "");
  if (isRefusal(user)) return user;
  if (group.members.delete(user)) return done;
  return refuse("404002", `'${user.name}' is not in '${group.name}'.`);
}

function readUsers({ content, session }: SessionCall): { users: User[]; isList: boolean } | Refusal {
  const request = read(requestSchema, content);
  if (isRefusal(request)) return request;
  const named = request.users?.user ?? (request.user === undefined ? [] : [request.user]);
  if (named.length === 0) return refuse("400000", "The request must name a user.");
  const users: User[] = [];
  for (const { id } of named) {
    const user = findUser(session.site, id);
    if (isRefusal(user)) return user;
    users.push(user);
  }
  return { users, isList: request.users !== undefined };
}

function findUser(site: Site, id: string): User | Refusal {
  return site.users.get(id.toLowerCase()) ?? refuse("404002", `There is no user '${id}'.`);
}
