import { randomUUID } from "node:crypto";
import type * as z from "zod";
import { forgetFollowers } from "../../pulse/model.ts";
import { alone, draw } from "../../query/description.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { forgetGrantees } from "../permissions/forget.ts";
import { find, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import { readSiteRole } from "../users/roles.ts";
import { groups, isGroupNameTaken } from "./collection.ts";
import { membershipRoutes } from "./membership-routes.ts";
import type { Group } from "./model.ts";
import { groupResource } from "./resource.ts";

/** On a site. */
const mostGroups = 20_000;

const requestSchema = element({
  group: element({
    name: attribute.optional(),
    minimumSiteRole: attribute.optional(),
    grantLicenseMode: attribute.optional(),
    import: element({
      source: attribute.optional(),
      domainName: attribute.optional(),
      siteRole: attribute.optional(),
      grantLicenseMode: attribute.optional(),
    }).optional(),
  }),
});

type Written = z.output<typeof requestSchema>["group"];

export const groupRoutes: readonly Route[] = [
  listRoute(groups),
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/groups",
    body: "tsRequest",
    jwt: "tableau:groups:create",
    role: "siteAdministrator",
    handle: createGroup,
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/groups/{id}",
    body: "tsRequest",
    jwt: "tableau:groups:update",
    role: "siteAdministrator",
    handle: updateGroup,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/groups/{id}",
    body: "none",
    jwt: "tableau:groups:delete",
    role: "siteAdministrator",
    handle: deleteGroup,
  },
  ...membershipRoutes,
];

function createGroup({ session: { site }, world, content, scene }: SessionCall): Reply | Refusal {
  const request = read(requestSchema, content);
  if (isRefusal(request)) return request;
  const { name = "" } = request.group;
  if (name.trim() === "") return refuse("400003", "A group must have a name.");
  const licence = readLicence(request.group, undefined, world);
  if (isRefusal(licence)) return licence;
  if (isGroupNameTaken(site, name)) return nameTaken(name);
  if (site.groups.size >= mostGroups) return refuse("400003", `A site has at most ${mostGroups} groups here.`);
  const group: Group = { id: randomUUID(), name, holdsEveryone: false, members: new Set(), ...licence };
  site.groups.set(group.id, group);
  return created(
    draw(groupResource, group, scene, alone),
    `/api/${restApiVersion}/sites/${site.id}/groups/${group.id}`,
  );
}

/** `asJob` is for groups that come from Active Directory: a local group is changed at once. */
function updateGroup(call: SessionCall): Reply | Refusal {
  const group = find(groups, call);
  if (isRefusal(group)) return group;
  const request = read(requestSchema, call.content);
  if (isRefusal(request)) return request;
  const { name = group.name } = request.group;
  if (name.trim() === "") return refuse("400003", "A group must have a name.");
  const licence = readLicence(request.group, group, call.world);
  if (isRefusal(licence)) return licence;
  if (group.holdsEveryone && name !== group.name) return refuse("403004", `'${group.name}' can't be renamed.`);
  if (isGroupNameTaken(call.session.site, name, group)) return nameTaken(name);
  Object.assign(group, { name, ...licence });
  return answer(draw(groupResource, group, call.scene, alone));
}

type Licence = Pick<Group, "minimumSiteRole" | "grantLicenseMode">;

/** What a group's members are at least. `Unlicensed` grants nothing; without a mode it is granted on sign-in. */
function readLicence(written: Written, group: Group | undefined, world: SessionCall["world"]): Licence | Refusal {
  if (written.import !== undefined) return refuseImport(written.import);
  const role = written.minimumSiteRole;
  if (role === undefined) {
    return { minimumSiteRole: group?.minimumSiteRole, grantLicenseMode: group?.grantLicenseMode };
  }
  const minimumSiteRole = readSiteRole(role, world);
  if (isRefusal(minimumSiteRole)) return minimumSiteRole;
  if (minimumSiteRole === "Unlicensed") return { minimumSiteRole: undefined, grantLicenseMode: undefined };
  const mode = written.grantLicenseMode ?? "onLogin";
  if (mode !== "onLogin" && mode !== "onSync") return refuse("400000", "grantLicenseMode is onLogin or onSync.");
  return { minimumSiteRole, grantLicenseMode: mode };
}

/** There is no Active Directory behind the sandbox, as there is none behind Tableau Cloud. */
function refuseImport({ source, domainName, siteRole }: NonNullable<Written["import"]>): Refusal {
  if (source !== "ActiveDirectory" || domainName === undefined || siteRole === undefined) {
    return refuse("400019", "An import must have source=ActiveDirectory, a domainName and a siteRole.");
  }
  return refuse("403011", "Active Directory is not configured.");
}

function deleteGroup(call: SessionCall): Reply | Refusal {
  const group = find(groups, call);
  if (isRefusal(group)) return group;
  if (group.holdsEveryone) return refuse("403004", `'${group.name}' can't be deleted.`); // inferred: the code
  const { site } = call.session;
  for (const groupSet of site.groupSets.values()) groupSet.groups.delete(group);
  forgetGrantees(site, new Set([group]));
  forgetFollowers(site.pulse, new Set([group.id]));
  site.groups.delete(group.id);
  return done;
}

function nameTaken(name: string): Refusal {
  return refuse("409009", `There is already a group named '${name}'.`);
}
