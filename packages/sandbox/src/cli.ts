#!/usr/bin/env node
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { type Sandbox, startSandbox } from "./sandbox.ts";

const program = new Command("easel-sandbox")
  .description("A stand-in Tableau site. Prints one line of JSON when it is ready: its address and how to sign in.")
  .option("--port <number>", "port to listen on; 0 takes a free one", readPort, 4610)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--data-dir <directory>", "where the secrets are kept, so that they survive a restart", ".easel-sandbox")
  .allowExcessArguments(false)
  .parse();

const { port, host, dataDir } = program.opts();

const starting = startSandbox({ port, host, dataDirectory: dataDir });
endWith(starting);
try {
  const { keys } = await starting;
  process.stdout.write(`${JSON.stringify(keys)}\n`);
} catch (error) {
  process.stderr.write(`${reason(error)}\n`);
  process.exit(1);
}

/** Ends on SIGTERM and SIGINT, and, when started with an IPC channel, with the parent; also while still starting. */
function endWith(sandbox: Promise<Sandbox>): void {
  const end = async (): Promise<void> => {
    // What kept it from starting is reported where the start itself is awaited.
    await sandbox.then(({ close }) => close()).catch(() => {});
    process.exit(0);
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  if (process.channel) process.once("disconnect", end);
}

function readPort(written: string): number {
  const port = Number(written);
  if (/^\d{1,5}$/.test(written) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
}

function reason(error: unknown): string {
  if (error instanceof Error && "code" in error) {
    if (error.code === "EADDRINUSE") return `Port ${port} on ${host} is already in use. Choose another with --port.`;
    if (error.code === "EACCES") return `Listening on port ${port}, or writing to ${dataDir}, is not allowed.`;
    if (error.code === "EADDRNOTAVAIL") return `${host} is not an address of this machine.`;
  }
  return error instanceof Error ? error.message : String(error);
}
