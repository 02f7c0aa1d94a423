import type { Order } from "./make.ts";
import type { Made, Studio } from "./studio.ts";
import { openStudio } from "./studio.ts";

/** All pictures kept together, in bytes; more than this and those that were asked for least lately are forgotten. */
const mostBytes = 64 * 1024 * 1024;

export type Pictures = ReturnType<typeof openPictures>;

type OrderOf = () => Order | Promise<Order>;

type Kept = { bytes: Uint8Array; madeAt: number };

/** Pictures made once and kept, on the sandbox's clock; equal ones asked for at the same time are drawn once. */
export function openPictures(clock: () => number, studio: Studio = openStudio()) {
  const kept = new Map<string, Kept>();
  const underway = new Map<string, Promise<Made>>();
  let total = 0;

  function keep(key: string, bytes: Uint8Array): void {
    forget(key);
    kept.set(key, { bytes, madeAt: clock() });
    total += bytes.length;
    for (const [oldest] of kept) {
      if (total <= mostBytes) break;
      forget(oldest);
    }
  }

  function forget(key: string): void {
    total -= kept.get(key)?.bytes.length ?? 0;
    kept.delete(key);
  }

  async function draw(key: string, orderOf: OrderOf): Promise<Made> {
    const made = await studio.make(await orderOf());
    if (typeof made !== "string") keep(key, made);
    return made;
  }

  return {
    /**
     * The picture of a key, drawn by `orderOf` unless there is one that is younger than `maxAge`, in ms. The key must
     * name everything that the order is made from.
     */
    take(key: string, maxAge: number, orderOf: OrderOf): Promise<Made> {
      const known = kept.get(key);
      if (known !== undefined && clock() - known.madeAt < maxAge) {
        kept.delete(key);
        kept.set(key, known); // the latest use is last
        return Promise.resolve(known.bytes);
      }
      const drawn = underway.get(key) ?? draw(key, orderOf).finally(() => underway.delete(key));
      underway.set(key, drawn);
      return drawn;
    },

    close: () => studio.close(),
  };
}
