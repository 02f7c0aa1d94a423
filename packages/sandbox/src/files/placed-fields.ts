import type { PlacedField } from "./contents.ts";
import { bare } from "./source-reader.ts";

/** How a reference to a field begins when no `column-instance` explains it, e.g. `[sum:Sales:qk]`. */
const derivations: ReadonlyMap<string, string> = new Map([
  ["attr", "Attribute"],
  ["avg", "Avg"],
  ["cnt", "Count"],
  ["ctd", "CountD"],
  ["dy", "Day"],
  ["max", "Max"],
  ["med", "Median"],
  ["min", "Min"],
  ["mn", "Month"],
  ["none", "None"],
  ["qr", "Quarter"],
  ["std", "Stdev"],
  ["sum", "Sum"],
  ["tdy", "Day-Trunc"],
  ["tmn", "Month-Trunc"],
  ["tqr", "Quarter-Trunc"],
  ["twk", "Week-Trunc"],
  ["tyr", "Year-Trunc"],
  ["usr", "User"],
  ["var", "Var"],
  ["wk", "Week"],
  ["yr", "Year"],
]);

/** What a worksheet says of the fields that it uses: instances by `source instance`, captions by `source column`. */
export type Dictionary = {
  instances: ReadonlyMap<string, { column: string; derivation: string }>;
  captions: ReadonlyMap<string, string>;
};

export function keyOf(source: string, name: string): string {
  return `${source}\n${name}`;
}

/** The fields that a shelf names, e.g. `([Orders].[none:Category:nk] / [Orders].[sum:Sales:qk])`, in their order. */
export function placedFields(written: string, dictionary: Dictionary): PlacedField[] {
  const fields: PlacedField[] = [];
  for (let at = written.indexOf("["); at !== -1; at = written.indexOf("[", at)) {
    const end = endOfName(written, at);
    if (end === -1) break; // a bracket that does not close holds all that follows
    const second = written.startsWith(".[", end) ? endOfName(written, end + 1) : -1;
    if (second !== -1) {
      fields.push(placed(bare(written.slice(at, end)), bare(written.slice(end + 1, second)), dictionary));
    }
    at = Math.max(end, second);
  }
  return fields;
}

/**
 * Where the name in brackets that begins at `start` is over, or -1; a bracket within a name is written twice. Not a
 * regular expression, which would look for the end anew from each of many brackets that never close.
 */
function endOfName(written: string, start: number): number {
  let at = written.indexOf("]", start);
  while (at !== -1 && written[at + 1] === "]") at = written.indexOf("]", at + 2);
  return at === -1 ? -1 : at + 1;
}

/** The one field of an encoding, a filter or a sort. */
export function placedField(written: string | undefined, dictionary: Dictionary): PlacedField | undefined {
  return placedFields(written ?? "", dictionary)[0];
}

function placed(source: string, name: string, { instances, captions }: Dictionary): PlacedField {
  const instance = instances.get(keyOf(source, name)) ?? parsed(name);
  return { caption: captions.get(keyOf(source, instance.column)) ?? instance.column, derivation: instance.derivation };
}

function parsed(name: string): { column: string; derivation: string } {
  if (name === ":Measure Names") return { column: "Measure Names", derivation: "None" };
  if (name === "Multiple Values") return { column: "Measure Values", derivation: "None" };
  const [, prefix = "", column = name] = /^([a-z]+):(.+?)(?::[a-z]k(?::\d+)?)?$/.exec(name) ?? [];
  const derivation = derivations.get(prefix);
  return derivation === undefined ? { column: name, derivation: "None" } : { column, derivation };
}
