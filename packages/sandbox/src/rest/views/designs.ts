import type { FieldFunction } from "../../data/table.ts";
import type { ShelfField, Shelves } from "./sheet.ts";

/**
 * A worksheet as somebody would make it from the sales table. In its name, `{Sales}` stands for the field that a data
 * source calls otherwise. It is made only from sources that have all fields on its shelves; `color`, `size`, filters
 * and parameters are left out where they are missing.
 */
export type Design = { name: string; shelves: Shelves };

const field = (caption: string): ShelfField => ({ caption });
const by = (aggregation: FieldFunction) => (caption: string) => ({ caption, function: aggregation });
const sum = by("SUM");
const average = by("AVG");
const month = by("TRUNC_MONTH");
const quarter = by("TRUNC_QUARTER");
const ratio = field("Profit Ratio");

/** What most sheets let their viewers filter by. */
const usual = ["Region", "Category", "Segment"];

function shelves(mark: Shelves["mark"], more: Partial<Shelves>): Shelves {
  return {
    mark,
    columns: [],
    rows: [],
    text: [],
    detail: [],
    filters: [],
    quickFilters: usual,
    parameters: [],
    ...more,
  };
}

/** Lying bars of a field, the longest first. */
function ranking(caption: string, measure: ShelfField, more: Partial<Shelves> = {}): Shelves {
  const sort = { by: measure, direction: "descending" as const };
  return shelves("bar", { rows: [field(caption)], columns: [measure], sort, ...more });
}

function top(caption: string, measure: ShelfField, count: number | string): Partial<Shelves> {
  return {
    top: { of: field(caption), by: measure, count },
    parameters: typeof count === "string" ? [count] : [],
  };
}

/** Stands on dashboards and is no view of its own. */
export const keyFigures: Design = {
  name: "Key Figures",
  shelves: shelves("textTable", {
    text: [sum("Sales"), sum("Profit"), ratio, sum("Quantity"), by("COUNTD")("Order ID")],
  }),
};

export const designs: readonly Design[] = [
  {
    name: "{Sales} by {Region}",
    shelves: shelves("bar", {
      columns: [field("Region")],
      rows: [sum("Sales")],
      sort: { by: sum("Sales"), direction: "descending" },
    }),
  },
  {
    name: "Monthly Trend",
    shelves: shelves("line", { columns: [month("Order Date")], rows: [sum("Sales")], color: field("Region") }),
  },
  {
    name: "{Sales} and {Profit} by {Sub-Category}",
    shelves: ranking("Sub-Category", sum("Sales"), { color: sum("Profit") }),
  },
  {
    name: "{Sales} and {Profit} by {Customer Name}",
    shelves: shelves("scatter", {
      columns: [sum("Sales")],
      rows: [sum("Profit")],
      detail: [field("Customer Name")],
      color: field("Segment"),
      size: sum("Quantity"),
    }),
  },
  { name: "Share of {Segment}", shelves: shelves("pie", { color: field("Segment"), size: sum("Sales") }) },
  {
    name: "{Profit Ratio} by {Sub-Category} and {Region}",
    shelves: shelves("heatMap", { columns: [field("Region")], rows: [field("Sub-Category")], color: ratio }),
  },
  {
    name: "{Sub-Category} Details",
    shelves: shelves("textTable", {
      rows: [field("Category"), field("Sub-Category")],
      text: [sum("Sales"), sum("Profit"), sum("Quantity"), average("Discount")],
    }),
  },
  {
    name: "{Category} Mix",
    shelves: shelves("stackedBar", {
      columns: [by("YEAR")("Order Date")],
      rows: [sum("Sales")],
      color: field("Category"),
    }),
  },
  {
    name: "Top {Customer Name}s",
    shelves: ranking("Customer Name", sum("Sales"), top("Customer Name", sum("Sales"), "Top Customers")),
  },
  {
    name: "Year over Year",
    shelves: shelves("line", {
      columns: [by("MONTH")("Order Date")],
      rows: [sum("Sales")],
      color: by("YEAR")("Order Date"),
    }),
  },
  {
    name: "{Profit} Distribution",
    shelves: shelves("histogram", {
      columns: [field("Profit (bin)")],
      rows: [by("COUNT")("Order ID")],
      parameters: ["Profit Bin Size"],
    }),
  },
  {
    name: "Seasonality",
    shelves: shelves("heatMap", {
      columns: [by("MONTH")("Order Date")],
      rows: [by("YEAR")("Order Date")],
      color: sum("Sales"),
    }),
  },
  {
    name: "{Sales} over Time",
    shelves: shelves("area", { columns: [quarter("Order Date")], rows: [sum("Sales")], color: field("Category") }),
  },
  {
    name: "{Sales} by {State/Province}",
    shelves: ranking("State/Province", sum("Sales"), top("State/Province", sum("Sales"), 15)),
  },
  {
    name: "{Discount} by {Category}",
    shelves: shelves("bar", { columns: [field("Category")], rows: [average("Discount")] }),
  },
  {
    name: "{Days to Ship} by {Ship Mode}",
    shelves: shelves("bar", { columns: [field("Ship Mode")], rows: [average("Days to Ship")] }),
  },
  { name: "{Profit} by {Regional Manager}", shelves: ranking("Regional Manager", sum("Profit"), { color: ratio }) },
  {
    name: "{Sales Forecast}",
    shelves: shelves("line", {
      columns: [month("Order Date")],
      rows: [sum("Sales Forecast")],
      color: field("Region"),
      parameters: ["New Business Growth"],
    }),
  },
  {
    name: "{Sales} by {Region} and {Segment}",
    shelves: shelves("textTable", { rows: [field("Region")], columns: [field("Segment")], text: [sum("Sales")] }),
  },
  {
    name: "Best {Product Name}s",
    shelves: ranking("Product Name", sum("Sales"), top("Product Name", sum("Sales"), 12)),
  },
  {
    name: "{Quantity} by {Manufacturer}",
    shelves: ranking("Manufacturer", sum("Quantity"), top("Manufacturer", sum("Quantity"), 12)),
  },
  { name: "Share of {Category}", shelves: shelves("pie", { color: field("Category"), size: sum("Quantity") }) },
  {
    name: "{Quantity} over Time",
    shelves: shelves("area", { columns: [month("Order Date")], rows: [sum("Quantity")] }),
  },
  {
    name: "{Order ID}s per Month",
    shelves: shelves("area", { columns: [month("Order Date")], rows: [by("COUNTD")("Order ID")] }),
  },
  {
    name: "{Row ID}s per Month",
    shelves: shelves("area", { columns: [month("Order Date")], rows: [by("COUNT")("Row ID")] }),
  },
  {
    name: "{Days to Ship} Trend",
    shelves: shelves("line", { columns: [month("Order Date")], rows: [average("Days to Ship")] }),
  },
  {
    name: "Returns by {Category}",
    shelves: shelves("stackedBar", {
      rows: [field("Category")],
      columns: [by("COUNTD")("Order ID")],
      color: field("Returned"),
    }),
  },
  {
    name: "{Sales} in {Region} West",
    shelves: ranking("State/Province", sum("Sales"), { filters: [{ caption: "Region", values: ["West"] }] }),
  },
];

/** What a workbook begins with, by its name, where not just any sheets will do. */
export const featured: Readonly<Record<string, readonly string[]>> = {
  Superstore: [
    "{Sales} by {Region}",
    "Monthly Trend",
    "{Sales} and {Profit} by {Sub-Category}",
    "Share of {Segment}",
    "{Sub-Category} Details",
  ],
  "Customer 360": [
    "Top {Customer Name}s",
    "{Sales} and {Profit} by {Customer Name}",
    "Share of {Segment}",
    "Year over Year",
  ],
};
