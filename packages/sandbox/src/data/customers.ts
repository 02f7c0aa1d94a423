import type { Random } from "../site/random.ts";
import { type Place, places } from "./places.ts";

export type Customer = { id: string; name: string; segment: string; home: Place; number: number };

const firstNames = words(
  "Adele Amos Anika Aron Beatriz Bela Bodil Bram Carys Cian Corin Dalia Davor Delphine Edda Eino Elio Enid Esme Faro " +
    "Fenna Gideon Greta Hale Ilse Imre Isaura Ivo Jonna Joris Kaia Kasper Lale Leif Lorcan Ludo Mabel Maeve Marek " +
    "Minna Nadim Nerys Odile Orla Otto Pavel Petra Quill Ravenna Reiko Rhona Rufus Sanna Silvan Sunniva Tamsin Tarek " +
    "Thora Tove Ulla Vero Wendel Xenia Yorick Zelda Zoran",
);

const lastNames = words(
  "Abara Alcott Almgren Ashdown Baird Bergqvist Birk Bohr Brandt Calloway Carrow Chigwe Colm Dace Dekker Dorne Ekdahl " +
    "Ellery Falk Farrow Fenwick Gant Garrick Grieve Hallam Harrow Hesse Iversen Jarvi Joubert Kade Karlsen Keir Kovac " +
    "Lachlan Larke Lindgren Lowell Maddox Mercier Moffat Nakata Norrby Oduya Orme Osei Paxton Pell Quayle Rainer Reyes " +
    "Rowe Sandoval Selby Sorel Strand Tamm Thorne Tully Ulrich Vance Verne Voss Wexler Wilde Yarrow Ziegler",
);

/** Who buys from Acme: 793 people, half of them consumers. */
export function makeCustomers(random: Random): Customer[] {
  const customers = new Map<string, Customer>();
  const pickHome = weighted(places, ({ weight }) => weight);
  while (customers.size < 793) {
    const first = random.pick(firstNames);
    const last = random.pick(lastNames);
    const name = `${first} ${last}`;
    if (customers.has(name)) continue;
    const segment = random.pick(["Consumer", "Consumer", "Consumer", "Corporate", "Corporate", "Home Office"]);
    const id = `${first.charAt(0)}${last.charAt(0)}-${10_000 + customers.size * 15}`;
    customers.set(name, { id, name, segment, home: pickHome(random), number: customers.size });
  }
  return [...customers.values()];
}

/** Picks among items, each as often as its weight says. */
export function weighted<Item>(items: readonly Item[], weightOf: (item: Item) => number): (random: Random) => Item {
  const bounds: number[] = [];
  let total = 0;
  for (const item of items) {
    total += weightOf(item);
    bounds.push(total);
  }
  const last = items.at(-1);
  if (last === undefined) throw new Error("There is nothing to pick from.");
  return (random) => {
    const at = (random.between(0, 999_999) / 1_000_000) * total;
    return items[bounds.findIndex((bound) => at < bound)] ?? last;
  };
}

function words(written: string): readonly [string, ...string[]] {
  const [first = "", ...others] = written.split(" ");
  return [first, ...others];
}
