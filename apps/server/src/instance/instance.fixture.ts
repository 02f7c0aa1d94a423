/**
 * A stand-in for the server, run by instance.test.ts as a process of its own:
 *
 *     node instance.fixture.ts <data directory> [--drain <ms>] [--stubborn] [--child]
 *
 * Claims the directory and prints the outcome as one JSON line. SIGTERM makes it drain and release; a stubborn one pays
 * no heed to anything. `--child` gives it a child that outlives it. With `--launch` it does not claim but starts itself
 * without `--launch`, as the launcher starts the server.
 */
import { fork, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { claimInstance } from "./instance.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    drain: { type: "string", default: "0" },
    stubborn: { type: "boolean", default: false },
    child: { type: "boolean", default: false },
    launch: { type: "boolean", default: false },
  },
});
const [directory = ""] = positionals;

function launch(): void {
  const args = process.argv.slice(2).filter((arg) => arg !== "--launch");
  fork(import.meta.filename, args, { stdio: "inherit" });
}

async function serve(): Promise<void> {
  const instance = await claimInstance(directory, { origin: `http://localhost/${process.pid}` });
  let child: number | undefined;
  if (instance.kind === "claimed") {
    setInterval(() => undefined, 60_000);
    if (values.child) {
      child = spawn(process.execPath, ["-e", "setInterval(() => {}, 60000)"], { detached: true, stdio: "ignore" }).pid;
      instance.publish({ children: child === undefined ? [] : [child] });
    }
    process.on("SIGTERM", async () => {
      if (values.stubborn) return;
      instance.publish({ stopping: true });
      process.stdout.write(`${JSON.stringify({ kind: "stopping" })}\n`);
      await delay(Number(values.drain));
      instance.release();
      process.exit();
    });
  }
  const { kind } = instance;
  const pid = instance.kind === "running" ? instance.pid : process.pid;
  process.stdout.write(`${JSON.stringify({ kind, pid, child, parent: process.ppid })}\n`);
  if (process.connected) process.on("disconnect", () => undefined);
}

if (values.launch) launch();
else await serve();
