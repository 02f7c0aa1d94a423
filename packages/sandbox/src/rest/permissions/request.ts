import type * as z from "zod";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import { type Capability, capabilities, type Grantee, type Mode, type Rule } from "./model.ts";

/** Grantees in one request, and capabilities of one of them. */
const mostGrantees = 1_000;
const mostCapabilities = 100;

const reference = element({ id: attribute });

const capabilitiesSchema = element({
  capability: repeated(element({ name: attribute, mode: attribute }), mostCapabilities),
});

const granteeSchema = element({
  user: reference.optional(),
  group: reference.optional(),
  groupSet: reference.optional(),
  capabilities: capabilitiesSchema,
});

type GranteeCapabilities = z.output<typeof granteeSchema>;

const named = element({ id: attribute.optional() }).optional();

const requestSchema = element({
  permissions: element({
    ...{ project: named, workbook: named, view: named, datasource: named, flow: named },
    ...{ virtualConnection: named, database: named, table: named },
    granteeCapabilities: repeated(granteeSchema, mostGrantees),
  }),
});

/** What the request is about, and what may be set on that. */
export type Target = { element: string; id: string; capabilities: readonly Capability[] };

/** Reads the rules of a request; every user, group and capability in it must be one that there is. */
export function readRules(content: unknown, site: Site, target: Target): Rule[] | Refusal {
  const request = read(requestSchema, content);
  if (isRefusal(request)) return request;
  const { granteeCapabilities: written, ...items } = request.permissions;
  // Clients may repeat what the path says, and nothing else.
  for (const [name, item] of Object.entries(items)) {
    if (item === undefined) continue;
    if (name !== target.element) return refuse("400042", `The request is about a ${target.element}, not a ${name}.`);
    if (item.id !== undefined && item.id.toLowerCase() !== target.id) {
      return refuse("404009", `The request names the ${name} '${item.id}', the path '${target.id}'.`);
    }
  }
  if (written.length === 0) return refuse("400000", "The request must hold granteeCapabilities.");
  const rules: Rule[] = [];
  for (const one of written) {
    const rule = readRule(one, site, target);
    if (isRefusal(rule)) return rule;
    rules.push(rule);
  }
  return rules;
}

function readRule(written: GranteeCapabilities, site: Site, target: Target): Rule | Refusal {
  const { user, group, groupSet } = written;
  const given = Object.entries({ users: user, groups: group, groupSets: groupSet });
  const [first, ...others] = given.flatMap(([kind, one]) => (one === undefined ? [] : [{ kind, id: one.id }]));
  if (first === undefined || others.length > 0) {
    return refuse("400000", "Each granteeCapabilities must hold one user, one group or one group set.");
  }
  const grantee = findGrantee(site, first.kind, first.id);
  if (isRefusal(grantee)) return grantee;
  const modes: Partial<Record<Capability, Mode>> = {};
  for (const { name, mode: writtenMode } of written.capabilities.capability) {
    const capability = readCapability(name, target);
    if (isRefusal(capability)) return capability;
    const mode = readMode(writtenMode);
    if (isRefusal(mode)) return mode;
    if (capability === "ProjectLeader" && mode === "Deny") return refuse("400009", "ProjectLeader can't be denied.");
    if (modes[capability] !== undefined && modes[capability] !== mode) return conflict(capability);
    modes[capability] = mode;
  }
  return { grantee, modes };
}

/** A capability that there is, and that the target has: two refusals (Tableau REST reference, "Add Permissions"). */
export function readCapability(name: string, { element, capabilities: allowed }: Target): Capability | Refusal {
  const capability = capabilities.find((one) => one === name);
  if (capability === undefined) return refuse("404013", `There is no capability '${name}'.`);
  if (!allowed.includes(capability)) return refuse("400009", `A ${element} has no capability '${name}'.`);
  return capability;
}

export function readMode(written: string): Mode | Refusal {
  const lower = written.toLowerCase();
  if (lower === "allow") return "Allow";
  return lower === "deny" ? "Deny" : refuse("404013", `A capability's mode is Allow or Deny, not '${written}'.`);
}

/** Who a path or a request names; `kind` as it stands in paths. */
export function findGrantee(site: Site, kind: string, written: string): Grantee | Refusal {
  const id = written.toLowerCase();
  if (kind === "users") {
    const user = site.users.get(id);
    return user === undefined ? refuse("404002", `There is no user '${written}'.`) : { kind: "user", user };
  }
  if (kind === "groups") {
    const group = site.groups.get(id);
    return group === undefined ? refuse("404012", `There is no group '${written}'.`) : { kind: "group", group };
  }
  const groupSet = site.groupSets.get(id);
  return groupSet === undefined
    ? refuse("404120", `There is no group set '${written}'.`)
    : { kind: "groupSet", groupSet };
}

/** Clients know that this is an error (PSTableauREST, "Add-TableauContentPermission"). inferred: its code */
export function conflict(capability: Capability): Refusal {
  return refuse("409000", `${capability} is set the other way round: delete that permission first.`);
}
