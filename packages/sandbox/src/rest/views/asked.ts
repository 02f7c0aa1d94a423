import type { View } from "./model.ts";

/** What a client asks of a view's data beside the view itself: `vf_…` in the query. */
export type Asked = {
  /** Captions and the values that are wanted; no values clear the filter that the sheet has. */
  filters: ReadonlyMap<string, readonly string[]>;
  /** Captions of parameters, and their values. */
  parameters: ReadonlyMap<string, string>;
};

export const nothingAsked: Asked = { filters: new Map(), parameters: new Map() };

const filterPrefix = "vf_";
const parameterPrefix = "parameters.";

/** Reads `vf_Region=East,West` and `vf_Parameters.Top Customers=10` (Tableau REST reference, "Filter query views"). */
export function readAsked(query: URLSearchParams): Asked {
  const filters = new Map<string, readonly string[]>();
  const parameters = new Map<string, string>();
  for (const [key, written] of query) {
    if (!key.startsWith(filterPrefix)) continue;
    const name = key.slice(filterPrefix.length);
    if (name.toLowerCase().startsWith(parameterPrefix)) {
      parameters.set(name.slice(parameterPrefix.length), written);
    } else {
      // inferred: a filter that is given twice wants the values of both.
      filters.set(name, [...(filters.get(name) ?? []), ...splitValues(written)]);
    }
  }
  return { filters, parameters };
}

/** Commas part the values, and `\,` is a comma in one. Nothing is no value at all. */
export function splitValues(written: string): string[] {
  if (written === "") return [];
  const values = [""];
  for (const [part] of written.matchAll(/\\,|,|[^\\,]+|\\/g)) {
    if (part === ",") values.push("");
    else values[values.length - 1] += part === "\\," ? "," : part;
  }
  return values;
}

/** What a custom view is saved with, and over it what is asked now. */
export function over(saved: Asked, asked: Asked): Asked {
  return {
    filters: new Map([...saved.filters, ...asked.filters]),
    parameters: new Map([...saved.parameters, ...asked.parameters]),
  };
}

/** Filters as people read them below a title, e.g. `Region: East, West`. */
export function inWords({ filters, parameters }: Asked): string {
  const written = [...filters]
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name}: ${values.join(", ")}`);
  return [...written, ...[...parameters].map(([name, value]) => `${name} = ${value}`)].join("   ·   ");
}

/** The same text for what asks for the same. */
export function keyOf(view: View, { filters, parameters }: Asked): string {
  return JSON.stringify([view.id, view.name, view.updatedAt, [...filters].toSorted(), [...parameters].toSorted()]);
}
