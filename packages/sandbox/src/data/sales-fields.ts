import type { Field, LogicalTable, Parameter, Relationship } from "./table.ts";

const orders = "Orders_6F3B8C2D4E5A49718B0C9D1E2F3A4B5C";
const people = "People_A1D4C7F0B3E6498296C5D8EB1F4A7B0D";
const returns = "Returns_9C2E5B8F1A4D47609E3C6F9B2D5A8E1B";

export const salesTables: readonly LogicalTable[] = [
  { id: orders, caption: "Orders" },
  { id: people, caption: "People" },
  { id: returns, caption: "Returns" },
];

export const salesRelationships: readonly Relationship[] = [
  { from: orders, to: people, field: "Region" },
  { from: orders, to: returns, field: "Order ID" },
];

function dimension(caption: string, description: string, more: Partial<Field> = {}): Field {
  return {
    caption,
    name: caption,
    dataType: "STRING",
    role: "DIMENSION",
    defaultAggregation: "COUNT",
    columnClass: "COLUMN",
    description,
    table: orders,
    ...more,
  };
}

function measure(caption: string, description: string, more: Partial<Field> = {}): Field {
  return dimension(caption, description, { dataType: "REAL", role: "MEASURE", defaultAggregation: "SUM", ...more });
}

/** A calculation: of no table, and known to the data source by a number. */
function calculation(caption: string, number: string, formula: string, more: Partial<Field>): Field {
  const name = `Calculation_${number}`;
  return measure(caption, "", { name, formula, columnClass: "CALCULATION", table: undefined, ...more });
}

/** The fields of the sales table; their descriptions are what a data steward would write. */
export const salesFields: readonly Field[] = [
  dimension("Row ID", "The number of the line.", { dataType: "INTEGER" }),
  dimension("Order ID", "One order may have several lines."),
  dimension("Order Date", "The day on which the order came in.", { dataType: "DATE", defaultAggregation: "YEAR" }),
  dimension("Ship Date", "The day on which the order left; empty until then.", {
    dataType: "DATE",
    defaultAggregation: "YEAR",
  }),
  dimension("Ship Mode", "How fast the customer wanted it."),
  dimension("Customer ID", "The customer's number."),
  dimension("Customer Name", "First and last name."),
  dimension("Segment", "Consumer, Corporate or Home Office."),
  dimension("Country/Region", "Where the order was sent: the country."),
  dimension("State/Province", "Where the order was sent: the state or province."),
  dimension("City", "Where the order was sent: the city."),
  dimension("Postal Code", "Where the order was sent: the postal code."),
  dimension("Region", "The sales region that answers for the place."),
  dimension("Product ID", "The product's number."),
  dimension("Category", "The department of the shop."),
  dimension("Sub-Category", "The shelf of the department."),
  dimension("Product Name", "As printed in the catalogue."),
  dimension("Manufacturer", "Product names by who made them.", {
    name: "Product Name (group)",
    columnClass: "GROUP",
  }),
  measure("Sales", "What the customer paid for the line, discount included, in US dollars."),
  measure("Quantity", "How many were bought.", { dataType: "INTEGER" }),
  measure("Discount", "0 to 1.", { defaultAggregation: "AVG" }),
  measure("Profit", "Sales without the cost of what was sold, in US dollars."),
  dimension("Regional Manager", "Who answers for the region.", { table: people }),
  dimension("Returned", "Whether the order came back.", { table: returns }),
  calculation("Profit Ratio", "4820571936284501", "SUM([Profit])/SUM([Sales])", { defaultAggregation: "AGG" }),
  calculation("Sales per Customer", "4820571936284502", "SUM([Sales])/COUNTD([Customer Name])", {
    defaultAggregation: "AGG",
  }),
  calculation("Days to Ship", "4820571936284503", "DATEDIFF('day',[Order Date],[Ship Date])", {
    dataType: "INTEGER",
    defaultAggregation: "AVG",
  }),
  calculation("Profitable?", "4820571936284504", "[Profit] > 0", {
    dataType: "BOOLEAN",
    role: "DIMENSION",
    defaultAggregation: "COUNT",
  }),
  calculation("Sales Forecast", "4820571936284505", "[Sales] * (1 + [Parameters].[New Business Growth])", {}),
  dimension("Profit (bin)", "", {
    name: "Profit (bin)",
    dataType: "INTEGER",
    columnClass: "BIN",
    formula: "FLOOR([Profit] / [Parameters].[Profit Bin Size]) * [Parameters].[Profit Bin Size]",
    table: undefined,
  }),
];

/** One of each kind that Tableau has. */
export const salesParameters: readonly Parameter[] = [
  {
    caption: "Profit Bin Size",
    name: "Parameter 1",
    dataType: "INTEGER",
    value: 200,
    allowed: { kind: "range", min: 50, max: 500, step: 50 },
  },
  {
    caption: "Top Customers",
    name: "Parameter 2",
    dataType: "INTEGER",
    value: 5,
    allowed: { kind: "range", min: 5, max: 20, step: 5 },
  },
  {
    caption: "Segment Focus",
    name: "Parameter 3",
    dataType: "STRING",
    value: "Consumer",
    allowed: { kind: "list", members: ["Consumer", "Corporate", "Home Office"] },
  },
  { caption: "New Business Growth", name: "Parameter 4", dataType: "REAL", value: 0.6, allowed: { kind: "any" } },
  {
    caption: "Reporting Date",
    name: "Parameter 5",
    dataType: "DATE",
    value: "2025-01-01",
    allowed: { kind: "dates", min: "2000-01-01", max: "2099-12-31" },
  },
];
