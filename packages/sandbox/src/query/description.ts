import type { User } from "../rest/users/model.ts";
import type { Site } from "../site/site.ts";
import { type Element, list, type Value } from "../wire/element.ts";

/** What a description may need beside the item itself. `now` in ms; `origin` as in `http://127.0.0.1:4610`. */
export type Scene = {
  site: Site;
  now: number;
  origin: string;
  /** Who asks; a project says whether they may publish to it. */
  user?: User;
};

/** How Tableau's schema types an attribute; decides how it is written, compared and sorted. Dates are ms here. */
export type ValueType = "string" | "luid" | "boolean" | "integer" | "int" | "dateTime";

/** Filter operators (Tableau REST reference, "Filtering and sorting"). */
export type Operator = "eq" | "in" | "gt" | "gte" | "lt" | "lte" | "has" | "cieq";

/** `list`: in lists and alone; `single`: only alone; `asked`: only by `fields=`; `never`: to filter and sort by. */
export type Show = "list" | "single" | "asked" | "never";

export type Raw = string | number | boolean;

export type Attribute<Item> = {
  name: string;
  type: ValueType;
  /** Several values (an item's tags) match a filter when one of them does; only a `never` attribute may have them. */
  from: (item: Item, scene: Scene) => Raw | readonly string[] | undefined;
  show?: Show;
  filter?: readonly Operator[];
  sort?: boolean;
};

/** Draws an item, or a part of it, with the fields of one selection. */
type Drawing<Item> = (item: Item, scene: Scene) => Element | undefined;

/** A nested element. What it holds comes from another resource's description, so no field is written twice. */
export type Child<Item> = {
  name: string;
  show: Exclude<Show, "never">;
  knows: (path: string) => boolean;
  drawing: (selection: Selection) => Drawing<Item>;
};

/**
 * One resource of the REST API, written once: its XML, its JSON, its filters, its sort keys and its `fields=` all come
 * from here. Attributes and children are in the order of Tableau's schema.
 */
export type Resource<Item> = {
  element: string;
  plural: string;
  /** What `fields=` may also call it, as in `job.status`, where that is not the element's name. */
  alias?: string;
  /** Fields that a filter may name without any effect. */
  ignoredFilters?: readonly string[];
  /** Other names that `fields=` knows, with what they mean: a group's `domainName` is `domain.name`. */
  fieldNames?: Readonly<Record<string, string>>;
  attributes: readonly Attribute<Item>[];
  children?: readonly Child<Item>[];
};

/** Which parts of a resource to show: a default set, and names on top (`owner.name` for a child's attribute). */
export type Selection = { defaults: "list" | "single" | "all" | "none"; names: ReadonlySet<string> };

export const inLists: Selection = { defaults: "list", names: new Set() };
export const alone: Selection = { defaults: "single", names: new Set() };

/**
 * An element that refers to one item of another resource, e.g. a workbook's `<project id name/>`. `shown` is what it
 * shows of it, and `all` what it shows with `fields=_all_`.
 */
export function child<Item, Other>(
  name: string,
  resource: () => Resource<Other>,
  from: (item: Item, scene: Scene) => Other | undefined,
  options: { shown: readonly string[]; all?: readonly string[]; show?: Child<Item>["show"] },
): Child<Item> {
  return {
    name,
    show: options.show ?? "list",
    knows: (path) => knows(resource(), path),
    drawing(selection) {
      const shown = selection.defaults === "all" ? (options.all ?? options.shown) : options.shown;
      const drawOther = drawing(resource(), withShown(selection, shown), name);
      return (item, scene) => {
        const other = from(item, scene);
        return other === undefined ? undefined : drawOther(other, scene);
      };
    },
  };
}

/** An element that holds many of another resource, e.g. a workbook's `<views>`. */
export function children<Item, Other>(
  resource: () => Resource<Other>,
  from: (item: Item, scene: Scene) => Other[],
  options: { shown: readonly string[]; show?: Child<Item>["show"]; name: string },
): Child<Item> {
  return {
    name: options.name,
    show: options.show ?? "list",
    knows: (path) => knows(resource(), path),
    drawing(selection) {
      const drawOther = drawing(resource(), withShown(selection, options.shown));
      const { element } = resource();
      return (item, scene) => {
        const drawn = from(item, scene).map((other) => drawOther(other, scene));
        return list(options.name, element, drawn);
      };
    },
  };
}

/** An element that is no resource of its own, e.g. `<usage totalViewCount/>`. `fields=` may name its attributes. */
export function detail<Item>(
  name: string,
  from: Drawing<Item>,
  show: Child<Item>["show"] = "list",
  attributes: readonly string[] = [],
): Child<Item> {
  return { name, show, knows: (path) => attributes.includes(path), drawing: () => from };
}

/** Draws one item as an element. `name` when it is called otherwise where it stands (a job's `<workbook>`). */
export function draw<Item>(
  resource: Resource<Item>,
  item: Item,
  scene: Scene,
  selection: Selection,
  name = resource.element,
): Element {
  return drawing(resource, selection, name)(item, scene);
}

/** Looks up once what a selection shows, for drawing many items with it. */
export function drawing<Item>(
  resource: Resource<Item>,
  selection: Selection,
  name = resource.element,
): (item: Item, scene: Scene) => Element {
  const attributes = resource.attributes.filter((attribute) =>
    isShown(attribute.name, attribute.show ?? "list", selection),
  );
  const parts = (resource.children ?? [])
    .filter((part) => isShown(part.name, part.show, selection))
    .map((part) => part.drawing(below(part, selection)));
  return (item, scene) => {
    const drawnAttributes: Record<string, Value> = {};
    for (const { name, type, from } of attributes) {
      const raw = from(item, scene);
      if (raw !== undefined && typeof raw !== "object") drawnAttributes[name] = written(raw, type);
    }
    const drawn: Element[] = [];
    for (const drawPart of parts) {
      const element = drawPart(item, scene);
      if (element !== undefined) drawn.push(element);
    }
    return { kind: "record", name, attributes: drawnAttributes, children: drawn };
  };
}

/** What of another resource an element shows: what it always does, and what was named. */
function withShown({ defaults, names }: Selection, shown: readonly string[]): Selection {
  return { defaults: "none", names: defaults === "none" ? names : new Set([...shown, ...names]) };
}

/** Whether `fields=` may name this: an attribute, a child, or a child's attribute as `owner.name`. */
export function knows<Item>(resource: Resource<Item>, path: string): boolean {
  const [first, rest] = split(path);
  if (rest !== undefined) return (resource.children ?? []).some((part) => part.name === first && part.knows(rest));
  const isAttribute = resource.attributes.some(({ name, show }) => name === first && show !== "never");
  return isAttribute || (resource.children ?? []).some((part) => part.name === first);
}

function isShown(name: string, show: Show, { defaults, names }: Selection): boolean {
  if (show === "never") return false;
  if (names.has(name) || names.values().some((path) => path.startsWith(`${name}.`))) return true;
  if (defaults === "all") return true;
  return defaults === "none" ? false : show === "list" || (show === "single" && defaults === "single");
}

/** A child shown for itself has its own defaults; one shown for a dotted name has only what was named. */
function below<Item>(part: Child<Item>, selection: Selection): Selection {
  const names = selection.names.values().filter((path) => path.startsWith(`${part.name}.`));
  const own = new Set(names.map((path) => path.slice(part.name.length + 1)));
  const inFull = selection.names.has(part.name) || isShown(part.name, part.show, { ...selection, names: new Set() });
  const defaults = selection.defaults === "all" ? "all" : "list";
  return { defaults: inFull ? defaults : "none", names: own };
}

function split(path: string): [string, string?] {
  const dot = path.indexOf(".");
  return dot === -1 ? [path] : [path.slice(0, dot), path.slice(dot + 1)];
}

/** `2024-02-14T04:42:09Z`: how Tableau writes times. */
export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -".000Z".length)}Z`;
}

function written(raw: Raw, type: ValueType): Value {
  switch (type) {
    case "dateTime":
      return isoSeconds(Number(raw));
    case "integer":
      // inferred: JSON writes the schema's unbounded integers as strings, as it is known to do in `pagination`.
      return String(raw);
    case "int":
      return Number(raw);
    case "boolean":
      return Boolean(raw);
    case "string":
    case "luid":
      return String(raw);
  }
}
