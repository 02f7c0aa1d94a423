import type { Site } from "../../site/site.ts";
import type { GroupSet } from "../group-sets/model.ts";
import type { Group } from "../groups/model.ts";
import type { User } from "../users/model.ts";
import { itemsOfKind } from "./content.ts";
import { defaultKinds, type Permissioned, type Rules } from "./model.ts";
import { granteeOf } from "./rules.ts";

/** Takes the rules for those who are deleted from everything; arrays that are shared stay shared. */
export function forgetGrantees(site: Site, gone: ReadonlySet<User | Group | GroupSet>): void {
  const cleaned = new Map<Rules, Rules>();
  const clean = (rules: Rules): Rules => {
    let left = cleaned.get(rules);
    if (left === undefined) {
      left = rules.some(({ grantee }) => gone.has(granteeOf(grantee)))
        ? rules.filter(({ grantee }) => !gone.has(granteeOf(grantee)))
        : rules;
      cleaned.set(rules, left);
    }
    return left;
  };
  for (const project of site.projects.values()) {
    project.permissions = clean(project.permissions);
    const defaults = { ...project.defaultPermissions };
    for (const kind of defaultKinds) defaults[kind] = clean(defaults[kind]);
    project.defaultPermissions = defaults;
  }
  for (const item of withOwnRules(site)) if (item.permissions !== undefined) item.permissions = clean(item.permissions);
  for (const database of site.catalog.databases.values()) {
    if (database.tablePermissions !== undefined) database.tablePermissions = clean(database.tablePermissions);
  }
}

function* withOwnRules(site: Site): Generator<Permissioned> {
  for (const kind of defaultKinds) yield* itemsOfKind(site, kind);
  yield* site.views.values();
}
