import { typeOfAggregate } from "../data/aggregation.ts";
import { aggregations } from "../data/formula/compile.ts";
import { type ParameterType, scalarFunctions } from "../data/formula/functions.ts";
import type { DataType } from "../data/table.ts";

const typeNames: Readonly<Record<ParameterType, string>> = {
  STRING: "STR",
  INTEGER: "INT",
  REAL: "REAL",
  BOOLEAN: "BOOL",
  DATE: "DATE",
  DATETIME: "DATETIME",
  ANY: "ANY",
};

const dataTypes: readonly DataType[] = ["BOOLEAN", "REAL", "INTEGER", "STRING", "DATETIME", "DATE"];

type Overload = { arg_types: string[]; return_type: string };

/** What `list-supported-functions` answers: exactly what the sandbox's formulas may call. */
export const supportedFunctions: readonly { name: string; overloads: readonly Overload[] }[] = listFunctions();

function listFunctions() {
  const overloads = new Map<string, Overload[]>();
  for (const { name, overloads: ways } of scalarFunctions.values()) {
    const written = ways.map(({ takes, returns }) => ({
      arg_types: takes.map((type) => typeNames[type]),
      return_type: typeNames[returns],
    }));
    overloads.set(name, written);
  }
  for (const name of aggregations) {
    // A list of MIN and MAX begins with their aggregates and goes on with those of two values.
    overloads.set(name, [...aggregateOverloads(name), ...(overloads.get(name) ?? [])]);
  }
  return [...overloads.entries()]
    .map(([name, ways]) => ({ name, overloads: ways }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .filter(({ overloads: ways }) => ways.length > 0);
}

function aggregateOverloads(name: (typeof aggregations)[number]): Overload[] {
  if (name === "PERCENTILE") return [{ arg_types: ["REAL", "REAL"], return_type: "REAL" }];
  return dataTypes.flatMap((type) => {
    const made = typeOfAggregate(name, type);
    return made === undefined ? [] : [{ arg_types: [typeNames[type]], return_type: typeNames[made] }];
  });
}
