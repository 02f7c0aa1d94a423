import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "./errors.ts";

/** `server.json` in the data directory: how other processes find the server. It outlives the server. */
export interface ServerRecord {
  socketDirectory: string;
  /** The Easel process that supervises, or last supervised, the server. For people: nothing is decided by it. */
  supervisorPid: number;
}

const FILE = "server.json";

/** Null when there is none, or none that can be understood. */
export async function readServerRecord(dataDirectory: string): Promise<ServerRecord | null> {
  let text: string;
  try {
    text = await readFile(join(dataDirectory, FILE), "utf8");
  } catch (error) {
    if (systemCode(error) !== null) return null;
    throw error;
  }
  return parse(text);
}

export async function writeServerRecord(dataDirectory: string, record: ServerRecord): Promise<void> {
  const path = join(dataDirectory, FILE);
  await writeFile(`${path}.draft`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  await rename(`${path}.draft`, path);
}

function parse(text: string): ServerRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  if (!("socketDirectory" in value) || typeof value.socketDirectory !== "string") return null;
  if (!("supervisorPid" in value) || typeof value.supervisorPid !== "number") return null;
  return { socketDirectory: value.socketDirectory, supervisorPid: value.supervisorPid };
}
