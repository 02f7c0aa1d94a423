import type { Segment } from "./caller-path.ts";
import type { TableauRoute } from "./routes/route-line.ts";

/** A place in a route: what may follow it, and the routes that end here, by method. */
export interface Place {
  readonly words: ReadonlyMap<string, Place>;
  readonly parameters: ReadonlyMap<ParameterKind, Place>;
  readonly routes: ReadonlyMap<string, TableauRoute>;
}

/** The route of these segments and this method; null where the table has none. */
export function find(place: Place, segments: readonly Segment[], method: string, at = 0): TableauRoute | null {
  const segment = segments[at];
  if (segment === undefined) return place.routes.get(method) ?? null;
  const word = place.words.get(wordOf(segment));
  const exact = word === undefined ? null : find(word, segments, method, at + 1);
  if (exact !== null) return exact;
  for (const [kind, next] of place.parameters) {
    const row = holds(kind, segment) ? find(next, segments, method, at + 1) : null;
    if (row !== null) return row;
  }
  return null;
}

/** A word of a route, in lower case; "" for what can't be one. */
export function wordOf(segment: Segment | undefined): string {
  return segment?.plain === true && segment.placeholder === null ? segment.decoded.toLowerCase() : "";
}

/**
 * What a parameter of a route may hold: an id (plain); a name that people gave; or text, an encoded slash too. Only
 * where no longer route begins may there be a slash: a server that decodes it early would else see that longer route.
 */
type ParameterKind = "id" | "name" | "text";

function kindOf(parameter: string): ParameterKind {
  if (parameter === "{site}") return "name";
  return ["{tagName}", "{labelValueName}", "{labelCategoryName}"].includes(parameter) ? "text" : "id";
}

function holds(kind: ParameterKind, segment: Segment): boolean {
  if (kind === "text") return true;
  if (standsForValue(segment)) return false;
  return segment.plain || (kind === "name" && !segment.decoded.includes("/"));
}

/**
 * What stands in documentation where a value belongs: `workbook-id` in Tableau's reference, `:workbook-id` and
 * `{{workbook-id}}` in its Postman collection, `{workbookId}` and `<workbook-id>` elsewhere. No id of Tableau's looks so.
 */
export function standsForValue({ decoded, placeholder }: Segment): boolean {
  return placeholder === null && /^(?::[a-z][\w-]*|<.*>|\{.*\}|[a-z]+(?:-[a-z]+)*-(?:id|luid))$/i.test(decoded);
}

interface GrowingPlace extends Place {
  readonly words: Map<string, GrowingPlace>;
  readonly parameters: Map<ParameterKind, GrowingPlace>;
  readonly routes: Map<string, TableauRoute>;
}

export function growTree(routes: readonly TableauRoute[]): Place {
  const root = newPlace();
  for (const route of routes) {
    let place = root;
    for (const part of route.template.slice(1).split("/")) place = step(place, part);
    place.routes.set(route.method, route);
  }
  return root;
}

function step(place: GrowingPlace, part: string): GrowingPlace {
  if (!part.startsWith("{")) return enter(place.words, part.toLowerCase());
  return enter(place.parameters, kindOf(part));
}

function enter<Key>(places: Map<Key, GrowingPlace>, key: Key): GrowingPlace {
  const known = places.get(key);
  if (known !== undefined) return known;
  const place = newPlace();
  places.set(key, place);
  return place;
}

function newPlace(): GrowingPlace {
  return { words: new Map(), parameters: new Map(), routes: new Map() };
}
