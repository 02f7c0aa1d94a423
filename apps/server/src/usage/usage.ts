import type { DatabaseAccess } from "../database/database.ts";
import { createPartitions, insertUsage, listUsage, type UsageFilter, type UsageRow } from "./store.ts";

export type { UsageFilter, UsageRow };

/** What every proxied call leaves behind. */
export interface Usage {
  /** Never waits, never fails: the row is written with others, soon. */
  record(row: UsageRow): void;
  list(projectId: string, filter: UsageFilter): Promise<readonly UsageRow[]>;
  /** Writes what is still held. */
  close(): Promise<void>;
}

const FLUSH_EVERY_MS = 1000;
const LARGEST_BATCH = 1000;
/** Rows held while the database is away; beyond it the oldest are lost, and that is logged. */
const HELD = 50_000;
const DAY_MS = 86_400_000;

export function createUsage(parts: {
  database: DatabaseAccess;
  clock: () => number;
  onError: (error: unknown, lost: number) => void;
}): Usage {
  const { database, clock, onError } = parts;
  let held: UsageRow[] = [];
  let lost = 0;
  let partitionsUntil = 0;
  let flushing: Promise<void> = Promise.resolve();

  const flush = async (): Promise<void> => {
    while (held.length > 0) {
      const batch = held.slice(0, LARGEST_BATCH);
      if (partitionsUntil < clock() + DAY_MS) {
        await createPartitions(database, clock());
        partitionsUntil = clock() + 2 * DAY_MS;
      }
      await insertUsage(database, batch);
      held = held.slice(batch.length);
    }
  };
  const tell = (error: unknown): void => {
    onError(error, lost);
    lost = 0;
  };
  const flushSoon = (): Promise<void> => {
    flushing = flushing.then(flush).then(() => {
      if (lost > 0) tell(new Error(`More than ${HELD} calls came before their rows could be written.`));
    }, tell);
    return flushing;
  };
  const timer = setInterval(() => void (held.length > 0 && flushSoon()), FLUSH_EVERY_MS);
  timer.unref();

  return {
    record: (row) => {
      held.push(row);
      if (held.length > HELD) {
        held.shift();
        lost += 1;
      }
    },
    list: async (projectId, filter) => {
      await flushSoon();
      return listUsage(database, projectId, filter);
    },
    close: async () => {
      clearInterval(timer);
      await flushSoon();
    },
  };
}
