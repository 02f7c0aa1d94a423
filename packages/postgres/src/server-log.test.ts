import { appendFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openServerLog } from "./server-log.ts";
import { temporaryDirectory } from "./test-server.ts";

test("a log beyond its bound is emptied, and what it held is kept once", async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, "postgres.log");
  await writeFile(path, "x".repeat(5 * 1024 * 1024));
  openServerLog(directory).close();
  expect((await stat(path)).size).toBe(0);
  expect((await stat(`${path}.1`)).size).toBe(5 * 1024 * 1024);
});

test("the tail holds the last 20 lines of the present attempt", async () => {
  const directory = await temporaryDirectory();
  const log = openServerLog(directory);
  const path = join(directory, "postgres.log");
  await appendFile(path, "an earlier attempt\n");
  log.mark();
  expect(log.tail()).toEqual([]);
  await appendFile(path, Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join(""));
  expect(log.tail()).toEqual(Array.from({ length: 20 }, (_, line) => `line ${line + 10}`));
  log.close();
});
