import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openFileStore } from "./store.ts";

const directory = await mkdtemp(join(tmpdir(), "easel-store-test-"));
afterAll(() => rm(directory, { recursive: true, force: true }));

async function* bytes(...pieces: string[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function textOf(stream: AsyncIterable<Buffer>) {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe("the file store", () => {
  test("keeps what comes, and reads it as a whole or in part", async () => {
    const store = openFileStore(directory);
    const file = await store.put(bytes("abc", "def"));
    if (file === "too large") throw new Error("It did not fit.");
    expect(file).toMatchObject({
      size: 6,
      hash: "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721",
    });
    expect(await textOf(await store.read(file))).toBe("abcdef");
    expect(await textOf(await store.read(file, { start: 1, end: 3 }))).toBe("bcd");
    await store.remove(file);
    expect(await readdir(directory)).toEqual([]);
  });

  test("keeps nothing of what is too large or breaks off", async () => {
    const store = openFileStore(directory);
    expect(await store.put(bytes("abc", "def"), 5)).toBe("too large");
    const broken = (async function* () {
      yield Buffer.from("abc");
      throw new Error("reset");
    })();
    await expect(store.put(broken)).rejects.toThrow("reset");
    expect(await readdir(directory)).toEqual([]);
  });

  test("removes what nobody owns when it is opened again, and leaves its own directory when it is closed", async () => {
    const store = openFileStore(directory);
    const [owned] = [await store.put(bytes("owned")), await store.put(bytes("lost"))];
    if (owned === undefined || owned === "too large") throw new Error("It did not fit.");
    const again = openFileStore(directory);
    await again.keepOnly([owned]);
    await again.close();
    expect(await readdir(directory)).toEqual([owned.id]);
  });

  test("a temporary one takes its directory with it", async () => {
    const store = openFileStore(undefined);
    const file = await store.put(bytes("abc"));
    if (file === "too large") throw new Error("It did not fit.");
    const path = await store.pathOf(file);
    await store.close();
    await expect(readdir(join(path, ".."))).rejects.toThrow("ENOENT");
  });
});
