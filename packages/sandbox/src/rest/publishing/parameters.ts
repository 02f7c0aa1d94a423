import { type Refusal, refuse } from "../../wire/refusals.ts";

/** A parameter of the query, its name in any letter case; an empty one is as good as none. */
export function parameter(query: URLSearchParams, name: string): string | undefined {
  const lower = name.toLowerCase();
  for (const [key, value] of query) if (key.toLowerCase() === lower) return value === "" ? undefined : value;
  return undefined;
}

/** A parameter that is true or false, in any letter case: public clients print Python's `True` and `False`. */
export function flag(query: URLSearchParams, name: string, otherwise = false): boolean | Refusal {
  const written = parameter(query, name)?.toLowerCase();
  if (written === undefined) return otherwise;
  if (written === "true" || written === "false") return written === "true";
  return refuse("400008", `The parameter ${name} must be true or false.`);
}
