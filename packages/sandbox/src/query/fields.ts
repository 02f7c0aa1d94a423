import { type Refusal, refuse } from "../wire/refusals.ts";
import { knows, type Resource, type Selection } from "./description.ts";

/**
 * Reads `fields=`: names, dotted names of children, `_default_` and `_all_`; nothing written means the defaults. The
 * resource's own name may stand before its fields, as in `workbook.name` (TSC's names of fields).
 */
export function parseFields<Item>(
  written: string | null,
  resource: Resource<Item>,
  otherwise: Selection,
): Selection | Refusal {
  const names = (written ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) return otherwise;
  const selected = new Set<string>();
  let defaults: Selection["defaults"] = "none";
  for (const name of names) {
    const own = withoutOwnName(name, resource);
    const path = resource.fieldNames?.[own] ?? own;
    if (path === "_all_") defaults = "all";
    else if (path === "_default_") defaults = defaults === "all" ? "all" : otherwise.defaults;
    else if (knows(resource, path)) selected.add(path);
    // Released TSC asks for "_default_" letter by letter; inferred: Tableau lets that pass.
    else if (path.length > 1) return refuse("400065", `The field '${name}' is not supported.`);
  }
  return { defaults, names: selected };
}

function withoutOwnName<Item>(name: string, { element, alias = element, children = [] }: Resource<Item>): string {
  const own = [element, alias].find((prefix) => name.startsWith(`${prefix}.`));
  return own === undefined || children.some((child) => child.name === own) ? name : name.slice(own.length + 1);
}
