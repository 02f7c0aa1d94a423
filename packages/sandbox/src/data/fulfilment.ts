import type { Random } from "../site/random.ts";
import { type Customer, weighted } from "./customers.ts";
import type { Place, Region } from "./places.ts";

/** What becomes of an order once it is placed: how it came, who packed and carried it, and why it may come back. */
export type Fulfilment = {
  channel: string;
  warehouse: string;
  carrier: string;
  /** In how many days it was to be shipped, and how many later than planned it was. */
  daysPromised: number;
  delay: number;
  /** Days from shipping to coming back, and why: of every order, for those that do come back. */
  returnAfter: number;
  returnReason: string;
  /** What carrying it costs, beside what is usual for its weight. */
  freight: number;
};

/** How fast customers want it: days until it is shipped, and what that does to the cost. */
export const shipModes: readonly [mode: string, weight: number, least: number, most: number, freight: number][] = [
  ["Standard Class", 60, 4, 7, 1],
  ["Second Class", 19, 2, 5, 1.3],
  ["First Class", 15, 1, 4, 1.7],
  ["Same Day", 6, 0, 1, 2.6],
];

type Weighted = readonly [name: string, weight: number];

const pickAmong = (...choices: Weighted[]): ((random: Random) => string) => {
  const pick = weighted(choices, ([, weight]) => weight);
  return (random) => pick(random)[0];
};

const channels: Readonly<Record<string, (random: Random) => string>> = {
  Consumer: pickAmong(["Online shop", 62], ["Marketplace", 22], ["Phone", 16]),
  Corporate: pickAmong(["Account team", 48], ["Online shop", 34], ["Phone", 18]),
  "Home Office": pickAmong(["Online shop", 56], ["Phone", 25], ["Marketplace", 19]),
};

const carriers: Readonly<Record<string, (random: Random) => string>> = {
  "Standard Class": pickAmong(["Parcelo", 45], ["Northline Freight", 40], ["Swiftway", 15]),
  "Second Class": pickAmong(["Parcelo", 58], ["Swiftway", 27], ["Northline Freight", 15]),
  "First Class": pickAmong(["Swiftway", 72], ["Parcelo", 28]),
  "Same Day": pickAmong(["City Couriers", 1]),
};

const returnReasons = pickAmong(
  ["Damaged in transit", 29],
  ["Defective", 23],
  ["No longer needed", 20],
  ["Wrong item", 17],
  ["Arrived late", 11],
);

/** The warehouse of each region, and how often it is late, in percent. */
const warehouses: Readonly<Record<Region, Weighted>> = {
  Central: ["Dallas", 17],
  East: ["Harrisburg", 6],
  South: ["Atlanta", 9],
  West: ["Reno", 4],
};
const canadian: Weighted = ["Mississauga", 8];

/** From November to January all of them are late twice as often. */
const busyMonths: ReadonlySet<number> = new Set([0, 10, 11]);

type Placed = { at: number; customer: Customer; place: Place; shipMode: string };

export function fulfil(random: Random, { at, customer, place, shipMode }: Placed): Fulfilment {
  const [warehouse, lateness] = place.country === "Canada" ? canadian : warehouses[place.region];
  const [, , , daysPromised, freight] = shipModes.find(([mode]) => mode === shipMode) ??
    shipModes[0] ?? ["", 0, 0, 0, 1];
  const isBusy = busyMonths.has(new Date(at).getUTCMonth());
  return {
    channel: channels[customer.segment]?.(random) ?? "Phone",
    warehouse,
    carrier: carriers[shipMode]?.(random) ?? "Parcelo",
    daysPromised,
    // Late is later than promised, however fast the others are shipped.
    delay: random.between(1, 100) <= lateness * (isBusy ? 2 : 1) ? daysPromised + random.between(1, 3) : 0,
    returnAfter: random.between(4, 24),
    returnReason: returnReasons(random),
    freight: (freight * random.between(88, 112)) / 100,
  };
}

/** What it costs to carry a piece from the shelf, and the handling of each line. */
const handling = 1.4;
const perPiece: Readonly<Record<string, number>> = {
  Bookcases: 9.5,
  Chairs: 5.2,
  Tables: 11,
  Copiers: 14,
  Machines: 9,
  Appliances: 3.4,
  Storage: 3.1,
  Furnishings: 1.2,
  Phones: 0.9,
  Paper: 0.8,
  Accessories: 0.6,
  Binders: 0.5,
};

export function shippingCost(subCategory: string, quantity: number, freight: number): number {
  return Math.round((handling + (perPiece[subCategory] ?? 0.25) * quantity) * freight * 100) / 100;
}
