import { describe, expect, test } from "vitest";
import type { Order } from "./make.ts";
import type { Picture } from "./picture.ts";
import { openPictures } from "./pictures.ts";
import { openStudio } from "./studio.ts";

const picture: Picture = { title: "Nothing", subtitle: "", tiles: [] };
const order: Order = { kind: "svg", picture, size: { width: 100, height: 100 } };
const minute = 60_000;

describe("pictures that are kept", () => {
  function open() {
    let now = 0;
    let drawn = 0;
    const studio = {
      make: () => Promise.resolve(new Uint8Array([++drawn])),
      close: () => Promise.resolve(),
    };
    const pictures = openPictures(() => now, studio);
    return {
      take: (key: string, maxAge: number) => pictures.take(key, maxAge, () => order),
      wait(ms: number): void {
        now += ms;
      },
      drawn: () => drawn,
    };
  }

  test("are drawn once, until they are older than asked", async () => {
    const { take, wait, drawn } = open();
    const first = await take("one", minute);
    expect(await take("one", minute)).toBe(first);
    await take("other", minute);
    expect(drawn()).toBe(2);
    wait(minute);
    expect(await take("one", 2 * minute)).toBe(first);
    expect(await take("one", minute)).not.toBe(first);
    expect(await take("one", 0)).toEqual(new Uint8Array([4]));
  });

  test("are drawn once for all who ask at the same time", async () => {
    const { take, drawn } = open();
    await Promise.all([take("one", minute), take("one", minute), take("one", 0)]);
    expect(drawn()).toBe(1);
  });

  test("are not more than fit: the least used go first", async () => {
    const large = new Uint8Array(40 * 1024 * 1024);
    let drawn = 0;
    const studio = {
      make: () => {
        drawn++;
        return Promise.resolve(large);
      },
      close: () => Promise.resolve(),
    };
    const pictures = openPictures(() => 0, studio);
    for (const key of ["one", "two", "two", "one"]) await pictures.take(key, minute, () => order);
    expect(drawn).toBe(3);
  });
});

describe("the studio", () => {
  test("draws in the order in which it is asked, and refuses when too many wait", async () => {
    const studio = openStudio();
    const made = await Promise.all(Array.from({ length: 130 }, () => studio.make(order)));
    const busy = made.filter((one) => one === "busy").length;
    expect(busy).toBeGreaterThanOrEqual(25);
    expect(made.slice(0, 100).every((one) => one instanceof Uint8Array)).toBe(true);
    await studio.close();
  });

  test("goes on after an order that can't be drawn", async () => {
    const studio = openStudio();
    // Not a number of pixels: nothing can be made of it.
    const impossible: Order = { kind: "png", picture, size: { width: 0, height: 0 }, zoom: 1 };
    expect(await studio.make(impossible)).toBe("failed");
    expect(await studio.make(order)).toBeInstanceOf(Uint8Array);
    await studio.close();
  });

  test("answers those who wait when it is closed", async () => {
    const studio = openStudio();
    const made = [studio.make(order), studio.make(order)];
    await studio.close();
    expect(await Promise.all(made)).toEqual(["failed", "failed"]);
  });
});
