import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseAccess } from "../database/database.ts";
import { createUsageDays } from "./days.ts";
import { listUsage, type UsageCursor, type UsageFilter, type UsagePage, type UsageRow } from "./store.ts";
import { summariseUsage, type UsageSummaryQuery, type UsageTotals } from "./summary.ts";
import { createUsageWriter, type UsageCounts } from "./writer.ts";

export type { UsageCounts, UsageCursor, UsageFilter, UsagePage, UsageRow, UsageSummaryQuery, UsageTotals };

/** What every proxied call leaves behind. */
export interface Usage {
  /** Never waits, never fails: the row is written with others, soon. */
  record(row: UsageRow): void;
  /** The newest first. Another process's rows may be a second late. */
  list(
    projectId: string,
    filter: UsageFilter,
    page: { cursor?: UsageCursor | undefined; limit: number },
  ): Promise<UsagePage>;
  summarise(projectId: string, query: UsageSummaryQuery): Promise<{ totals: UsageTotals[]; isCut: boolean }>;
  counts(): UsageCounts;
  /** Makes the days to come and drops those that are over their time. By itself once an hour. */
  tend(): Promise<void>;
  /** Writes what is still held. */
  close(): Promise<void>;
}

/** Who asks sees what this process has just recorded, where it can be written so soon. */
const FLUSH_WITHIN_MS = 1000;
const TEND_EVERY_MS = 3_600_000;

export function createUsage(parts: {
  database: DatabaseAccess;
  clock: () => number;
  keepDays: number;
  /** @param lost rows that were given up since it was last told. */
  onError: (error: unknown, lost: number) => void;
}): Usage {
  const { database, onError } = parts;
  const days = createUsageDays(parts);
  const writer = createUsageWriter({ database, days, onError });
  let tending: Promise<void> = Promise.resolve();
  const tendInTheBackground = (): void => {
    tending = days.tend().catch((error: unknown) => onError(error, 0));
  };
  tendInTheBackground();
  const timer = setInterval(tendInTheBackground, TEND_EVERY_MS);
  timer.unref();

  const flushSoon = async (): Promise<void> => {
    const late = new AbortController();
    const tooLate = sleep(FLUSH_WITHIN_MS, undefined, { signal: late.signal }).catch(() => {});
    await Promise.race([writer.flush(), tooLate]);
    late.abort();
  };

  return {
    record: writer.record,
    list: async (projectId, filter, page) => {
      await flushSoon();
      return listUsage(database, projectId, filter, page);
    },
    summarise: async (projectId, query) => {
      await flushSoon();
      return summariseUsage(database, projectId, query);
    },
    counts: writer.counts,
    tend: days.tend,
    close: async () => {
      clearInterval(timer);
      await writer.close();
      await tending;
    },
  };
}
