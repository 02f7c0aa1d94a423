#!/usr/bin/env node
import module from "node:module";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { FaultOrder } from "./control/fault-order.ts";
import { faultsSchema } from "./control/fault-schema.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";

const program = new Command("easel-sandbox")
  .description("A stand-in Tableau site. Prints one line of JSON when it is ready: its address and how to sign in.")
  .option("--port <number>", "port to listen on; 0 takes a free one", readPort, 4610)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--data-dir <directory>", "where the secrets are kept, so that they survive a restart", ".easel-sandbox")
  .addOption(
    new Option("--edition <edition>", "which Tableau it stands for (default: cloud)").choices(["cloud", "server"]),
  )
  .option("--seed <text>", "what the site is made from: another seed, another site (default: acme)", readSeed)
  .option("--scale <number>", "how many times the usual amount of content, 1 to 100 (default: 1)", readScale)
  .option("--state <file>", "keep what is on the sites in this file, published files beside it")
  .option("--mfa", "multi-factor authentication is on: no password signs in to Tableau Cloud")
  .option("--no-tokens", "personal access tokens are switched off")
  .option("--fault <name=json>", "a fault from the start, e.g. slowMs=200; may be given several times", readFault, {})
  .allowExcessArguments(false)
  .parse();

const { port, host, dataDir, edition, seed, scale, state, mfa, tokens, fault } = program.opts();

const options: SandboxOptions = {
  port,
  host,
  dataDirectory: dataDir,
  tokensOff: !tokens,
  faults: fault,
  ...(edition === undefined ? {} : { edition }),
  ...(seed === undefined ? {} : { seed }),
  ...(scale === undefined ? {} : { scale }),
  ...(state === undefined ? {} : { stateFile: state }),
  ...(mfa === undefined ? {} : { mfa }),
};

// What was compiled is kept for the next start, which is much shorter then. Node.js 20 can't.
module.enableCompileCache?.(join(dataDir, "compiled"));

// Loaded once it is needed: help and mistakes are answered at once.
const starting = import("./sandbox.ts").then(({ startSandbox }) => startSandbox(options));
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
    const running = await sandbox.catch(() => undefined);
    try {
      await running?.close();
      process.exit(0);
    } catch (error) {
      process.stderr.write(`${reason(error)}\n`);
      process.exit(1);
    }
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

function readSeed(written: string): string {
  if (written.length > 0 && written.length <= 200) return written;
  throw new InvalidArgumentError("A seed is a text of 1 to 200 characters.");
}

function readScale(written: string): number {
  const scale = Number(written);
  if (/^\d{1,3}$/.test(written) && scale >= 1 && scale <= 100) return scale;
  throw new InvalidArgumentError("A scale is a whole number from 1 to 100.");
}

/** `slowMs=200`, `fail={"status":503,"every":10}`: the names and values of `POST /__sandbox/faults`. */
function readFault(written: string, before: FaultOrder): FaultOrder {
  const [, name = "", value = ""] = /^(\w+)=(.*)$/s.exec(written) ?? [];
  const order = faultsSchema.safeParse({ ...before, [name]: parseJson(value) });
  if (order.success) return order.data;
  const [issue] = order.error.issues;
  throw new InvalidArgumentError(`Not a fault: ${[...(issue?.path ?? []), issue?.message ?? ""].join(" ")}.`);
}

/** A text that is not JSON is itself, so that names need no quotes. */
function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}

function reason(error: unknown): string {
  if (error instanceof Error && "code" in error) {
    if (error.code === "EADDRINUSE") return `Port ${port} on ${host} is already in use. Choose another with --port.`;
    if (error.code === "EACCES") return `Listening on port ${port}, or writing to ${dataDir}, is not allowed.`;
    if (error.code === "EADDRNOTAVAIL") return `${host} is not an address of this machine.`;
  }
  return error instanceof Error ? error.message : String(error);
}
