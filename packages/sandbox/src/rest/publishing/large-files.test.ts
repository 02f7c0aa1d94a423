import { expect, test } from "vitest";
import { measureLargeFile } from "../../testing/measure.ts";

test("200 MB are uploaded in parts, published and downloaded in less than 100 MB of memory", async () => {
  const { isSame, memoryMb } = await measureLargeFile(200);
  expect(isSame).toBe(true);
  expect(memoryMb).toBeLessThan(100);
}, 60_000);
