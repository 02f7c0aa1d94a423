import type { Random } from "./random.ts";

/** Where Acme keeps its content: each project by its path, with what it is for. */
export const projectPaths: readonly [path: string, description: string][] = [
  ["Default", "The default project that was automatically created by Tableau."],
  ["Sales", "Sales, quota and discounts of every region."],
  ["Sales/West", "From the Rocky Mountains to the Pacific, with Alberta and British Columbia."],
  ["Sales/West/California", "City by city, for the team in Los Angeles."],
  ["Sales/East", "The Atlantic coast down to Maryland, with Ontario and Quebec."],
  ["Sales/East/New York", "The accounts of our largest state."],
  ["Sales/Central", "From Texas to Minnesota, and what it takes to earn money there."],
  ["Sales/Central/Texas", "Houston, Dallas, Austin, San Antonio and El Paso."],
  ["Sales/South", "From Virginia to Florida and Louisiana."],
  ["Sales/South/Florida", "A state with seasons of its own."],
  ["Sales/Canada", "The Canadian company: its provinces, its warehouse, its freight."],
  ["Sales/Key accounts", "Companies that an account executive looks after."],
  ["Finance", "The numbers that leave the company."],
  ["Finance/Month-end close", "Flash figures and the comparison of the two companies."],
  ["Finance/Planning", "Budget, forecast and scenarios."],
  ["Finance/Treasury", "Money that came in, and its currencies. Not for contractors."],
  ["Finance/Tax", "What is taxable, state by state."],
  ["Marketing", "Promotions, channels, brands and customers."],
  ["Marketing/Promotions", "What discounts bring and what they cost."],
  ["Marketing/Online shop", "Orders that came in through our own pages."],
  ["Marketing/Brands", "The makers that we carry."],
  ["Marketing/Customer insight", "Segments and cohorts."],
  ["Merchandising", "What we sell, at which price."],
  ["Merchandising/Catalogue", "Every product, from best seller to shelf warmer."],
  ["Merchandising/Pricing", "The price list and what becomes of it."],
  ["Merchandising/Furniture", "For the buyers of furniture."],
  ["Merchandising/Office supplies", "For the buyers of office supplies."],
  ["Merchandising/Technology", "For the buyers of technology."],
  ["Operations", "From supplier to doorstep."],
  ["Operations/Supply chain", "Suppliers and what we buy from them."],
  ["Operations/Logistics", "Shipments, carriers and their invoices."],
  ["Operations/Logistics/Warehouses", "Atlanta, Dallas, Harrisburg, Mississauga and Reno."],
  ["Operations/Quality", "What was damaged, defective or wrong."],
  ["Customer success", "Customers after their order."],
  ["Customer success/Support", "Return requests and refunds."],
  ["Customer success/Repeat business", "Those who come back."],
  ["Customer success/New customers", "The first order, and the way to the second."],
  ["People", "The sales team's targets and results. Restricted."],
  ["People/Compensation", "Commissions. Restricted."],
  ["Executive", "What the leadership team and the board look at. Restricted."],
  ["Data platform", "Data that others can rely on, and the watch over it."],
  ["Data platform/Certified sources", "Sources that the data team answers for."],
  ["Data platform/Monitoring", "Loads, and orders that are not complete."],
  ["Sandbox", "Try things here; it is cleared each quarter."],
];

type DatasourcePlan = readonly [name: string, project: string, type: string, description: string];

/** Acme's published data sources: name, project path, connection type, what is in it. What they hold: data/parts.ts. */
export const datasourcePlans: readonly DatasourcePlan[] = [
  [
    "Superstore Datasource",
    "Default",
    "excel-direct",
    "Four years of orders with their customers, products and profit.",
  ],
  [
    "Orders",
    "Data platform/Certified sources",
    "snowflake",
    "Every order line with all that is known of it. Start here.",
  ],
  ["Customers", "Data platform/Certified sources", "snowflake", "Who buys from us, since when, and how much."],
  ["Products", "Data platform/Certified sources", "snowflake", "The catalogue with what is sold of each product."],
  ["Returns", "Data platform/Certified sources", "snowflake", "Orders that came back, with the reason given."],
  [
    "Regions and Managers",
    "Data platform/Certified sources",
    "postgres",
    "States and cities by region, who answers for them, and their targets.",
  ],
  ["Daily Sales", "Data platform/Certified sources", "postgres", "Totals of each day, as the books have them."],
  ["Quota", "Sales", "google-sheets", "Bookings beside the quota of each account executive."],
  ["Key Accounts", "Sales/Key accounts", "salesforce", "Corporate customers as the CRM has them, with their orders."],
  ["Canadian Orders", "Sales/Canada", "snowflake", "Orders delivered in Canada, in US dollars."],
  ["General Ledger", "Finance", "sqlserver", "Revenue, cost of goods and freight, posted by the day of the order."],
  [
    "Shipped Revenue",
    "Finance/Month-end close",
    "sqlserver",
    "Revenue by the day on which it was invoiced: that of shipping.",
  ],
  ["Budget", "Finance/Planning", "excel-direct", "The plan for each product group and region, beside what came in."],
  [
    "Planning Scenarios",
    "Finance/Planning",
    "excel-direct",
    "Sales as they would be with other growth; change the parameter.",
  ],
  ["Receipts", "Finance/Treasury", "postgres", "Payments by payer, currency and channel."],
  ["Taxable Sales", "Finance/Tax", "sqlserver", "Sales by the place of delivery, down to the postal code."],
  ["Promotions", "Marketing/Promotions", "bigquery", "List value, discount and profit of every order line."],
  ["Online Orders", "Marketing/Online shop", "bigquery", "Orders from the online shop alone."],
  ["Brand Sales", "Marketing/Brands", "bigquery", "Sales by maker, for the talks with them."],
  ["Customer Cohorts", "Marketing/Customer insight", "bigquery", "Orders by when their customer first came."],
  ["Assortment", "Merchandising", "databricks", "Products with prices, discounts, sales and returns."],
  ["Price List", "Merchandising/Pricing", "excel-direct", "List values and the prices that were paid."],
  ["Suppliers", "Operations/Supply chain", "postgres", "What we buy from each maker, and how much of it comes back."],
  [
    "Shipments",
    "Operations/Logistics",
    "redshift",
    "Orders on their way: when they left, with whom, and whether in time.",
  ],
  ["Carrier Invoices", "Operations/Logistics", "redshift", "What carriers bill for each shipment."],
  ["Stock Movements", "Operations/Logistics/Warehouses", "redshift", "Picks by product and warehouse."],
  ["Quality Cases", "Operations/Quality", "postgres", "Complaints by product, maker, carrier and reason."],
  ["Return Requests", "Customer success/Support", "snowflake", "What customers want to send back, and what for."],
  ["Repeat Orders", "Customer success/Repeat business", "snowflake", "Orders of customers who had ordered before."],
  ["First Orders", "Customer success/New customers", "snowflake", "The first order of each customer."],
  ["Sales Team", "People", "postgres", "Targets and results by employee. Confidential."],
  ["Commissions", "People/Compensation", "postgres", "Commission earned on each order line. Confidential."],
  ["Key Results", "Executive", "google-sheets", "The measures of the company's plan."],
  [
    "Extract History",
    "Data platform/Monitoring",
    "postgres",
    "How many records each load brought, by the system of origin.",
  ],
];

const tagNames: readonly [string, ...string[]] = [
  "certified",
  "weekly",
  "executive",
  "draft",
  "finance",
  "sales",
  "q4",
  "external",
];

/** `Price/Volume Review` → `PriceVolumeReview`: Tableau drops what does not belong into an address. */
export function contentUrlOf(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "");
}

export function pickTags(random: Random): string[] {
  const tags = Array.from({ length: random.between(0, 3) }, () => random.pick(tagNames));
  return [...new Set(tags)];
}
