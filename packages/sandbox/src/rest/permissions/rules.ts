import type { GroupSet } from "../group-sets/model.ts";
import type { Group } from "../groups/model.ts";
import type { User } from "../users/model.ts";
import { type Capability, capabilities, type Grantee, type Mode, type Rule, type Rules } from "./model.ts";

/** Who a rule is for. */
export function granteeOf(grantee: Grantee): User | Group | GroupSet {
  switch (grantee.kind) {
    case "user":
      return grantee.user;
    case "group":
      return grantee.group;
    case "groupSet":
      return grantee.groupSet;
  }
}

/** Adds what each rule says to what its grantee has; a capability that is set the other way round is a conflict. */
export function addRules(rules: Rules, added: readonly Rule[]): Rules | { conflict: Capability } {
  const merged = [...rules];
  for (const { grantee, modes } of added) {
    const at = merged.findIndex((rule) => isSame(rule.grantee, grantee));
    const had = merged[at]?.modes ?? {};
    const conflict = namesOf(modes).find((name) => had[name] !== undefined && had[name] !== modes[name]);
    if (conflict !== undefined) return { conflict };
    if (namesOf(modes).length === 0) continue;
    const rule = { grantee, modes: { ...had, ...modes } };
    if (at === -1) merged.push(rule);
    else merged[at] = rule;
  }
  return merged;
}

/** Takes one capability from a grantee; undefined when it is not set so. */
export function removeMode(rules: Rules, grantee: Grantee, name: string, mode: Mode): Rules | undefined {
  const rule = rules.find((one) => isSame(one.grantee, grantee));
  const capability = rule === undefined ? undefined : namesOf(rule.modes).find((one) => one === name);
  if (rule === undefined || capability === undefined || rule.modes[capability] !== mode) return undefined;
  const { [capability]: _, ...modes } = rule.modes;
  if (namesOf(modes).length === 0) return rules.filter((one) => one !== rule);
  return rules.map((one) => (one === rule ? { grantee: rule.grantee, modes } : one));
}

export function isSame(one: Grantee, other: Grantee): boolean {
  return granteeOf(one) === granteeOf(other);
}

/** The capabilities that a rule sets */
export function namesOf(modes: Rule["modes"]): Capability[] {
  return capabilities.filter((name) => modes[name] !== undefined);
}
