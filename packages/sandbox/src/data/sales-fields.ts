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

/** The fields that the sales table shows by itself; their descriptions are what a data steward would write. */
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
  calculation("Profit Ratio", "4820571936284501", "SUM([Profit])/SUM([Sales])", {
    defaultAggregation: "AGG",
    description: "Profit as a part of sales.",
  }),
  calculation("Sales per Customer", "4820571936284502", "SUM([Sales])/COUNTD([Customer Name])", {
    defaultAggregation: "AGG",
    description: "What a customer brings in, in US dollars.",
  }),
  calculation("Days to Ship", "4820571936284503", "DATEDIFF('day',[Order Date],[Ship Date])", {
    dataType: "INTEGER",
    defaultAggregation: "AVG",
    description: "Days from the order until it left; empty until then.",
  }),
  calculation("Profitable?", "4820571936284504", "[Profit] > 0", {
    dataType: "BOOLEAN",
    role: "DIMENSION",
    defaultAggregation: "COUNT",
    description: "Whether the line earned anything.",
  }),
  calculation("Sales Forecast", "4820571936284505", "[Sales] * (1 + [Parameters].[New Business Growth])", {
    description: "Sales as they would be if new business grew as the parameter says.",
  }),
  dimension("Profit (bin)", "Profit in steps of the size that the parameter says.", {
    name: "Profit (bin)",
    dataType: "INTEGER",
    columnClass: "BIN",
    formula: "FLOOR([Profit] / [Parameters].[Profit Bin Size]) * [Parameters].[Profit Bin Size]",
    table: undefined,
  }),
];

/** A calculation that aggregates by itself. */
function aggregate(caption: string, number: string, formula: string, description: string, more: Partial<Field> = {}) {
  return calculation(caption, number, formula, { defaultAggregation: "AGG", description, ...more });
}

const whole = { dataType: "INTEGER" } as const;
const words = { dataType: "STRING", role: "DIMENSION", defaultAggregation: "COUNT" } as const;

/** What Acme knows of its orders beside that: parts of the sales table (parts.ts) show some of it. */
const moreFields: readonly Field[] = [
  dimension("Channel", "How the order came in: online shop, marketplace, phone or account team."),
  dimension("Account Owner", "Who of the sales team looks after the customer in the region of the order."),
  dimension("Customer Since", "The day of the customer's first order.", {
    dataType: "DATE",
    defaultAggregation: "YEAR",
  }),
  dimension("Customer Type", "New with the first order, returning with every later one."),
  dimension("Warehouse", "Where the order was packed."),
  dimension("Carrier", "Who carried the order."),
  dimension("Return Date", "The day on which the order came back; empty for those that did not.", {
    dataType: "DATE",
    defaultAggregation: "YEAR",
    table: returns,
  }),
  dimension("Return Reason", "Why the customer sent the order back.", { table: returns }),
  measure("Sales Target", "What the line was to bring in: the plan of its region and product group, in US dollars."),
  measure("Shipping Cost", "What the carrier bills for the line, in US dollars."),
  measure("Days Promised", "Within how many days the order was to be shipped.", {
    ...whole,
    defaultAggregation: "AVG",
  }),
  aggregate("Order Count", "4820571936284506", "COUNTD([Order ID])", "How many orders there are.", whole),
  aggregate("Customer Count", "4820571936284507", "COUNTD([Customer ID])", "How many customers ordered.", whole),
  aggregate("Record Count", "4820571936284508", "COUNT([Row ID])", "How many order lines there are.", whole),
  aggregate(
    "Average Order Value",
    "4820571936284509",
    "SUM([Sales])/COUNTD([Order ID])",
    "What an order brings in, in US dollars.",
  ),
  aggregate("Unit Price", "4820571936284510", "SUM([Sales])/SUM([Quantity])", "What one piece was sold for."),
  calculation("List Value", "4820571936284511", "[Sales]/(1-[Discount])", {
    description: "What the line would have brought in without its discount.",
  }),
  calculation("Discount Amount", "4820571936284512", "[Sales]/(1-[Discount])-[Sales]", {
    description: "What the discount took off, in US dollars.",
  }),
  calculation(
    "Discount Band",
    "4820571936284513",
    "IF [Discount] = 0 THEN '0%' ELSEIF [Discount] <= 0.1 THEN '1% to 10%' " +
      "ELSEIF [Discount] <= 0.2 THEN '11% to 20%' ELSEIF [Discount] <= 0.3 THEN '21% to 30%' ELSE 'Over 30%' END",
    { ...words, description: "How deep the discount is." },
  ),
  calculation("Cost", "4820571936284514", "[Sales]-[Profit]", { description: "What the goods cost, in US dollars." }),
  aggregate("Attainment", "4820571936284515", "SUM([Sales])/SUM([Sales Target])", "Sales as a part of the target."),
  calculation("Variance", "4820571936284516", "[Sales]-[Sales Target]", {
    description: "By how much sales are above the target, in US dollars; below it they are negative.",
  }),
  calculation(
    "Ship Status",
    "4820571936284517",
    "IF ISNULL([Ship Date]) THEN 'Open' " +
      "ELSEIF DATEDIFF('day',[Order Date],[Ship Date]) <= [Days Promised] THEN 'On time' ELSE 'Late' END",
    { ...words, description: "Open until it is shipped; then on time or late." },
  ),
  aggregate(
    "On-time Rate",
    "4820571936284518",
    "COUNTD(IF DATEDIFF('day',[Order Date],[Ship Date]) <= [Days Promised] THEN [Order ID] END)" +
      "/COUNTD(IF NOT ISNULL([Ship Date]) THEN [Order ID] END)",
    "Which part of the shipped orders left within the days promised.",
  ),
  aggregate(
    "Return Rate",
    "4820571936284519",
    "COUNTD(IF [Returned] = 'Yes' THEN [Order ID] END)/COUNTD([Order ID])",
    "Which part of the orders came back.",
  ),
  aggregate(
    "Repeat Share",
    "4820571936284520",
    "SUM(IF [Customer Type] = 'Returning' THEN [Sales] ELSE 0 END)/SUM([Sales])",
    "Which part of sales comes from customers who had ordered before.",
  ),
  aggregate("Freight Share", "4820571936284521", "SUM([Shipping Cost])/SUM([Sales])", "Shipping as a part of sales."),
  calculation("Profit after Freight", "4820571936284522", "[Profit]-[Shipping Cost]", {
    description: "Profit without what the carriers bill, in US dollars.",
  }),
  calculation("Commission", "4820571936284523", "[Sales]*IIF([Discount] > 0.2, 0.01, 0.03)", {
    description: "3% of sales; 1% where the discount is above 20%.",
  }),
  calculation("Currency", "4820571936284524", "IIF([Country/Region] = 'Canada', 'CAD', 'USD')", {
    ...words,
    description: "What the customer pays in.",
  }),
  aggregate(
    "Lines per Order",
    "4820571936284525",
    "COUNT([Row ID])/COUNTD([Order ID])",
    "How many different products an order has.",
  ),
];

/** Every field that a part of the sales table may show. */
export const allFields: readonly Field[] = [...salesFields, ...moreFields];

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

/** The field that a parameter is for: without the one nobody needs the other. */
export const parameterFields: Readonly<Record<string, string>> = {
  "Profit Bin Size": "Profit (bin)",
  "Top Customers": "Customer Name",
  "Segment Focus": "Segment",
  "New Business Growth": "Sales Forecast",
  "Reporting Date": "Order Date",
};
