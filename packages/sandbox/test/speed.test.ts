import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askFor, type LargeSite, lists, openLargeSite } from "../bench/large-site.ts";

/**
 * In ms of work: on a core of its own most lists take less than 20, a thousand items with all of their fields twice that
 * (see the bench). A test machine can be slow and busy, so this only catches what takes several times as long.
 */
const generousMedian = 100;
const generousStart = 60_000;

let site: LargeSite;
beforeAll(async () => {
  site = await openLargeSite(100);
}, generousStart);
afterAll(() => site.close());

describe("a site of a hundred times the usual size", () => {
  test.each(lists)("answers %s quickly", async (list) => {
    const { busy, available } = await askFor(site, "administrator", list);
    expect(Number(available)).toBeGreaterThan(500);
    expect(busy).toBeLessThan(generousMedian);
  });
});
