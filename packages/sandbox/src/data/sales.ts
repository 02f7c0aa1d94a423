import { type Random, seededRandom } from "../site/random.ts";
import { makeCatalogue, type Shelf } from "./catalogue.ts";
import { type Customer, makeCustomers, weighted } from "./customers.ts";
import { type Place, places, regions } from "./places.ts";
import { salesFields, salesParameters, salesRelationships, salesTables } from "./sales-fields.ts";
import type { Table, Value } from "./table.ts";

/** What a site's sales table is made from: plain data, kept with the site. `since` is its first day. */
export type SalesSeed = { seed: string; since: string };

/** Four years of orders, the current month included. */
const months = 48;

const day = 24 * 3_600_000;

export function salesSeed(seed: string, now: number): SalesSeed {
  const date = new Date(now);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months + 1, 1);
  return { seed, since: isoDate(first) };
}

/** Sales tables kept: one for each site and day. A few suffice, for all sandboxes of a process share them. */
const mostKept = 6;

const kept = new Map<string, Table>();

/**
 * Every order of a site up to a moment's day: about 10,000 lines of a shop for offices, invented from a seed. Each day
 * is made from its own random numbers, so a later table begins as an earlier one.
 */
export function salesTable(made: SalesSeed, now: number): { key: string; table: Table } {
  const today = isoDate(now);
  const key = `${made.seed}|${made.since}|${today}`;
  const table = kept.get(key) ?? makeTable(made, today);
  kept.delete(key);
  kept.set(key, table);
  const oldest = kept.keys().next();
  if (kept.size > mostKept && !oldest.done) kept.delete(oldest.value);
  return { key, table };
}

function makeTable({ seed, since }: SalesSeed, today: string): Table {
  const shop = openShop(seed, Date.parse(since));
  const lines: Line[] = [];
  for (let at = Date.parse(since); at <= Date.parse(today); at += day) lines.push(...shop(at));
  const columns = new Map<string, Value[]>();
  for (const [caption, from] of Object.entries(columnsOf)) {
    columns.set(
      caption,
      lines.map((line, index) => from(line, index, today)),
    );
  }
  return {
    fields: salesFields,
    parameters: salesParameters,
    logicalTables: salesTables,
    relationships: salesRelationships,
    columns,
    rowCount: lines.length,
    unreadable: false,
  };
}

type Line = Order & {
  productId: string;
  productName: string;
  manufacturer: string;
  category: string;
  subCategory: string;
  quantity: number;
  discount: number;
  sales: number;
  profit: number;
};

type Order = {
  id: string;
  date: string;
  shipDate: string;
  shipMode: string;
  customer: Customer;
  place: Place;
  returned: boolean;
};

/** By caption in the sales table. Calculated fields have no column. */
const columnsOf: Record<string, (line: Line, index: number, today: string) => Value> = {
  "Row ID": (_, index) => index + 1,
  "Order ID": ({ id }) => id,
  "Order Date": ({ date }) => date,
  // Not known until it has been shipped.
  "Ship Date": ({ shipDate }, _, today) => (shipDate <= today ? shipDate : null),
  "Ship Mode": ({ shipMode }) => shipMode,
  "Customer ID": ({ customer }) => customer.id,
  "Customer Name": ({ customer }) => customer.name,
  Segment: ({ customer }) => customer.segment,
  "Country/Region": ({ place }) => place.country,
  "State/Province": ({ place }) => place.state,
  City: ({ place }) => place.city,
  "Postal Code": ({ place }) => place.postalCode,
  Region: ({ place }) => place.region,
  "Product ID": ({ productId }) => productId,
  Category: ({ category }) => category,
  "Sub-Category": ({ subCategory }) => subCategory,
  "Product Name": ({ productName }) => productName,
  Manufacturer: ({ manufacturer }) => manufacturer,
  Sales: ({ sales }) => sales,
  Quantity: ({ quantity }) => quantity,
  Discount: ({ discount }) => discount,
  Profit: ({ profit }) => profit,
  "Regional Manager": ({ place }) => regions[place.region].manager,
  Returned: ({ returned }) => (returned ? "Yes" : "No"),
};

/** January to December, and Sunday to Saturday: how busy it is beside the average. */
const busyMonths = [0.72, 0.66, 0.97, 0.88, 0.93, 1.02, 0.94, 0.98, 1.32, 1.0, 1.42, 1.18] as const;
const busyDays = [0.55, 1.05, 1.1, 0.9, 1.2, 1.25, 0.95] as const;

/** Orders a day on average before some are dropped for how their region does. */
const ordersADay = 3.95;

const shipModes: readonly [mode: string, weight: number, least: number, most: number][] = [
  ["Standard Class", 60, 4, 7],
  ["Second Class", 19, 2, 5],
  ["First Class", 15, 1, 4],
  ["Same Day", 6, 0, 1],
];

type Shop = {
  customers: readonly Customer[];
  pickShelf: (random: Random) => Shelf;
  pickPlace: (random: Random) => Place;
  pickMode: (random: Random) => (typeof shipModes)[number];
};

/** What was ordered on a day (ms), for one seed. */
function openShop(seed: string, opened: number): (at: number) => Line[] {
  const shop: Shop = {
    customers: makeCustomers(seededRandom(`${seed}|customers`)),
    pickShelf: weighted(makeCatalogue(seededRandom(`${seed}|catalogue`)), ({ weight }) => weight),
    pickPlace: weighted(places, ({ weight }) => weight),
    pickMode: weighted(shipModes, ([, weight]) => weight),
  };
  return (at) => {
    const random = seededRandom(`${seed}|${isoDate(at)}`);
    const years = (at - opened) / (365.25 * day);
    const date = new Date(at);
    const busy = (busyMonths[date.getUTCMonth()] ?? 1) * (busyDays[date.getUTCDay()] ?? 1);
    const expected = ordersADay * busy * (0.82 + 0.1 * years);
    const chances = Math.ceil(2 * expected);
    const lines: Line[] = [];
    let orders = 0;
    for (let chance = 0; chance < chances; chance++) {
      if (!happens(random, expected / chances)) continue;
      const order = placeOrder(shop, random, at, orders);
      if (!happens(random, 0.72 + regions[order.place.region].growth * (years - 2))) continue;
      orders++;
      const count = random.pick([1, 1, 1, 1, 2, 2, 3, 4, 6]);
      for (let line = 0; line < count; line++) lines.push(addLine(shop, random, order));
    }
    return lines;
  };
}

function placeOrder({ customers, pickPlace, pickMode }: Shop, random: Random, at: number, earlier: number): Order {
  const customer = customers[Math.floor(customers.length * (random.between(0, 9999) / 10_000) ** 1.4)] ?? customers[0];
  if (customer === undefined) throw new Error("The shop has no customers.");
  const place = happens(random, 0.85) ? customer.home : pickPlace(random);
  const [shipMode, , least, most] = pickMode(random);
  const year = new Date(at).getUTCFullYear();
  const dayOfYear = Math.round((at - Date.UTC(year, 0, 1)) / day);
  return {
    id: `${place.country === "Canada" ? "CA" : "US"}-${year}-${100_000 + dayOfYear * 97 * 20 + earlier * 97}`,
    date: isoDate(at),
    shipDate: isoDate(at + random.between(least, most) * day),
    shipMode,
    customer,
    place,
    returned: happens(random, 0.06),
  };
}

function addLine({ pickShelf }: Shop, random: Random, order: Order): Line {
  const shelf = pickShelf(random);
  const product = shelf.products[random.between(0, shelf.products.length - 1)];
  if (product === undefined) throw new Error(`There is nothing on the shelf ${shelf.subCategory}.`);
  const { id, name, manufacturer, category, subCategory, price, margin } = product;
  const quantity = random.pick([1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7, 9]);
  const discount = discountOf(random, order.place, category);
  const full = price * quantity;
  return {
    ...order,
    productId: id,
    productName: name,
    manufacturer,
    category,
    subCategory,
    quantity,
    discount,
    sales: cents(full * (1 - discount)),
    // The cost stays, whatever the discount: a discount above the margin is a loss.
    profit: cents(full * (1 - discount) - full * (1 - margin)),
  };
}

function discountOf(random: Random, { region }: Place, category: string): number {
  if (!happens(random, regions[region].discounting)) return 0;
  if (category === "Technology") return random.pick([0.1, 0.1, 0.15, 0.2, 0.2, 0.3]);
  if (region === "Central") return random.pick([0.2, 0.2, 0.2, 0.3, 0.3, 0.4, 0.6]);
  return random.pick([0.1, 0.15, 0.2, 0.2, 0.2, 0.3, 0.4]);
}

function happens(random: Random, chance: number): boolean {
  return random.between(0, 999_999) / 1_000_000 < chance;
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function isoDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
