/** The first value of a parameter in a path's query; null where it has none. */
export function parameterOf(path: string, name: string): string | null {
  const mark = path.indexOf("?");
  return mark === -1 ? null : new URLSearchParams(path.slice(mark)).get(name);
}

/** A path with these parameters in its query, in place of what it had of their names; all others byte for byte. */
export function withParameters(path: string, parameters: Readonly<Record<string, string>>): string {
  const mark = path.indexOf("?");
  const [before, query] = mark === -1 ? [path, ""] : [path.slice(0, mark), path.slice(mark + 1)];
  const kept = query.split("&").filter((part) => part !== "" && !Object.hasOwn(parameters, nameOf(part)));
  const added = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${before}?${[...kept, ...added].join("&")}`;
}

function nameOf(part: string): string {
  return new URLSearchParams(part).keys().next().value ?? "";
}
