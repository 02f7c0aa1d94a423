import type { FieldFunction } from "../../data/table.ts";
import type { PlacedField, SheetDescription } from "../../files/contents.ts";
import type { Mark } from "../../pictures/picture.ts";
import type { Dashboard, Sheet, ShelfField, Shelves, Story, Worksheet, Zone } from "../views/sheet.ts";
import type { Workbook } from "./model.ts";

/** What a published workbook's sheets show, hidden ones too, by their names and in the order of their tabs. */
export function sheetsFromFile(
  descriptions: readonly SheetDescription[],
  sources: Pick<Workbook, "connections" | "datasources">,
): Map<string, Sheet> {
  const worksheets = new Map<string, Worksheet>();
  const dashboards = new Map<string, Dashboard>();
  for (const one of descriptions) if (one.kind === "worksheet") worksheets.set(one.name, worksheetOf(one, sources));
  for (const one of descriptions) if (one.kind === "dashboard") dashboards.set(one.name, dashboardOf(one, worksheets));
  const sheetOf = (name: string): Worksheet | Dashboard | undefined => dashboards.get(name) ?? worksheets.get(name);
  return new Map(
    descriptions.flatMap((one): [string, Sheet][] => {
      const sheet = one.kind === "story" ? storyOf(one, sheetOf) : sheetOf(one.name);
      return sheet === undefined ? [] : [[one.name, sheet]];
    }),
  );
}

function worksheetOf(
  described: SheetDescription,
  { connections, datasources }: Pick<Workbook, "connections" | "datasources">,
): Worksheet {
  const [name] = described.datasources;
  const embedded = datasources.find((one) => one.name === name);
  const published = connections.find(
    ({ embedded: of, datasource }) => of?.id === embedded?.id && datasource !== undefined,
  );
  return { kind: "worksheet", source: published?.datasource ?? embedded, shelves: shelvesOf(described) };
}

function dashboardOf({ zones }: SheetDescription, worksheets: ReadonlyMap<string, Worksheet>): Dashboard {
  const shown = zones.flatMap((zone): Zone[] => {
    const worksheet = worksheets.get(zone.name);
    return worksheet === undefined ? [] : [{ ...zone, worksheet }];
  });
  const isPlaced = shown.some(({ width, height }) => width > 0 && height > 0);
  return { kind: "dashboard", zones: isPlaced ? shown : stacked(shown) };
}

/** Sheets that a file gives no place stand one below the other. */
function stacked(zones: readonly Zone[]): Zone[] {
  const height = 1 / Math.max(1, zones.length);
  return zones.map((zone, index) => ({ ...zone, x: 0, y: index * height, width: 1, height }));
}

function storyOf({ points }: SheetDescription, sheetOf: (name: string) => Worksheet | Dashboard | undefined): Story {
  return {
    kind: "story",
    points: points.flatMap(({ caption, name }) => {
      const sheet = sheetOf(name);
      return sheet === undefined ? [] : [{ caption, sheet }];
    }),
  };
}

function shelvesOf(described: SheetDescription): Shelves {
  const { color, size, text, detail, filters, quickFilters, shownParameters, top, sort } = described;
  return {
    mark: markOf(described),
    columns: described.columns.map(shelfField),
    rows: described.rows.map(shelfField),
    text: text.map(shelfField),
    detail: detail.map(shelfField),
    filters: filters.map((filter) => ({
      ...shelfField(filter),
      values: filter.values,
      ...(filter.isContext ? { isContext: true } : {}),
    })),
    quickFilters,
    parameters: shownParameters,
    ...(color === undefined ? {} : { color: shelfField(color) }),
    ...(size === undefined ? {} : { size: shelfField(size) }),
    ...(top === undefined ? {} : { top: { of: shelfField(top.of), by: shelfField(top.by), count: top.count } }),
    ...(sort === undefined ? {} : { sort: { by: shelfField(sort.by), direction: sort.direction } }),
  };
}

/** How files write what is done to a field, and how everything else here does. */
export const functionsByDerivation: ReadonlyMap<string, FieldFunction> = new Map([
  ["Avg", "AVG"],
  ["Count", "COUNT"],
  ["CountD", "COUNTD"],
  ["Day", "DAY"],
  ["Day-Trunc", "TRUNC_DAY"],
  ["Max", "MAX"],
  ["Median", "MEDIAN"],
  ["Min", "MIN"],
  ["Month", "MONTH"],
  ["Month-Trunc", "TRUNC_MONTH"],
  ["Quarter", "QUARTER"],
  ["Quarter-Trunc", "TRUNC_QUARTER"],
  ["Stdev", "STDEV"],
  ["Sum", "SUM"],
  ["Var", "VAR"],
  ["Week", "WEEK"],
  ["Week-Trunc", "TRUNC_WEEK"],
  ["Year", "YEAR"],
  ["Year-Trunc", "TRUNC_YEAR"],
]);

function shelfField({ caption, derivation }: PlacedField): ShelfField {
  const applied = functionsByDerivation.get(derivation);
  return applied === undefined ? { caption } : { caption, function: applied };
}

/** Calculations that aggregate by themselves are `User`; without a derivation a field is a word or a date. */
function isMeasured({ caption, derivation }: PlacedField): boolean {
  const isAggregated = ["Avg", "Count", "CountD", "Max", "Median", "Min", "Stdev", "Sum", "User", "Var"];
  return isAggregated.includes(derivation) || caption === "Measure Values";
}

function isTime({ derivation }: PlacedField): boolean {
  return derivation.endsWith("-Trunc");
}

/** The kind of chart; `Automatic` as Tableau chooses (Tableau help, "Change the type of mark in the view"). */
function markOf(described: SheetDescription): Mark {
  const { columns, rows, color, mark } = described;
  const placed = [...columns, ...rows];
  switch (mark) {
    case "Line":
      return "line";
    case "Area":
      return "area";
    case "Pie":
      return "pie";
    case "Square":
    case "Heatmap":
      return "heatMap";
    case "Circle":
    case "Shape":
      return "scatter";
    case "Text":
      return "textTable";
    case "Automatic":
      if (columns.some(isMeasured) && rows.some(isMeasured)) return "scatter";
      if (!placed.some(isMeasured)) return "textTable";
      if (placed.some(isTime)) return "line";
      break;
  }
  if (columns.some(({ caption }) => caption.endsWith("(bin)"))) return "histogram";
  return color === undefined || isMeasured(color) ? "bar" : "stackedBar";
}
