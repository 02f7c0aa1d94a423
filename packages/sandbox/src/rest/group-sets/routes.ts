import { randomUUID } from "node:crypto";
import { alone, draw } from "../../query/description.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import type { Group } from "../groups/model.ts";
import { forgetGrantees } from "../permissions/forget.ts";
import { type Collection, find, itemRoute, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import type { GroupSet } from "./model.ts";
import { groupSetResource } from "./resource.ts";

const groupSets: Collection<GroupSet> = {
  path: "groupsets",
  listed: groupSetResource,
  items: (site) => site.groupSets,
  scope: "tableau:groupsets:read",
  role: "anyone",
  notFound: "404120",
};

/** On a site. */
const mostGroupSets = 5_000;

const requestSchema = element({ groupSet: element({ name: attribute.optional() }) });

const membershipTemplate = "/sites/{siteId}/groupsets/{id}/groups/{groupId}";

/** `resultlevel` is taken and changes nothing: everybody who may call sees each set with its groups. */
export const groupSetRoutes: readonly Route[] = [
  listRoute(groupSets),
  itemRoute(groupSets),
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/groupsets",
    body: "tsRequest",
    jwt: "tableau:groupsets:create",
    role: "siteAdministrator",
    handle: createGroupSet,
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/groupsets/{id}",
    body: "tsRequest",
    jwt: "tableau:groupsets:update",
    role: "siteAdministrator",
    handle: renameGroupSet,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/groupsets/{id}",
    body: "none",
    jwt: "tableau:groupsets:delete",
    role: "siteAdministrator",
    handle: deleteGroupSet,
  },
  {
    kind: "session",
    method: "PUT",
    template: membershipTemplate,
    body: "tsRequest",
    jwt: "tableau:groupsets:update",
    role: "siteAdministrator",
    handle: (call) => changeGroups(call, (groupSet, group) => groupSet.groups.add(group)),
  },
  {
    kind: "session",
    method: "DELETE",
    template: membershipTemplate,
    body: "none",
    jwt: "tableau:groupsets:delete",
    role: "siteAdministrator",
    handle: (call) => changeGroups(call, (groupSet, group) => groupSet.groups.delete(group)),
  },
];

function createGroupSet({ session: { site }, content, scene }: SessionCall): Reply | Refusal {
  const name = readName(site, content);
  if (isRefusal(name)) return name;
  if (site.groupSets.size >= mostGroupSets) {
    return refuse("400003", `A site has at most ${mostGroupSets} group sets here.`);
  }
  const groupSet: GroupSet = { id: randomUUID(), name, groups: new Set() };
  site.groupSets.set(groupSet.id, groupSet);
  return created(
    draw(groupSetResource, groupSet, scene, alone),
    `/api/${restApiVersion}/sites/${site.id}/groupsets/${groupSet.id}`,
  );
}

function renameGroupSet(call: SessionCall): Reply | Refusal {
  const groupSet = find(groupSets, call);
  if (isRefusal(groupSet)) return groupSet;
  const name = readName(call.session.site, call.content, groupSet);
  if (isRefusal(name)) return name;
  groupSet.name = name;
  return answer(draw(groupSetResource, groupSet, call.scene, alone));
}

function deleteGroupSet(call: SessionCall): Reply | Refusal {
  const groupSet = find(groupSets, call);
  if (isRefusal(groupSet)) return groupSet;
  const { site } = call.session;
  forgetGrantees(site, new Set([groupSet]));
  site.groupSets.delete(groupSet.id);
  return done;
}

/** Adding what is there or removing what is not there changes nothing. inferred: 204 */
function changeGroups(call: SessionCall, change: (groupSet: GroupSet, group: Group) => void): Reply | Refusal {
  const groupSet = find(groupSets, call);
  if (isRefusal(groupSet)) return groupSet;
  const id = call.parameters.groupId ?? "";
  const group = call.session.site.groups.get(id.toLowerCase());
  if (group === undefined) return refuse("404012", `There is no group '${id}'.`);
  change(groupSet, group);
  return done;
}

function readName(site: Site, content: unknown, except?: GroupSet): string | Refusal {
  const request = read(requestSchema, content);
  if (isRefusal(request)) return request;
  const { name = "" } = request.groupSet;
  if (name.trim() === "") return refuse("400003", "A group set must have a name.");
  const wanted = name.toLowerCase();
  const isTaken = site.groupSets.values().some((one) => one !== except && one.name.toLowerCase() === wanted);
  return isTaken ? refuse("409120", `There is already a group set named '${name}'.`) : name;
}
