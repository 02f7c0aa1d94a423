import { type Random, seededRandom } from "../site/random.ts";
import { makeCatalogue, type Shelf } from "./catalogue.ts";
import { type Customer, makeCustomers, weighted } from "./customers.ts";
import { type Fulfilment, fulfil, shipModes, shippingCost } from "./fulfilment.ts";
import { type Place, places, regions } from "./places.ts";
import { salesFields, salesParameters, salesRelationships, salesTables } from "./sales-fields.ts";
import type { Table, Value } from "./table.ts";

/** What a site's sales table is made from: plain data, kept with the site. `since` is its first day. */
export type SalesSeed = { seed: string; since: string };

const day = 24 * 3_600_000;
const year = 365.25 * day;

/** Whole years before this one: three, or four in its first half, so that there are always about as many orders. */
export function salesSeed(seed: string, now: number): SalesSeed {
  const date = new Date(now);
  const years = date.getUTCMonth() < 6 ? 4 : 3;
  return { seed, since: isoDate(Date.UTC(date.getUTCFullYear() - years, 0, 1)) };
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
  target: number;
  freightCost: number;
};

type Order = Placed & Fulfilment & { shipDate: string; returnDate: string; since: string; isFirst: boolean };

type Placed = {
  id: string;
  at: number;
  date: string;
  shipMode: string;
  /** Days until it is shipped, as planned. */
  daysToShip: number;
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
  // Nor does it come back before its day.
  Returned: (line, _, today) => (isBack(line, today) ? "Yes" : "No"),
  "Return Date": (line, _, today) => (isBack(line, today) ? line.returnDate : null),
  "Return Reason": (line, _, today) => (isBack(line, today) ? line.returnReason : null),
  Channel: ({ channel }) => channel,
  "Account Owner": ({ customer, place }) => ownerOf(customer, place),
  "Customer Since": ({ since }) => since,
  "Customer Type": ({ isFirst }) => (isFirst ? "New" : "Returning"),
  Warehouse: ({ warehouse }) => warehouse,
  Carrier: ({ carrier }) => carrier,
  "Days Promised": ({ daysPromised }) => daysPromised,
  "Shipping Cost": ({ freightCost }) => freightCost,
  "Sales Target": ({ target }) => target,
  // Not a field: what data sources choose rows by.
  Shipped: ({ shipDate }, _, today) => (shipDate <= today ? "Yes" : "No"),
};

/** The people of a region share its customers. */
function ownerOf({ number }: Customer, { region }: Place): string {
  const { owners } = regions[region];
  return owners[number % owners.length] ?? owners[0];
}

function isBack({ returned, returnDate }: Line, today: string): boolean {
  return returned && returnDate <= today;
}

/** January to December, and Sunday to Saturday: how busy it is beside the average. */
const busyMonths = [0.72, 0.66, 0.97, 0.88, 0.93, 1.02, 0.94, 0.98, 1.32, 1.0, 1.42, 1.18] as const;
const busyDays = [0.55, 1.05, 1.1, 0.9, 1.2, 1.25, 0.95] as const;

/** Orders a day on average before some are dropped for how their region does. */
const ordersADay = 3.95;

type Shop = {
  opened: number;
  customers: readonly Customer[];
  /** The days of the first orders of everybody who has ordered. */
  since: Map<Customer, string>;
  pickShelf: (random: Random) => Shelf;
  pickPlace: (random: Random) => Place;
  pickMode: (random: Random) => (typeof shipModes)[number];
};

/** What was ordered on a day (ms), for one seed. */
function openShop(seed: string, opened: number): (at: number) => Line[] {
  const shop: Shop = {
    opened,
    since: new Map(),
    customers: makeCustomers(seededRandom(`${seed}|customers`)),
    pickShelf: weighted(makeCatalogue(seededRandom(`${seed}|catalogue`)), ({ weight }) => weight),
    pickPlace: weighted(places, ({ weight }) => weight),
    pickMode: weighted(shipModes, ([, weight]) => weight),
  };
  return (at) => {
    const random = seededRandom(`${seed}|${isoDate(at)}`);
    const later = seededRandom(`${seed}|${isoDate(at)}|fulfilment`);
    const years = (at - opened) / year;
    const date = new Date(at);
    const busy = (busyMonths[date.getUTCMonth()] ?? 1) * (busyDays[date.getUTCDay()] ?? 1);
    const expected = ordersADay * busy * (0.82 + 0.1 * years);
    const chances = Math.ceil(2 * expected);
    const lines: Line[] = [];
    let orders = 0;
    for (let chance = 0; chance < chances; chance++) {
      if (!happens(random, expected / chances)) continue;
      const placed = placeOrder(shop, random, at, orders);
      if (!happens(random, 0.72 + regions[placed.place.region].growth * (years - 2))) continue;
      orders++;
      const order = followUp(shop, later, placed);
      const count = random.pick([1, 1, 1, 1, 2, 2, 3, 4, 6]);
      for (let line = 0; line < count; line++) lines.push(addLine(shop, random, order));
    }
    return lines;
  };
}

/** How many of its customers, of all there are to be, a shop has when it opens, and how many more each year. */
const knownAtFirst = 0.45;
const moreEachYear = 0.13;
/** In how many years before the table begins they came. */
const yearsBefore = 4;

function placeOrder(shop: Shop, random: Random, at: number, earlier: number): Placed {
  const { opened, customers, pickPlace, pickMode } = shop;
  const known = customers.length * Math.min(1, knownAtFirst + (moreEachYear * (at - opened)) / year);
  const customer = customers[Math.floor(known * (random.between(0, 9999) / 10_000) ** 1.4)] ?? customers[0];
  if (customer === undefined) throw new Error("The shop has no customers.");
  const place = happens(random, 0.85) ? customer.home : pickPlace(random);
  const [shipMode, , least, most] = pickMode(random);
  const since = new Date(at).getUTCFullYear();
  const dayOfYear = Math.round((at - Date.UTC(since, 0, 1)) / day);
  return {
    id: `${place.country === "Canada" ? "CA" : "US"}-${since}-${100_000 + dayOfYear * 97 * 20 + earlier * 97}`,
    at,
    date: isoDate(at),
    shipMode,
    daysToShip: random.between(least, most),
    customer,
    place,
    returned: happens(random, 0.06),
  };
}

function followUp(shop: Shop, random: Random, placed: Placed): Order {
  const { at, customer, daysToShip } = placed;
  const since = shop.since.get(customer) ?? cameOn(shop, placed);
  const isFirst = !shop.since.has(customer) && since === placed.date;
  shop.since.set(customer, since);
  const fulfilment = fulfil(random, placed);
  const shippedAt = at + Math.max(daysToShip, fulfilment.delay) * day;
  const returnDate = isoDate(shippedAt + fulfilment.returnAfter * day);
  return { ...placed, ...fulfilment, since, isFirst, shipDate: isoDate(shippedAt), returnDate };
}

/** The day of a customer's first order: that of this one, or one before the table begins. */
function cameOn({ opened, customers }: Shop, { customer, date }: Placed): string {
  const known = customers.length * knownAtFirst;
  if (customer.number >= known) return date;
  return isoDate(opened - Math.ceil((1 - customer.number / known) * yearsBefore * 365) * day);
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
    target: targetOf(shelf, order),
    freightCost: shippingCost(subCategory, quantity, order.freight),
  };
}

const averageQuantity = 4.17;
const averageDiscount = 0.22;
/** January to March, and so on: what is asked for beside what is usual. */
const ambitions = [1.05, 1.01, 0.98, 0.97] as const;
const categoryAmbitions: Readonly<Record<string, number>> = { Furniture: 1.04, "Office Supplies": 0.99, Technology: 1 };

/** What a line of a shelf is to bring in where it is sold: a target follows what is usual, not what was paid. */
function targetOf({ averagePrice, category }: Shelf, { at, place }: Order): number {
  const { ambition, discounting } = regions[place.region];
  const usual = averagePrice * averageQuantity * (1 - discounting * averageDiscount);
  const quarter = Math.floor(new Date(at).getUTCMonth() / 3);
  return cents(usual * ambition * (ambitions[quarter] ?? 1) * (categoryAmbitions[category] ?? 1));
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
