import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadOrCreateKeyFile } from "./key-file.ts";
import { KeysError, newKey } from "./keys.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "easel-keys-"));
  path = join(folder, "data", "keys");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a missing file is made, for its owner only, and read again the next time", async () => {
  const made = await loadOrCreateKeyFile(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await loadOrCreateKeyFile(path)).sealing).toBe(made.sealing);
  expect(await readdir(join(folder, "data"))).toEqual(["keys"]);
});

test("those who make it at the same time get the same key", async () => {
  const rings = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateKeyFile(path)));
  expect(new Set(rings.map((ring) => ring.sealing)).size).toBe(1);
  expect(await readdir(join(folder, "data"))).toEqual(["keys"]);
});

test.each([0o644, 0o640, 0o604, 0o620, 0o660])("a file of mode %o is refused", async (mode) => {
  await loadOrCreateKeyFile(path);
  await chmod(path, mode);
  await expect(loadOrCreateKeyFile(path)).rejects.toMatchObject({ code: "key_file_exposed" });
});

test("a folder in its place is refused", async () => {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await expect(loadOrCreateKeyFile(path)).rejects.toMatchObject({ code: "key_file_not_a_file" });
});

test("a damaged file is refused and left as it is: a new key would lose what the old one sealed", async () => {
  await mkdir(join(folder, "data"));
  await writeFile(path, newKey().slice(0, 30), { mode: 0o600 });
  await expect(loadOrCreateKeyFile(path)).rejects.toBeInstanceOf(KeysError);
  expect(await readFile(path, "utf8")).toHaveLength(30);
});
