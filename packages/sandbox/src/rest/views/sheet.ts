import type { FieldFunction } from "../../data/table.ts";
import type { Mark } from "../../pictures/picture.ts";
import type { Datasource } from "../datasources/model.ts";
import type { EmbeddedDatasource } from "../workbooks/model.ts";

/**
 * A field on a shelf, by its caption in the data source. `function` is how a measure is aggregated or what part a date
 * is cut to; words, exact dates and calculations that aggregate by themselves have none.
 */
export type ShelfField = { caption: string; function?: FieldFunction };

/**
 * A filter that a sheet is saved with: only rows whose field has one of these values, as people read them. One in the
 * context comes before all others, and before the first so many are chosen.
 */
export type SheetFilter = ShelfField & { values: readonly string[]; isContext?: boolean };

/** Only the first so many words of a shelf, by a measure; a string is the caption of the parameter that says how many. */
export type Top = { of: ShelfField; by: ShelfField; count: number | string };

/** What a worksheet puts where. Never changed: many views share one. */
export type Shelves = {
  mark: Mark;
  columns: readonly ShelfField[];
  rows: readonly ShelfField[];
  color?: ShelfField;
  size?: ShelfField;
  text: readonly ShelfField[];
  /** Fields that split the marks and are not seen. */
  detail: readonly ShelfField[];
  filters: readonly SheetFilter[];
  /** Captions of the filters that its viewers see beside it. */
  quickFilters: readonly string[];
  /** Captions of the parameters that its viewers see beside it. */
  parameters: readonly string[];
  top?: Top;
  /** By which measure the words of its first shelf are sorted; without it, by themselves. */
  sort?: { by: ShelfField; direction: "ascending" | "descending" };
};

export type Worksheet = {
  kind: "worksheet";
  /** What it draws from: a published data source or one inside of its workbook; undefined when it names none. */
  source: Datasource | EmbeddedDatasource | undefined;
  shelves: Shelves;
};

/** A worksheet on a dashboard, and where: in parts of the dashboard's width and height, 0 to 1. */
export type Zone = { name: string; worksheet: Worksheet; x: number; y: number; width: number; height: number };

export type Dashboard = { kind: "dashboard"; zones: readonly Zone[] };

/** A story tells its points one after the other; each shows a worksheet or a dashboard. */
export type Story = { kind: "story"; points: readonly { caption: string; sheet: Worksheet | Dashboard }[] };

/** What a view shows. */
export type Sheet = Worksheet | Dashboard | Story;

/** The worksheets of a sheet, each once, by their names; a worksheet alone has its view's name. */
export function worksheetsOf(sheet: Sheet, name: string): ReadonlyMap<string, Worksheet> {
  switch (sheet.kind) {
    case "worksheet":
      return new Map([[name, sheet]]);
    case "dashboard":
      return new Map(sheet.zones.map((zone) => [zone.name, zone.worksheet]));
    case "story":
      return new Map(sheet.points.flatMap((point) => [...worksheetsOf(point.sheet, point.caption)]));
  }
}

/** What Tableau calls the list of several measures, and their values; no data source has fields of these names. */
export const measureNames = "Measure Names";
export const measureValues = "Measure Values";

/** Every field of its data source that a worksheet uses, filters included. */
export function fieldsOf({ shelves }: Worksheet): ShelfField[] {
  const { columns, rows, color, size, text, detail, filters, top, sort } = shelves;
  const others = [color, size, top?.by, sort?.by].filter((field) => field !== undefined);
  const all = [...columns, ...rows, ...others, ...text, ...detail, ...filters];
  return all.filter(({ caption }) => caption !== measureNames && caption !== measureValues);
}
