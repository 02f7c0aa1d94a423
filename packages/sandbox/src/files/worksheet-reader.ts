import type { PlacedFilter, SheetDescription } from "./contents.ts";
import { type Dictionary, keyOf, placedField, placedFields } from "./placed-fields.ts";
import { type Attributes, bare, unquoted } from "./source-reader.ts";
import type { XmlEvents } from "./xml-events.ts";

/** Of each sort of thing on one sheet; more than any has. */
const most = 2_000;
/** Of one shelf, in characters. */
const longestShelf = 100_000;

export type WorksheetReader = XmlEvents & {
  /** `captions` by `source column`, `sources` the captions of data sources by their internal names. */
  describe: (captions: ReadonlyMap<string, string>, sources: ReadonlyMap<string, string>) => SheetDescription;
};

export const emptySheet = {
  isHidden: false,
  datasources: [],
  rows: [],
  columns: [],
  color: undefined,
  size: undefined,
  text: [],
  detail: [],
  mark: "Automatic",
  filters: [],
  quickFilters: [],
  shownParameters: [],
  top: undefined,
  sort: undefined,
  zones: [],
  points: [],
} satisfies Partial<SheetDescription>;

type RawFilter = {
  column: string;
  members: string[];
  /** Filters that leave values out, or that hold ranges, name no values to keep. */
  isOther: boolean;
  isContext: boolean;
  top: { count: string; by: string } | undefined;
};

/** What a worksheet says, in references that can only be read when all of its fields are known. */
type Raw = {
  datasources: string[];
  rows: string;
  columns: string;
  marks: string[];
  encodings: { kind: string; column: string }[];
  filters: RawFilter[];
  sort: { of: string; by: string; direction: string } | undefined;
  instances: Map<string, { column: string; derivation: string }>;
  captions: Map<string, string>;
  /** The data source whose fields are being listed. */
  listed: string;
};

/** Reads one `worksheet` element; its own tag was read before. */
export function openWorksheetReader(name: string): WorksheetReader {
  const path: string[] = [];
  const raw: Raw = {
    datasources: [],
    rows: "",
    columns: "",
    marks: [],
    encodings: [],
    filters: [],
    sort: undefined,
    instances: new Map(),
    captions: new Map(),
    listed: "",
  };
  return {
    open(element, attributes) {
      const parent = path.at(-1);
      if (parent === "encodings") push(raw.encodings, { kind: element, column: attributes.get("column") ?? "" });
      openings.get(element)?.(raw, attributes, parent);
      path.push(element);
    },
    text(piece) {
      if (path.length !== 2 || path[0] !== "table") return;
      if (path[1] === "rows" && raw.rows.length < longestShelf) raw.rows += piece;
      if (path[1] === "cols" && raw.columns.length < longestShelf) raw.columns += piece;
    },
    close() {
      path.pop();
    },
    describe(ofSources, sources) {
      const captions = new Map([...ofSources, ...raw.captions]);
      return describe(name, raw, { instances: raw.instances, captions }, sources);
    },
  };
}

type Opening = (raw: Raw, attributes: Attributes, parent: string | undefined) => void;

/** What the elements of a worksheet say, by their names. */
const openings: ReadonlyMap<string, Opening> = new Map<string, Opening>([
  [
    "datasource",
    (raw, attributes, parent) => parent === "datasources" && push(raw.datasources, attributes.get("name")),
  ],
  ["datasource-dependencies", listDependencies],
  ["column", addCaption],
  ["column-instance", addInstance],
  ["mark", (raw, attributes, parent) => parent === "pane" && push(raw.marks, attributes.get("class"))],
  ["filter", addFilter],
  ["groupfilter", addGroup],
  ["computed-sort", addSort],
]);

function listDependencies(raw: Raw, attributes: Attributes): void {
  raw.listed = attributes.get("datasource") ?? "";
}

function addCaption({ captions, listed }: Raw, attributes: Attributes): void {
  const caption = attributes.get("caption");
  const column = bare(attributes.get("name") ?? "");
  if (caption !== undefined && captions.size < most) captions.set(keyOf(listed, column), caption);
}

function addInstance({ instances, listed }: Raw, attributes: Attributes): void {
  const name = bare(attributes.get("name") ?? "");
  const column = bare(attributes.get("column") ?? "");
  const derivation = attributes.get("derivation") ?? "None";
  if (instances.size < most) instances.set(keyOf(listed, name), { column, derivation });
}

function addFilter({ filters }: Raw, attributes: Attributes): void {
  const column = attributes.get("column");
  const isOther = attributes.get("class") !== "categorical";
  const isContext = attributes.get("context") === "true";
  if (column !== undefined) push(filters, { column, members: [], isOther, isContext, top: undefined });
}

/** Part of the filter that was opened last. */
function addGroup({ filters }: Raw, attributes: Attributes): void {
  const filter = filters.at(-1);
  if (filter === undefined) return;
  const kind = attributes.get("function");
  if (kind === "member") push(filter.members, attributes.get("member"));
  else if (kind === "end") filter.top = { count: attributes.get("count") ?? "", by: "" };
  else if (kind === "order" && filter.top) filter.top.by = attributes.get("expression") ?? "";
  else if (kind !== "union" && kind !== "level-members") filter.isOther = true;
}

function addSort(raw: Raw, attributes: Attributes): void {
  const [of, by] = [attributes.get("column"), attributes.get("using")];
  if (of && by) raw.sort ??= { of, by, direction: attributes.get("direction") ?? "ASC" };
}

function push<Item>(items: Item[], item: Item | undefined): void {
  if (item !== undefined && items.length < most) items.push(item);
}

function describe(
  name: string,
  raw: Raw,
  dictionary: Dictionary,
  sources: ReadonlyMap<string, string>,
): SheetDescription {
  const encoded = (...kinds: string[]) =>
    raw.encodings.filter(({ kind }) => kinds.includes(kind)).flatMap(({ column }) => placedFields(column, dictionary));
  return {
    ...emptySheet,
    name,
    kind: "worksheet",
    // The first is what it draws from; parameters are no source.
    datasources: raw.datasources.filter((one) => one !== "Parameters").map((one) => sources.get(one) ?? one),
    rows: placedFields(raw.rows, dictionary),
    columns: placedFields(raw.columns, dictionary),
    color: encoded("color")[0],
    size: encoded("size")[0],
    text: encoded("text", "label"),
    detail: encoded("lod", "shape", "wedge-size", "path"),
    mark: raw.marks[0] ?? "Automatic",
    filters: raw.filters.flatMap((filter) => filterOf(filter, dictionary)),
    top: topOf(raw, dictionary),
    sort: sortOf(raw, dictionary),
  };
}

function filterOf(raw: RawFilter, dictionary: Dictionary): PlacedFilter[] {
  const { column, members, isOther, isContext, top } = raw;
  const field = placedField(column, dictionary);
  if (field === undefined || isOther || top !== undefined || members.length === 0) return [];
  // Which measures are shown is a filter of names that are references themselves.
  const isOfMeasures = field.caption === "Measure Names";
  const values = members.map((member) => {
    const value = unquoted(member);
    return isOfMeasures ? (placedField(value.replaceAll("\\%", "%"), dictionary)?.caption ?? value) : value;
  });
  return [{ ...field, values, isContext }];
}

/** Files write what a top filter goes by as a formula, e.g. `SUM([Sales])`, in the names of the data source. */
function topOf({ filters }: Raw, dictionary: Dictionary): SheetDescription["top"] {
  for (const { column, top } of filters) {
    const of = placedField(column, dictionary);
    const [, aggregation = "", name] = /^(\w+)\(\[([^\]]+)\]\)$/.exec(top?.by ?? "") ?? [];
    if (of === undefined || top === undefined || name === undefined) continue;
    const source = bare(column.slice(0, column.indexOf("].[") + 1));
    const caption = dictionary.captions.get(keyOf(source, name)) ?? name;
    const [, parameter] = /^\[Parameters\]\.\[(.+)\]$/.exec(top.count) ?? [];
    const count = dictionary.captions.get(keyOf("Parameters", parameter ?? "")) ?? parameter ?? Number(top.count);
    const derivation = `${aggregation.charAt(0)}${aggregation.slice(1).toLowerCase()}`;
    if (typeof count === "string" || Number.isInteger(count)) return { of, by: { caption, derivation }, count };
  }
  return undefined;
}

function sortOf({ sort }: Raw, dictionary: Dictionary): SheetDescription["sort"] {
  const of = placedField(sort?.of, dictionary);
  const by = placedField(sort?.by, dictionary);
  if (of === undefined || by === undefined) return undefined;
  return { of, by, direction: sort?.direction === "DESC" ? "descending" : "ascending" };
}
