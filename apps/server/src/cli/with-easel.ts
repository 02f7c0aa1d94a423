import { join } from "node:path";
import { findPostgres } from "@easel/postgres";
import pino from "pino";
import { composeEasel, type Easel } from "../compose.ts";
import type { Config } from "../config.ts";
import { loadKeyRing } from "../key-ring.ts";
import { Refusal } from "../refusal.ts";

/** Runs a command with the features of Easel on its database: the running instance's, or the one of `DATABASE_URL`. */
export async function withEasel<T>(config: Config, run: (easel: Easel) => Promise<T>): Promise<T> {
  const easel = await composeEasel({
    config,
    databaseUrl: await databaseUrl(config),
    keyRing: await loadKeyRing(config),
    egressAllow: [],
    developmentKeys: null,
    clock: Date.now,
    log: pino({ level: "silent" }),
  });
  try {
    return await run(easel);
  } finally {
    await easel.close();
  }
}

async function databaseUrl(config: Config): Promise<string> {
  if (config.database.kind === "external") return config.database.url;
  const running = await findPostgres(join(config.dataDirectory, "postgres"));
  if (running !== null) return running.url();
  throw new Refusal(`No Easel runs with the data directory ${config.dataDirectory}. Start it with npm start.`);
}
