import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTestDemo, type TestDemo } from "./demo-file.fixture.ts";
import { openDemoFile } from "./demo-file.ts";

let files: TestDemo;
beforeEach(async () => {
  files = await makeTestDemo();
});
afterEach(() => files.remove());

test("a file that appears while it is waited for is found", async () => {
  const demoFile = openDemoFile(files.path);
  expect(await demoFile.read()).toEqual({ kind: "missing" });
  const waiting = demoFile.waitUntilReady(10_000);
  await files.write();
  expect((await waiting).kind).toBe("ready");
});

test("the wait has an end", async () => {
  expect(await openDemoFile(files.path).waitUntilReady(100)).toEqual({ kind: "missing" });
});

test("an unusable file is told by what is wrong with it, never by what is in it", async () => {
  const demoFile = openDemoFile(files.path);
  await writeFile(files.path, 'hunter2 {"signingKey":');
  const broken = await demoFile.read();
  expect(broken.kind).toBe("unusable");
  expect(JSON.stringify(broken)).not.toContain("hunter2");
  await writeFile(files.path, JSON.stringify({ ...files.demo, signingKey: "hunter2" }));
  const wrong = await demoFile.read();
  expect(JSON.stringify(wrong)).toContain("signingKey");
  expect(JSON.stringify(wrong)).not.toContain("hunter2");
});
