import { type Refusal, refuse } from "../wire/refusals.ts";
import { knows, type Resource, type Selection } from "./description.ts";

/** Reads `fields=`: names, dotted names of children, `_default_` and `_all_`; nothing written means the defaults. */
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
    if (name === "_all_") defaults = "all";
    else if (name === "_default_") defaults = defaults === "all" ? "all" : otherwise.defaults;
    else if (knows(resource, name)) selected.add(name);
    else return refuse("400065", `Unsupported field: '${name}'`);
  }
  return { defaults, names: selected };
}
