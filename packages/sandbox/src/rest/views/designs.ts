import { allFields } from "../../data/sales-fields.ts";
import type { FieldFunction } from "../../data/table.ts";
import type { ShelfField, Shelves } from "./sheet.ts";

/**
 * A worksheet as somebody would make it from the sales table. In its name, `{Sales}` stands for the field that a data
 * source may call otherwise.
 */
export type Design = { name: string; shelves: Shelves };

type More = {
  /** In place of the name that follows from the fields. */
  name?: string;
  /** A dimension or a measure, by its caption. */
  color?: string;
  /** Only so many, the largest; a string is the parameter that says how many. */
  top?: number | string;
  date?: string;
  period?: "month" | "quarter" | "year";
};

const usualAggregations: ReadonlyMap<string, FieldFunction> = new Map(
  allFields.map(({ caption, defaultAggregation }) => [caption, defaultAggregation]),
);
const measures = new Set(allFields.filter(({ role }) => role === "MEASURE").map(({ caption }) => caption));

const field = (caption: string): ShelfField => ({ caption });

/** A measure as it is usually aggregated; calculations that aggregate by themselves as they are. */
export function measured(caption: string): ShelfField {
  const usual = usualAggregations.get(caption);
  return usual === undefined || usual === "AGG" ? { caption } : { caption, function: usual };
}

function either(caption: string): ShelfField {
  return measures.has(caption) ? measured(caption) : field(caption);
}

const periods = { month: "TRUNC_MONTH", quarter: "TRUNC_QUARTER", year: "TRUNC_YEAR" } as const;
const periodNames = { month: "Monthly", quarter: "Quarterly", year: "Yearly" } as const;

/** What most sheets let their viewers filter by. */
const usualFilters = ["Region", "Category", "Segment"];

function shelves(mark: Shelves["mark"], more: Partial<Shelves>): Shelves {
  const none = { columns: [], rows: [], text: [], detail: [], filters: [], parameters: [] };
  return { mark, ...none, quickFilters: usualFilters, ...more };
}

const colored = (color: string | undefined) => (color === undefined ? {} : { color: either(color) });
const descending = (by: ShelfField) => ({ sort: { by, direction: "descending" as const } });

/** Upright bars, the longest first. */
export function bars(measure: string, along: string, { name, color }: More = {}): Design {
  const rows = [measured(measure)];
  return {
    name: name ?? `{${measure}} by {${along}}`,
    shelves: shelves("bar", { columns: [field(along)], rows, ...descending(measured(measure)), ...colored(color) }),
  };
}

/** Upright bars in the order of their words. */
export function steps(measure: string, along: string, { name, color }: More = {}): Design {
  return {
    name: name ?? `{${measure}} by {${along}}`,
    shelves: shelves("bar", { columns: [field(along)], rows: [measured(measure)], ...colored(color) }),
  };
}

/** Lying bars, the longest first; of many only the first few. */
export function ranking(measure: string, along: string, { name, color, top }: More = {}): Design {
  const by = measured(measure);
  const most = top === undefined ? {} : { top: { of: field(along), by, count: top } };
  const howMany = typeof top === "number" ? `${top} ` : "";
  const usual = top === undefined ? `{${measure}} by {${along}}` : `Top ${howMany}{${along}}s`;
  return {
    name: name ?? (top !== undefined && measure !== "Sales" ? `${usual} by {${measure}}` : usual),
    shelves: shelves(color === undefined || measures.has(color) ? "bar" : "stackedBar", {
      ...{ rows: [field(along)], columns: [by], ...descending(by), ...colored(color), ...most },
      parameters: typeof top === "string" ? [top] : [],
    }),
  };
}

/** A line over months, or over quarters where there are several. */
export function trend(measure: string, more: More = {}): Design {
  return overTime("line", [measure], more);
}

/** What stands below the line too: for amounts that add up. */
export function area(measure: string, more: More = {}): Design {
  return overTime("area", [measure], more);
}

/** Two measures over time, in the same unit. */
export function trends(one: string, other: string, more: More = {}): Design {
  return overTime("line", [one, other], { period: "quarter", ...more });
}

function overTime(mark: "line" | "area", shown: readonly string[], { name, color, date, period }: More): Design {
  const chosen = period ?? (color === undefined ? "month" : "quarter");
  const what = shown.map((measure) => `{${measure}}`).join(" and ");
  return {
    name: name ?? `${periodNames[chosen]} ${what}${color === undefined ? "" : ` by {${color}}`}`,
    shelves: shelves(mark, {
      columns: [{ caption: date ?? "Order Date", function: periods[chosen] }],
      rows: shown.map(measured),
      ...colored(color),
    }),
  };
}

/** Bars of two measures beside each other, in the same unit. */
export function pairs(one: string, other: string, along: string): Design {
  const rows = [measured(one), measured(other)];
  return { name: `{${one}} and {${other}} by {${along}}`, shelves: shelves("bar", { columns: [field(along)], rows }) };
}

/** The months of each year, a line for each. */
export function yearOverYear(measure: string, { date = "Order Date", name }: More = {}): Design {
  return {
    name: name ?? `{${measure}} Year over Year`,
    shelves: shelves("line", {
      columns: [{ caption: date, function: "MONTH" }],
      rows: [measured(measure)],
      color: { caption: date, function: "YEAR" },
    }),
  };
}

/** When in the year it is busy. */
export function seasons(measure: string, { date = "Order Date", name }: More = {}): Design {
  return {
    name: name ?? `{${measure}} by Month and Year`,
    shelves: shelves("heatMap", {
      columns: [{ caption: date, function: "MONTH" }],
      rows: [{ caption: date, function: "YEAR" }],
      color: measured(measure),
    }),
  };
}

/** How many of those who came in a year still order in another. */
export const cohorts: Design = {
  name: "{Customer Count} by First and Later Years",
  shelves: shelves("heatMap", {
    columns: [{ caption: "Order Date", function: "YEAR" }],
    rows: [{ caption: "Customer Since", function: "YEAR" }],
    color: measured("Customer Count"),
  }),
};

/** The parts of a whole; for few words. */
export function share(of: string, measure = "Sales", { name }: More = {}): Design {
  const usual = measure === "Sales" ? `Share of {${of}}` : `{${measure}} Share of {${of}}`;
  return { name: name ?? usual, shelves: shelves("pie", { color: field(of), size: measured(measure) }) };
}

/** What each year is made of. */
export function mix(of: string, measure = "Sales", { date = "Order Date", name }: More = {}): Design {
  return {
    name: name ?? (measure === "Sales" ? `{${of}} Mix` : `{${measure}} by Year and {${of}}`),
    shelves: shelves("stackedBar", {
      columns: [{ caption: date, function: "YEAR" }],
      rows: [measured(measure)],
      color: field(of),
    }),
  };
}

/** Lying bars made of the parts that the colours say. */
export function stack(measure: string, along: string, of: string, { name }: More = {}): Design {
  return {
    name: name ?? `{${measure}} by {${along}} and {${of}}`,
    shelves: shelves("stackedBar", { rows: [field(along)], columns: [measured(measure)], color: field(of) }),
  };
}

export function heat(measure: string, down: string, across: string, { name }: More = {}): Design {
  return {
    name: name ?? `{${measure}} by {${down}} and {${across}}`,
    shelves: shelves("heatMap", { columns: [field(across)], rows: [field(down)], color: measured(measure) }),
  };
}

export function scatter(
  across: string,
  up: string,
  of: string,
  { name, color, size }: More & { size?: string },
): Design {
  return {
    name: name ?? `{${across}} and {${up}} by {${of}}`,
    shelves: shelves("scatter", {
      ...{ columns: [measured(across)], rows: [measured(up)], detail: [field(of)], ...colored(color) },
      ...(size === undefined ? {} : { size: measured(size) }),
    }),
  };
}

/** A table of numbers, a line for each of the words. */
export function table(words: readonly string[], numbers: readonly string[], { name }: More = {}): Design {
  return {
    name: name ?? `{${words.at(-1) ?? ""}} Details`,
    shelves: shelves("textTable", { rows: words.map(field), text: numbers.map(measured) }),
  };
}

/** A table of one number where words meet. */
export function matrix(measure: string, down: string, across: string): Design {
  return {
    name: `{${measure}} by {${down}} and {${across}}`,
    shelves: shelves("textTable", { rows: [field(down)], columns: [field(across)], text: [measured(measure)] }),
  };
}

/** How many order lines earn how much; the few that lie far out are left out. */
export const profits: Design = {
  name: "{Profit} per Order Line",
  shelves: shelves("histogram", {
    columns: [field("Profit (bin)")],
    rows: [{ caption: "Order ID", function: "COUNT" }],
    filters: [{ caption: "Profit (bin)", values: [-400, -200, 0, 200, 400, 600].map(String) }],
    parameters: ["Profit Bin Size"],
  }),
};

/** What if Acme grew: the sales it would have, by a parameter. */
export const forecast: Design = {
  name: "{Sales Forecast}",
  shelves: shelves("line", {
    columns: [{ caption: "Order Date", function: "TRUNC_QUARTER" }],
    rows: [measured("Sales"), measured("Sales Forecast")],
    parameters: ["New Business Growth"],
  }),
};

/** Stands on dashboards and is no view of its own: numbers alone. */
export function figures(numbers: readonly ShelfField[]): Design {
  return { name: "Key Figures", shelves: shelves("textTable", { text: numbers }) };
}

/** The same sheet for some rows only, which its viewers then do not choose among. */
export function only({ name, shelves: all }: Design, caption: string, values: readonly string[]): Design {
  const filters = [...all.filters, { caption, values, isContext: true }];
  const settled = caption === "State/Province" ? [caption, "Region"] : [caption];
  return { name, shelves: { ...all, filters, quickFilters: all.quickFilters.filter((one) => !settled.includes(one)) } };
}
