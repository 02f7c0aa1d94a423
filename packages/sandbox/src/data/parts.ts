import type { SalesPart } from "./source.ts";

/** Fields that a part keeps under their own names. */
const own = (...captions: string[]): (readonly [string, string])[] => captions.map((caption) => [caption, caption]);

const place = own("Country/Region", "State/Province", "City", "Region");
const product = own("Product ID", "Category", "Sub-Category", "Product Name", "Manufacturer");
const money = own("Sales", "Quantity", "Discount", "Profit", "Profit Ratio", "Profit (bin)", "Profitable?");
const shipping = own("Order ID", "Order Date", "Ship Date", "Ship Mode", "Days to Ship");

/**
 * What the seed's data sources hold, by their names. All of it rests on the sales table, so that what they say agrees;
 * where the table is about something else, its fields have other names.
 */
const parts: Readonly<Record<string, SalesPart>> = {
  Customers: {
    fields: own("Customer ID", "Customer Name", "Segment", "Order ID", "Order Date", "Sales per Customer").concat(
      place,
      money,
    ),
  },
  Products: { fields: own("Order ID", "Order Date").concat(product, money) },
  Calendar: { fields: own("Row ID", "Order Date", "Ship Date", "Days to Ship") },
  Opportunities: {
    fields: [
      ["Order ID", "Opportunity ID"],
      ["Order Date", "Close Date"],
      ["Customer Name", "Account Name"],
      ["Segment", "Account Segment"],
      ["Category", "Solution"],
      ["Sales", "Amount"],
      ["Discount", "Discount"],
      ["Regional Manager", "Opportunity Owner"],
      ...place,
    ],
  },
  Quota: {
    fields: [
      ["Order Date", "Quota Date"],
      ["Region", "Region"],
      ["Regional Manager", "Sales Manager"],
      ["Sales Forecast", "Quota"],
      ["Sales", "Bookings"],
    ],
  },
  "Partner Bookings": {
    where: { caption: "Segment", values: ["Corporate"] },
    fields: [
      ["Order ID", "Booking ID"],
      ["Order Date", "Booking Date"],
      ["Customer Name", "Partner"],
      ["Sales", "Booking Amount"],
      ["Profit", "Margin"],
      ...own("Category", "Sub-Category"),
      ...place,
    ],
  },
  "General Ledger": {
    fields: [
      ["Row ID", "Entry ID"],
      ["Order Date", "Posting Date"],
      ["Category", "Business Unit"],
      ["Sub-Category", "Account"],
      ["Region", "Region"],
      ["Sales", "Revenue"],
      ["Profit", "Gross Profit"],
      ["Profit Ratio", "Gross Margin"],
    ],
  },
  Budget: {
    fields: [
      ["Order Date", "Period"],
      ["Category", "Business Unit"],
      ["Region", "Region"],
      ["Sales", "Actual"],
      ["Sales Forecast", "Budget"],
    ],
  },
  "Ad Spend": {
    where: { caption: "Segment", values: ["Consumer", "Home Office"] },
    fields: [
      ["Order Date", "Date"],
      ["Segment", "Audience"],
      ["Category", "Campaign"],
      ["Region", "Region"],
      ["Discount", "Click-through Rate"],
      ["Quantity", "Conversions"],
      ["Sales", "Attributed Sales"],
    ],
  },
  "Stock Movements": {
    fields: [["Row ID", "Movement ID"], ["Order Date", "Movement Date"], ["Quantity", "Units"], ...product],
  },
  Suppliers: {
    fields: [
      ["Manufacturer", "Supplier"],
      ...own("Order Date", "Category", "Product Name", "Quantity", "Sales", "Profit"),
    ],
  },
  Shipments: { fields: [...shipping, ...place, ...own("Postal Code", "Quantity", "Sales")] },
  "Support Tickets": {
    where: { caption: "Returned", values: ["Yes"] },
    fields: [
      ["Row ID", "Ticket ID"],
      ["Order ID", "Order ID"],
      ["Order Date", "Opened On"],
      ["Customer Name", "Customer Name"],
      ["Sub-Category", "Topic"],
      ["Region", "Region"],
      ["Quantity", "Items Returned"],
      ["Sales", "Refund"],
    ],
  },
  Subscriptions: {
    where: { caption: "Segment", values: ["Corporate", "Home Office"] },
    fields: [
      ["Customer ID", "Account ID"],
      ["Customer Name", "Account Name"],
      ["Segment", "Plan"],
      ["Order Date", "Renewal Date"],
      ["Sales", "Annual Value"],
      ["Quantity", "Seats"],
      ["Region", "Region"],
    ],
  },
  "Product Events": {
    where: { caption: "Category", values: ["Technology"] },
    fields: [
      ["Order Date", "Event Date"],
      ["Quantity", "Events"],
      ["Segment", "Audience"],
      ...product,
      ...own("Region"),
    ],
  },
  Headcount: about("Start Date", { Sales: "Salary Cost", Quantity: "Headcount" }),
  "Exchange Rates": about("Rate Date", { Sales: "Exposure", Profit: "Gain or Loss" }),
  "Web Sessions": about("Session Date", { Quantity: "Page Views", Discount: "Bounce Rate" }),
  Applicants: about("Applied On", { "Row ID": "Applicant ID", Quantity: "Interviews" }),
  Incidents: about("Opened On", { "Row ID": "Incident ID", Quantity: "Minutes Down" }),
  "Extract History": about("Run Date", { "Row ID": "Run ID", Quantity: "Minutes" }),
  Returns: {
    where: { caption: "Returned", values: ["Yes"] },
    fields: own("Order ID", "Order Date", "Customer Name", "Segment", "Regional Manager").concat(place, product, money),
  },
  "Regions and Managers": { fields: own("Order Date", "Segment", "Category", "Regional Manager").concat(place, money) },
  "Price List": { fields: own("Order Date", "Region", "Segment").concat(product, money) },
  "Pipeline History": about("Snapshot Date", { Sales: "Amount", Quantity: "Deals" }),
  Accruals: about("Posting Date", { Sales: "Accrued Amount", Profit: "Released Amount" }),
  "Email Sends": about("Sent On", { Quantity: "Recipients", Discount: "Open Rate" }),
  "Carrier Invoices": about("Invoice Date", {
    "Order ID": "Invoice ID",
    Sales: "Billed",
    Profit: "Variance",
  }),
  "Survey Answers": about("Answered On", { "Row ID": "Answer ID", Quantity: "Score" }),
  Employees: about("Hired On", { "Customer Name": "Employee Name", Sales: "Salary" }),
  "Key Results": about("Measured On", { Sales: "Actual", "Sales Forecast": "Target" }),
};

/** A part about something else than sales, for the same parts of Acme: its departments are business units there. */
function about(date: string, more: Readonly<Record<string, string>>): SalesPart {
  const spine: [string, string][] = [
    ["Order Date", date],
    ["Category", "Business Unit"],
    ["Sub-Category", "Product Line"],
    ["Region", "Region"],
    ["Segment", "Customer Segment"],
  ];
  return { fields: [...spine, ...Object.entries(more)] };
}

/** The part that a data source of the seed holds; the whole table when it has none of its own. */
export function partOf(datasourceName: string): SalesPart | undefined {
  return parts[datasourceName.replace(/ \d+$/, "")];
}
