import { spawn } from "node:child_process";
import type { ServerAccount } from "./server-account.ts";

export interface Command {
  file: string;
  args: readonly string[];
  cwd: string;
  account: ServerAccount | null;
  /** Written to its standard input. */
  input?: string;
}

export type CommandResult =
  | { kind: "exited"; exitCode: number | null; lines: string[] }
  | { kind: "not_started"; errorCode: string };

/** Output kept per command: enough for every message of initdb, whatever a broken binary prints. */
const MAX_OUTPUT_CHARACTERS = 32 * 1024;

/**
 * The environment of everything we start. Nothing is inherited: the keys in Easel's environment are none of the server
 * user's business, and a foreign LD_LIBRARY_PATH, PGDATA or LANG would change what the server does.
 */
export const serverEnvironment: Readonly<Record<string, string>> = { LC_ALL: "C" };

/** Runs a PostgreSQL program to its end, in a session of its own so that Ctrl-C in the terminal does not cut it short. */
export function run(command: Command): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: serverEnvironment,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      ...command.account,
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString("utf8")).slice(-MAX_OUTPUT_CHARACTERS);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error: NodeJS.ErrnoException) =>
      resolve({ kind: "not_started", errorCode: error.code ?? "UNKNOWN" }),
    );
    child.on("close", (exitCode) =>
      resolve({ kind: "exited", exitCode, lines: output.split("\n").filter((line) => line.trim() !== "") }),
    );
    // A program that ends before it has read its input is reported by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(command.input ?? "");
  });
}
