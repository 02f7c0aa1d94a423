import { type Element, record, text } from "../../wire/element.ts";
import { bracketed, columnElement } from "../datasources/document.ts";
import { type Dashboard, fieldsOf, type ShelfField, type Story, type Worksheet } from "../views/sheet.ts";
import { type FileSource, type Instance, instanceOf } from "./file-sources.ts";

type Mark = Worksheet["shelves"]["mark"];

/** How files call the marks of our charts; sheets-from-file.ts reads them back. */
const marks: Record<Mark, string> = {
  area: "Area",
  bar: "Bar",
  heatMap: "Square",
  histogram: "Bar",
  line: "Line",
  pie: "Pie",
  scatter: "Circle",
  stackedBar: "Bar",
  textTable: "Text",
};

export function worksheetElement(name: string, worksheet: Worksheet, source: FileSource): Element {
  const { shelves } = worksheet;
  const all = (fields: readonly ShelfField[]): Instance[] => fields.flatMap((field) => instanceOf(source, field) ?? []);
  const written = (fields: readonly ShelfField[]): string =>
    all(fields)
      .map(({ reference }) => reference)
      .join(" / ");
  const encoded = (kind: string, fields: readonly ShelfField[]): Element[] =>
    all(fields).map(({ reference }) => record(kind, { column: reference }));
  const encodings = [
    ...encoded("color", shelves.color === undefined ? [] : [shelves.color]),
    ...encoded("size", shelves.size === undefined ? [] : [shelves.size]),
    ...encoded("text", shelves.text),
    ...encoded("lod", shelves.detail),
  ];
  const pane = record("pane", {}, [record("mark", { class: marks[shelves.mark] }), record("encodings", {}, encodings)]);
  const view = record("view", {}, [
    record("datasources", {}, [record("datasource", { caption: source.caption, name: source.name })]),
    dependencies(all(fieldsOf(worksheet)), source),
    ...filterElements(worksheet, source),
    ...sortElements(worksheet, source),
    record("aggregation", { value: "true" }),
  ]);
  const table = [
    view,
    record("panes", {}, [pane]),
    text("rows", written(shelves.rows)),
    text("cols", written(shelves.columns)),
  ];
  return record("worksheet", { name }, [record("table", {}, table)]);
}

function dependencies(instances: readonly Instance[], source: FileSource): Element {
  const fields = new Set(instances.map(({ field }) => field));
  const named = new Map(instances.map((instance) => [instance.name, instance]));
  const uses = [...named.values()].map(({ field, derivation, name }) =>
    record("column-instance", { column: bracketed(field.name), derivation, name, pivot: "key" }),
  );
  return record("datasource-dependencies", { datasource: source.name }, [...[...fields].map(columnElement), ...uses]);
}

function filterElements({ shelves: { filters, top } }: Worksheet, source: FileSource): Element[] {
  const written = filters.flatMap((filter) => {
    const instance = instanceOf(source, filter);
    if (instance === undefined) return [];
    const members = filter.values.map((value) =>
      record("groupfilter", {
        function: "member",
        level: instance.name,
        member: `"${value.replaceAll(/["\\]/g, "\\$&")}"`,
      }),
    );
    const union = members.length === 1 ? members : [record("groupfilter", { function: "union" }, members)];
    const context = filter.isContext === true ? "true" : undefined;
    return [record("filter", { class: "categorical", column: instance.reference, context }, union)];
  });
  const of = top && instanceOf(source, top.of);
  const by = top && instanceOf(source, top.by);
  if (top === undefined || of === undefined || by === undefined) return written;
  const parameter = typeof top.count === "string" ? source.parameters.get(top.count) : undefined;
  const count = parameter === undefined ? String(top.count) : `[Parameters].${bracketed(parameter.name)}`;
  const expression = `${by.derivation.toUpperCase()}(${bracketed(by.field.name)})`;
  const levels = record("groupfilter", { function: "level-members", level: of.name });
  const order = record("groupfilter", { direction: "DESC", expression, function: "order" }, [levels]);
  const end = record("groupfilter", { count, end: "top", function: "end", units: "records" }, [order]);
  return [...written, record("filter", { class: "categorical", column: of.reference }, [end])];
}

function sortElements({ shelves: { sort, columns, rows } }: Worksheet, source: FileSource): Element[] {
  if (sort === undefined) return [];
  const sorted = [...rows, ...columns].flatMap((field) => instanceOf(source, field) ?? []);
  const of = sorted.find(({ field }) => field.role === "DIMENSION");
  const by = instanceOf(source, sort.by);
  if (of === undefined || by === undefined) return [];
  const direction = sort.direction === "descending" ? "DESC" : "ASC";
  return [record("computed-sort", { column: of.reference, direction, using: by.reference })];
}

export function dashboardElement(name: string, { zones }: Dashboard): Element {
  const part = (share: number): string => String(Math.round(share * 100_000));
  const placed = zones.map((zone, index) =>
    record("zone", {
      h: part(zone.height),
      id: String(index + 2),
      name: zone.name,
      w: part(zone.width),
      x: part(zone.x),
      y: part(zone.y),
    }),
  );
  const whole = record(
    "zone",
    { h: "100000", id: "1", "type-v2": "layout-basic", w: "100000", x: "0", y: "0" },
    placed,
  );
  const size = record("size", { maxheight: "800", maxwidth: "1000", minheight: "800", minwidth: "1000" });
  return record("dashboard", { name }, [size, record("zones", {}, [whole])]);
}

/** `nameOf` finds the tab that a point shows. */
export function storyElement(name: string, { points }: Story, nameOf: (sheet: object) => string | undefined): Element {
  const written = points.map(({ caption, sheet }, index) =>
    record("story-point", { caption, "captured-sheet": nameOf(sheet), id: String(index + 1) }),
  );
  const flipboard = record("flipboard", { "active-id": "1", "nav-type": "caption" }, [
    record("story-points", {}, written),
  ]);
  return record("dashboard", { name, type: "storyboard" }, [record("zones", {}), flipboard]);
}

/** A tab, with the filters and parameters that stand beside its sheet. */
export function windowElement(
  { name, kind, isHidden }: { name: string; kind: "worksheet" | "dashboard" | "story"; isHidden: boolean },
  worksheet: Worksheet | undefined,
  source: FileSource | undefined,
): Element {
  const { quickFilters = [], parameters = [] } = worksheet?.shelves ?? {};
  const filters = quickFilters.flatMap((caption) => {
    const instance = source && instanceOf(source, { caption });
    return instance === undefined ? [] : [record("card", { param: instance.reference, type: "filter" })];
  });
  const shown = parameters.flatMap((caption) => {
    const parameter = source?.parameters.get(caption);
    return parameter === undefined
      ? []
      : [record("card", { param: `[Parameters].${bracketed(parameter.name)}`, type: "parameter" })];
  });
  const strip = record("strip", { size: "160" }, [...filters, ...shown]);
  const cards = record("cards", {}, [record("edge", { name: "right" }, [strip])]);
  const attributes = { class: kind === "worksheet" ? kind : "dashboard", hidden: isHidden ? "true" : undefined, name };
  return record("window", attributes, [cards]);
}
