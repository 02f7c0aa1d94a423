import type { Random } from "./random.ts";

/** Where Acme keeps its content: each project by its path, with what it is for. */
export const projectPaths: readonly [path: string, description: string][] = [
  ["Default", "The default project that was automatically created by Tableau."],
  ["Sales", "Pipeline, bookings and quota for every region."],
  ["Sales/Americas", "North and South America."],
  ["Sales/EMEA", "Europe, the Middle East and Africa."],
  ["Sales/EMEA/DACH", "Germany, Austria and Switzerland."],
  ["Sales/EMEA/Nordics", "Denmark, Finland, Norway and Sweden."],
  ["Sales/APAC", "Asia and the Pacific."],
  ["Finance", "The numbers that leave the company."],
  ["Finance/Month-end close", "Reconciliations and flash reports."],
  ["Finance/Planning", "Budget, forecast and headcount."],
  ["Finance/Treasury", "Cash and currency exposure."],
  ["Marketing", "Campaigns, web and brand."],
  ["Marketing/Campaigns", "Spend and return, campaign by campaign."],
  ["Marketing/Web analytics", "Traffic, funnels and search."],
  ["Operations", "From supplier to doorstep."],
  ["Operations/Supply chain", "Inventory, suppliers and lead times."],
  ["Operations/Logistics", "Carriers, routes and delivery."],
  ["Operations/Logistics/Warehouses", "Picking, packing and stock accuracy."],
  ["Customer success", "Health, renewals and support."],
  ["Customer success/Support", "Tickets and satisfaction."],
  ["Customer success/Renewals", "What comes up, and how likely it stays."],
  ["People", "Hiring, tenure and engagement. Restricted."],
  ["People/Recruiting", "Open roles and time to hire."],
  ["Product", "How the product is used."],
  ["Product/Adoption", "Features, cohorts and retention."],
  ["Product/Reliability", "Incidents and service levels."],
  ["Executive", "The weekly business review."],
  ["Data platform", "Certified sources and monitoring."],
  ["Data platform/Certified sources", "Sources that the data team answers for."],
  ["Sandbox", "Try things here; it is cleared each quarter."],
];

/** Acme's workbooks, by project path. */
export const workbookNames: readonly [project: string, ...names: string[]][] = [
  ["Default", "Superstore", "World Indicators", "Regional"],
  ["Sales", "Sales Overview", "Quota & Attainment", "Win/Loss Review", "Discount Discipline"],
  ["Sales/Americas", "Americas Pipeline", "Territory Planner", "State by State"],
  ["Sales/EMEA", "EMEA Pipeline", "Partner Channel", "Public Sector"],
  ["Sales/EMEA/DACH", "DACH Forecast"],
  ["Sales/EMEA/Nordics", "Nordics Forecast"],
  ["Sales/APAC", "APAC Pipeline", "Distributor Scorecard", "Japan Launch"],
  ["Finance", "Profit and Loss", "Margin Bridge", "Cost to Serve"],
  ["Finance/Month-end close", "Flash Report", "Intercompany Reconciliation"],
  ["Finance/Planning", "Budget vs Actual", "Headcount Plan", "Rolling Forecast"],
  ["Finance/Treasury", "Cash Position", "Currency Exposure"],
  ["Marketing/Campaigns", "Campaign Performance", "Attribution Explorer", "Holiday Season"],
  ["Marketing/Web analytics", "Web Traffic", "Signup Funnel", "Search Terms"],
  ["Operations", "Operations Scorecard", "Returns Review"],
  ["Operations/Supply chain", "Inventory Health", "Supplier Performance", "Lead Times"],
  ["Operations/Logistics", "On-time Delivery", "Carrier Costs"],
  ["Operations/Logistics/Warehouses", "Pick Accuracy", "Dock to Stock"],
  ["Customer success", "Customer 360", "Account Health"],
  ["Customer success/Support", "Ticket Backlog", "CSAT Trends", "First Response"],
  ["Customer success/Renewals", "Renewal Forecast", "Churn Drivers"],
  ["People", "Workforce Overview", "Engagement Survey"],
  ["People/Recruiting", "Hiring Funnel", "Offer Acceptance"],
  ["Product/Adoption", "Feature Adoption", "Retention Cohorts"],
  ["Product/Reliability", "Incident Review", "Service Levels"],
  ["Executive", "Weekly Business Review", "Board Pack"],
  ["Data platform", "Extract Monitoring", "Licence Usage", "Data Quality"],
];

/** Acme's published data sources: name, project path, connection type. */
export const datasourceNames: readonly [name: string, project: string, type: string][] = [
  ["Superstore Datasource", "Default", "excel-direct"],
  ["Orders", "Data platform/Certified sources", "snowflake"],
  ["Customers", "Data platform/Certified sources", "snowflake"],
  ["Products", "Data platform/Certified sources", "snowflake"],
  ["Calendar", "Data platform/Certified sources", "postgres"],
  ["Opportunities", "Data platform/Certified sources", "salesforce"],
  ["Quota", "Sales", "google-sheets"],
  ["Partner Bookings", "Sales/EMEA", "sqlserver"],
  ["General Ledger", "Finance", "sqlserver"],
  ["Budget", "Finance/Planning", "excel-direct"],
  ["Headcount", "Finance/Planning", "postgres"],
  ["Exchange Rates", "Finance/Treasury", "postgres"],
  ["Ad Spend", "Marketing/Campaigns", "bigquery"],
  ["Web Sessions", "Marketing/Web analytics", "bigquery"],
  ["Stock Movements", "Operations/Supply chain", "sqlserver"],
  ["Suppliers", "Operations/Supply chain", "postgres"],
  ["Shipments", "Operations/Logistics", "redshift"],
  ["Support Tickets", "Customer success/Support", "snowflake"],
  ["Subscriptions", "Customer success/Renewals", "snowflake"],
  ["Applicants", "People/Recruiting", "postgres"],
  ["Product Events", "Product/Adoption", "databricks"],
  ["Incidents", "Product/Reliability", "postgres"],
  ["Extract History", "Data platform", "postgres"],
  ["Returns", "Data platform/Certified sources", "snowflake"],
  ["Regions and Managers", "Data platform/Certified sources", "postgres"],
  ["Price List", "Sales", "excel-direct"],
  ["Pipeline History", "Sales/Americas", "salesforce"],
  ["Accruals", "Finance/Month-end close", "sqlserver"],
  ["Email Sends", "Marketing/Campaigns", "bigquery"],
  ["Carrier Invoices", "Operations/Logistics", "redshift"],
  ["Survey Answers", "Customer success", "google-sheets"],
  ["Employees", "People", "postgres"],
  ["Key Results", "Executive", "google-sheets"],
];

export const tagNames: readonly [string, ...string[]] = [
  "certified",
  "weekly",
  "executive",
  "draft",
  "finance",
  "sales",
  "q4",
  "external",
];

/** `Win/Loss Review` → `WinLossReview`: Tableau drops what does not belong into an address. */
export function contentUrlOf(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "");
}

export function pickTags(random: Random): string[] {
  const tags = Array.from({ length: random.between(0, 3) }, () => random.pick(tagNames));
  return [...new Set(tags)];
}
