import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { makeTestDemo, type TestDemo } from "./demo-file.fixture.ts";

const readySchema = z.object({ ready: z.literal(true), port: z.number().int().positive() });

let child: ChildProcess | undefined;
let files: TestDemo | undefined;

afterEach(async () => {
  child?.kill("SIGKILL");
  await files?.remove();
});

/** Starts the demo as Easel's server does: a child with an IPC channel. */
function start(environment: Record<string, string>): ChildProcess {
  child = fork(fileURLToPath(new URL("./main.ts", import.meta.url)), {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
  });
  return child;
}

test("waits for the demo file, tells its parent the port, and ends on SIGTERM", async () => {
  files = await makeTestDemo();
  const demo = start({ EASEL_DEMO_PORT: "0", EASEL_DEMO_FILE: files.path });
  await files.write();
  const [message] = await once(demo, "message");
  const { port } = readySchema.parse(message);
  const answer = await fetch(`http://127.0.0.1:${port}/api/config`);
  expect(await answer.json()).toMatchObject({ projectId: files.demo.projectId });
  demo.kill("SIGTERM");
  expect(await once(demo, "exit")).toEqual([0, null]);
});

test("ends when its parent lets go of the channel", async () => {
  files = await makeTestDemo();
  await files.write();
  const demo = start({ EASEL_DEMO_PORT: "0", EASEL_DEMO_FILE: files.path });
  await once(demo, "message");
  demo.disconnect();
  expect(await once(demo, "exit")).toEqual([0, null]);
});

test("refuses a setting that it cannot use, in a sentence on stderr", async () => {
  const demo = start({ EASEL_DEMO_PORT: "many" });
  let said = "";
  demo.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(demo, "close");
  expect(code).toBe(1);
  expect(said).toContain("EASEL_DEMO_PORT");
});
