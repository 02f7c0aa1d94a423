import { detail, type Resource, type Scene } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { type Element, record } from "../../wire/element.ts";
import type { Group } from "./model.ts";

/** Groups are local here: there is no Active Directory. */
const domain = "local";

export const groupResource: Resource<Group> = {
  element: "group",
  plural: "groups",
  fieldNames: { domainName: "domain.name" },
  attributes: [
    { name: "id", type: "luid", from: (group) => group.id },
    { name: "name", type: "string", from: (group) => group.name, filter: ["eq", "in", "cieq"], sort: true },
    {
      name: "minimumSiteRole",
      type: "string",
      from: (group) => group.minimumSiteRole,
      filter: equality,
      sort: true,
    },
    { name: "userCount", type: "integer", from: countMembers, show: "asked", filter: ordered, sort: true },
    { name: "luid", type: "luid", from: (group) => group.id, show: "never", filter: equality },
    { name: "domainName", type: "string", from: () => domain, show: "never", filter: equality, sort: true },
    { name: "domainNickname", type: "string", from: () => domain, show: "never", filter: equality, sort: true },
    { name: "isLocal", type: "boolean", from: () => true, show: "never", filter: exactly, sort: true },
    { name: "isExternalUserEnabled", type: "boolean", from: () => false, show: "never", filter: exactly },
  ],
  children: [
    detail("domain", () => record("domain", { name: domain }), "list", ["name"]),
    detail("import", importElement),
  ],
};

function countMembers(group: Group, { site }: Scene): number {
  return group.holdsEveryone ? site.users.size : group.members.size;
}

/**
 * Where clients read a group's minimum site role, also that of a local group (TSC's fixtures). Tableau's schema knows
 * no other `source`; that the group is local is what `domainName` says.
 */
function importElement({ minimumSiteRole, grantLicenseMode }: Group): Element | undefined {
  if (minimumSiteRole === undefined || grantLicenseMode === undefined) return undefined;
  return record("import", {
    source: "ActiveDirectory",
    domainName: domain,
    siteRole: minimumSiteRole,
    grantLicenseMode,
  });
}
