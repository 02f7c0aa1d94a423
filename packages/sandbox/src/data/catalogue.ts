import type { Random } from "../site/random.ts";

export type Product = {
  id: string;
  name: string;
  manufacturer: string;
  category: string;
  subCategory: string;
  /** What one costs before discounts. */
  price: number;
  /** What is left of the price after its cost, 0 to 1. */
  margin: number;
};

/** A part of the catalogue: how often it is bought, what is in it, and what that costs on average. */
export type Shelf = {
  category: string;
  subCategory: string;
  weight: number;
  products: readonly Product[];
  averagePrice: number;
};

type Plan = [subCategory: string, weight: number, least: number, most: number, margin: number, things: string];

const plans: readonly [category: string, ...Plan[]][] = [
  [
    "Furniture",
    ["Bookcases", 2.3, 120, 480, 0.1, "Bookcase, Corner Bookcase, Open Shelf, Library Unit"],
    ["Chairs", 6.2, 60, 420, 0.2, "Task Chair, Stacking Chairs, Swivel Stool, Executive Chair, Folding Chairs"],
    ["Furnishings", 9.6, 6, 110, 0.36, "Desk Lamp, Wall Clock, Floor Mat, Picture Frame, Door Stop, Letter Tray"],
    ["Tables", 3.2, 110, 520, 0.06, "Conference Table, Side Table, Training Table, Bistro Table"],
  ],
  [
    "Office Supplies",
    ["Appliances", 4.7, 15, 380, 0.33, "Kettle, Air Purifier, Fan Heater, Coffee Maker, Vacuum Cleaner"],
    ["Art", 8, 2, 30, 0.3, "Coloured Pencils, Marker Set, Fineliners, Sketch Crayons, Chalk Box"],
    ["Binders", 15.2, 2, 60, 0.47, "Ring Binder, Lever Arch File, Report Cover, Sheet Protectors, Index Tabs"],
    ["Envelopes", 2.5, 4, 40, 0.45, "Window Envelopes, Padded Mailers, Business Envelopes"],
    ["Fasteners", 2.2, 2, 12, 0.34, "Paper Clips, Push Pins, Rubber Bands, Staples"],
    ["Labels", 3.6, 3, 25, 0.46, "Address Labels, File Labels, Round Labels, Shipping Labels"],
    ["Paper", 13.7, 4, 45, 0.46, "Copy Paper, Notepad, Message Book, Cardstock, Graph Pads"],
    ["Storage", 8.5, 15, 260, 0.18, "File Cart, Storage Box, Drawer Unit, Steel Shelving, Locker"],
    ["Supplies", 1.9, 4, 120, 0.07, "Scissors, Letter Opener, Trimmer, Box Cutter"],
  ],
  [
    "Technology",
    ["Accessories", 7.8, 15, 180, 0.32, "Keyboard, Wireless Mouse, Flash Drive, Headset, USB Hub, Numeric Pad"],
    ["Copiers", 0.7, 300, 2400, 0.39, "Desktop Copier, Colour Copier, Copier and Fax"],
    ["Machines", 1.2, 120, 1800, 0.12, "Laser Printer, Label Printer, Receipt Printer, 3D Printer"],
    ["Phones", 8.9, 25, 420, 0.22, "Desk Phone, Cordless Phone, Conference Phone, Headset Phone, Smartphone"],
  ],
];

const manufacturers: readonly [string, ...string[]] = [
  "Nordhal",
  "Castellan",
  "Brightwell",
  "Tervo",
  "Oakhurst",
  "Lumina",
  "Pagecraft",
  "Quillmark",
  "Vantor",
  "Halden",
  "Kestrel",
  "Marlow",
  "Plinth",
  "Corvane",
  "Selwyn",
  "Ostrava",
];

const series: readonly [string, ...string[]] = [
  "Alto",
  "Basis",
  "Cove",
  "Delta",
  "Ember",
  "Forum",
  "Granite",
  "Harbour",
  "Iris",
  "Juno",
  "Linden",
  "Meridian",
  "Orbit",
  "Pico",
  "Ridge",
  "Summit",
];

/** What Acme sells: a little over 1,000 products. */
export function makeCatalogue(random: Random): Shelf[] {
  return plans.flatMap(([category, ...shelves]) => shelves.map((plan) => makeShelf(category, plan, random)));
}

function makeShelf(category: string, plan: Plan, random: Random): Shelf {
  const [subCategory, weight, least, most, margin, written] = plan;
  const [first = "", ...others] = written.split(", ");
  const products = new Map<string, Product>();
  const count = Math.max(12, Math.round(weight * 10));
  while (products.size < count) {
    const manufacturer = random.pick(manufacturers);
    const name = `${manufacturer} ${random.pick(series)} ${random.pick([first, ...others])}`;
    if (products.has(name)) continue;
    const steps = random.between(0, 1000) / 1000;
    // Most are cheap, few are dear.
    const price = Math.round(least * (most / least) ** (steps * steps) * 100) / 100;
    const id = `${category.slice(0, 3).toUpperCase()}-${subCategory.slice(0, 2).toUpperCase()}-${10_000_000 + products.size * 137 + random.between(0, 99)}`;
    const ownMargin = margin + random.between(-60, 60) / 1000;
    products.set(name, { id, name, manufacturer, category, subCategory, price, margin: ownMargin });
  }
  const prices = [...products.values()].reduce((sum, { price }) => sum + price, 0);
  return { category, subCategory, weight, products: [...products.values()], averagePrice: prices / products.size };
}
