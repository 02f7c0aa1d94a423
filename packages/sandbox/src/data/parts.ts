import type { SalesPart } from "./source.ts";

type Names = readonly (readonly [caption: string, here: string])[];

/** Fields that a part keeps under their own names. */
const own = (...captions: string[]): Names => captions.map((caption) => [caption, caption]);

/** Fields of the sales table, by what they are called here. */
const as = (names: Readonly<Record<string, string>>): Names =>
  Object.entries(names).map(([here, caption]) => [caption, here]);

const place = own("Country/Region", "State/Province", "City", "Region");
const product = own("Product ID", "Category", "Sub-Category", "Product Name", "Manufacturer");
const money = own("Sales", "Quantity", "Discount", "Profit", "Profit Ratio", "Profit (bin)", "Profitable?");
const order = own("Order ID", "Order Date", "Order Count", "Average Order Value");
const customer = own("Customer ID", "Customer Name", "Segment", "Customer Count");
const shipping = own("Ship Date", "Ship Mode", "Days to Ship", "Days Promised", "Ship Status", "On-time Rate");
const pricing = own("List Value", "Discount Amount", "Discount Band", "Unit Price");
const target = own("Sales Target", "Attainment", "Variance");

const where = (caption: string, ...values: string[]): Pick<SalesPart, "where"> => ({ where: { caption, values } });

/** Orders that came back, and those that have left. */
const returned = where("Returned", "Yes");
const shipped = where("Shipped", "Yes");

/**
 * What the seed's data sources hold, by their names. All of it rests on the sales table, so that what they say agrees:
 * each shows the rows and the fields that its people work with, in their words.
 */
const parts: Readonly<Record<string, SalesPart>> = {
  Orders: {
    fields: [
      ...own("Row ID", "Channel", "Record Count", "Lines per Order", "Regional Manager", "Returned", "Return Rate"),
      ...[order, shipping, customer, place, product, money].flat(),
    ],
  },
  Customers: {
    table: "Customers",
    fields: [
      ...own("Customer Since", "Customer Type", "Account Owner", "Sales per Customer", "Repeat Share", "Channel"),
      ...[order, customer, place, money, own("Category", "Sub-Category")].flat(),
    ],
  },
  Products: { table: "Products", fields: [...order, ...product, ...money, ...own("Unit Price", "Region", "Segment")] },
  Returns: {
    ...returned,
    table: "Returned Orders",
    fields: [
      ...as({ Refund: "Sales" }),
      ...own("Order ID", "Order Date", "Order Count", "Return Date", "Return Reason", "Quantity", "Channel"),
      ...[customer, place, product].flat(),
    ],
  },
  "Regions and Managers": {
    table: "Regions",
    fields: [...own("Order ID", "Order Date", "Regional Manager", "Account Owner"), ...place, ...money, ...target],
  },
  "Daily Sales": {
    table: "Daily Sales",
    fields: [
      ...as({ Date: "Order Date", Orders: "Order Count", Units: "Quantity" }),
      ...own("Order ID", "Country/Region", "Region", "Category", "Sales", "Profit", "Profit Ratio"),
    ],
  },
  Quota: {
    table: "Quota",
    fields: [
      ...as({ "Quota Date": "Order Date", "Sales Manager": "Regional Manager", "Account Executive": "Account Owner" }),
      ...as({ Quota: "Sales Target", Bookings: "Sales", "Gap to Quota": "Variance" }),
      ...own("Region", "Category", "Segment", "Attainment"),
    ],
  },
  "Key Accounts": {
    ...where("Segment", "Corporate"),
    table: "Accounts",
    fields: [
      ...as({ "Account ID": "Customer ID", "Account Name": "Customer Name", Accounts: "Customer Count" }),
      ...own("Account Owner", "Customer Since", "Channel", "Category", "Sub-Category", ...target.map(([one]) => one)),
      ...[order, place, money].flat(),
    ],
  },
  "Canadian Orders": {
    ...where("Country/Region", "Canada"),
    table: "Canadian Orders",
    fields: [
      ...as({ Province: "State/Province" }),
      ...own("City", "Channel", "Warehouse", "Shipping Cost", "Freight Share"),
      ...[order, customer, shipping, product, money].flat(),
    ],
  },
  "General Ledger": {
    table: "Ledger Entries",
    fields: [
      ...as({
        "Entry ID": "Row ID",
        "Posting Date": "Order Date",
        "Business Unit": "Category",
        Account: "Sub-Category",
      }),
      ...as({ Entity: "Country/Region", Revenue: "Sales", "Cost of Goods": "Cost", Freight: "Shipping Cost" }),
      ...as({
        "Gross Profit": "Profit",
        "Gross Margin": "Profit Ratio",
        "Margin after Freight": "Profit after Freight",
      }),
      ...own("Region", "Segment", "Freight Share"),
    ],
  },
  "Shipped Revenue": {
    ...shipped,
    table: "Shipped Revenue",
    fields: [
      ...as({ "Invoice ID": "Order ID", "Invoiced On": "Ship Date", Entity: "Country/Region", Revenue: "Sales" }),
      ...as({ "Business Unit": "Category", "Gross Profit": "Profit", Invoices: "Order Count" }),
      ...own("Region", "Segment", "Channel"),
    ],
  },
  Budget: {
    table: "Budget",
    fields: [
      ...as({ Period: "Order Date", "Business Unit": "Category", "Product Group": "Sub-Category" }),
      ...as({ Actual: "Sales", Budget: "Sales Target", "Over Budget": "Variance", "Budget Reached": "Attainment" }),
      ...own("Region", "Segment"),
    ],
  },
  "Planning Scenarios": {
    table: "Scenarios",
    fields: [
      ...as({
        "Forecast Date": "Order Date",
        "Business Unit": "Category",
        Actual: "Sales",
        Scenario: "Sales Forecast",
      }),
      ...own("Region", "Segment"),
    ],
  },
  Receipts: {
    ...shipped,
    table: "Receipts",
    fields: [
      ...as({ "Invoice ID": "Order ID", "Received On": "Ship Date", Entity: "Country/Region", Amount: "Sales" }),
      ...as({ Invoices: "Order Count", Payer: "Customer Name", "Payer Type": "Segment" }),
      ...own("Currency", "Channel"),
    ],
  },
  "Taxable Sales": {
    table: "Taxable Sales",
    fields: [
      ...as({ "Invoice ID": "Order ID", "Invoice Date": "Order Date", "Taxable Amount": "Sales" }),
      ...as({ Invoices: "Order Count", "Goods Group": "Category" }),
      ...own("Country/Region", "State/Province", "City", "Postal Code", "Segment"),
    ],
  },
  Promotions: {
    table: "Promotions",
    fields: [
      ...own("Channel"),
      ...[order, pricing, money, own("Category", "Sub-Category", "Region", "Segment", "Manufacturer")].flat(),
    ],
  },
  "Online Orders": {
    ...where("Channel", "Online shop"),
    table: "Online Orders",
    fields: [
      ...own("Row ID", "Customer Type", "Repeat Share", "Lines per Order", "Category", "Sub-Category", "Product Name"),
      ...own("Ship Mode", "Returned", "Return Rate"),
      ...[order, customer, place, money].flat(),
    ],
  },
  "Brand Sales": {
    table: "Brand Sales",
    fields: [
      ...as({ Brand: "Manufacturer", Units: "Quantity" }),
      ...own("Product Name", "Category", "Sub-Category", "Region", "Segment", "Unit Price"),
      ...own("Sales", "Discount", "Profit", "Profit Ratio"),
      ...order,
    ],
  },
  "Customer Cohorts": {
    table: "Cohorts",
    fields: [
      ...own("Customer Since", "Customer Type", "Repeat Share", "Sales per Customer", "Channel", "Category", "Region"),
      ...[order, customer, own("Sales", "Profit")].flat(),
    ],
  },
  Assortment: {
    table: "Assortment",
    fields: [
      ...own("Customer ID", "Customer Count", "Region", "Segment", "Returned", "Return Rate"),
      ...[order, product, pricing, money].flat(),
    ],
  },
  "Price List": {
    table: "Prices",
    fields: [
      ...as({ "Sold On": "Order Date" }),
      ...own("Sales", "Quantity", "Discount", "Region"),
      ...[product, pricing].flat(),
    ],
  },
  "Stock Movements": {
    ...shipped,
    table: "Stock Movements",
    fields: [
      ...as({ "Movement ID": "Row ID", "Picked On": "Ship Date", Units: "Quantity", Picks: "Record Count" }),
      ...own("Warehouse"),
      ...product,
    ],
  },
  Suppliers: {
    table: "Suppliers",
    fields: [
      ...as({ Supplier: "Manufacturer", Units: "Quantity", Purchases: "Cost", "Complaint Rate": "Return Rate" }),
      ...own("Order ID", "Order Date", "Order Count", "Category", "Sub-Category", "Product Name", "Returned"),
      ...own("Sales", "Profit"),
    ],
  },
  Shipments: {
    table: "Shipments",
    fields: [
      ...own("Order ID", "Order Date", "Order Count", "Carrier", "Warehouse", "Postal Code", "Quantity", "Category"),
      ...[shipping, place].flat(),
    ],
  },
  "Carrier Invoices": {
    table: "Carrier Invoices",
    fields: [
      ...as({
        "Shipment ID": "Order ID",
        "Invoice Date": "Order Date",
        Billed: "Shipping Cost",
        Shipments: "Order Count",
      }),
      ...as({ "Goods Value": "Sales", Pieces: "Quantity" }),
      ...own("Carrier", "Warehouse", "Ship Mode", "Freight Share", "Category", "Sub-Category"),
      ...place,
    ],
  },
  "Quality Cases": {
    ...returned,
    table: "Quality Cases",
    fields: [
      ...as({ "Case ID": "Row ID", "Reported On": "Return Date", Reason: "Return Reason", Cases: "Record Count" }),
      ...as({ Supplier: "Manufacturer", "Value at Stake": "Sales", Pieces: "Quantity" }),
      ...own("Category", "Sub-Category", "Product Name", "Carrier", "Warehouse", "Region"),
    ],
  },
  "Return Requests": {
    ...returned,
    table: "Return Requests",
    fields: [
      ...as({
        "Request ID": "Row ID",
        "Requested On": "Return Date",
        Reason: "Return Reason",
        Requests: "Record Count",
      }),
      ...as({ "Items Returned": "Quantity", Refund: "Sales" }),
      ...own("Order ID", "Customer Name", "Segment", "Channel", "Category", "Sub-Category", "Region"),
    ],
  },
  "Repeat Orders": {
    ...where("Customer Type", "Returning"),
    table: "Repeat Orders",
    fields: [
      ...own("Customer Since", "Sales per Customer", "Account Owner", "Channel", "Category", "Sub-Category", "Region"),
      ...[order, customer, own("Sales", "Profit", "Profit Ratio", "Quantity")].flat(),
    ],
  },
  "First Orders": {
    ...where("Customer Type", "New"),
    table: "First Orders",
    fields: [
      ...as({ "New Customers": "Customer Count" }),
      ...own("Customer ID", "Customer Name", "Segment", "Channel", "Category", "Sub-Category", "Account Owner"),
      ...own("Discount", "Sales", "Profit", "Quantity"),
      ...[order, place].flat(),
    ],
  },
  "Sales Team": {
    table: "Sales Team",
    fields: [
      ...as({
        Employee: "Account Owner",
        Manager: "Regional Manager",
        "Closed On": "Order Date",
        Accounts: "Customer Count",
      }),
      ...as({ Target: "Sales Target", Sales: "Sales", "Gap to Target": "Variance" }),
      ...own("Order ID", "Order Count", "Customer ID", "Region", "Segment", "Attainment", "Profit", "Discount"),
    ],
  },
  Commissions: {
    table: "Commissions",
    fields: [
      ...as({
        Employee: "Account Owner",
        Manager: "Regional Manager",
        "Earned On": "Order Date",
        "Booked Sales": "Sales",
      }),
      ...own("Region", "Segment", "Discount", "Commission"),
    ],
  },
  "Key Results": {
    table: "Key Results",
    fields: [
      ...as({ "Measured On": "Order Date", "Business Unit": "Category", Actual: "Sales", Target: "Sales Target" }),
      ...as({ Gap: "Variance", Margin: "Profit Ratio", "On-time Delivery": "On-time Rate" }),
      ...own("Order ID", "Ship Date", "Days Promised", "Returned", "Customer Type", "Customer ID", "Customer Count"),
      ...own("Region", "Segment", "Profit", "Attainment", "Order Count", "Return Rate", "Repeat Share"),
    ],
  },
  "Extract History": {
    table: "Extract Loads",
    fields: [
      ...as({ "Record ID": "Row ID", "Loaded On": "Order Date", Records: "Record Count", "Order System": "Channel" }),
      ...own("Region", "Category"),
    ],
  },
};

/** The part that a data source of the seed holds; the whole table when it has none of its own. */
export function partOf(datasourceName: string): SalesPart | undefined {
  return parts[datasourceName.replace(/ \d+$/, "")];
}
