import { randomUUID } from "node:crypto";
import type { DatabaseAccess } from "../database/database.ts";
import type { UsageDays } from "./days.ts";
import { insertUsage, type UsageRow } from "./store.ts";

/** Writes rows in batches, in the background. */
export interface UsageWriter {
  /** Never waits, never fails. */
  record(row: UsageRow): void;
  /** Resolves when everything that was recorded before is written, or cannot be: that is told to `onError`. */
  flush(): Promise<void>;
  counts(): UsageCounts;
  /** Writes what is held, within `CLOSING_MS`. */
  close(): Promise<void>;
}

/** Rows since the start of the process, and those that wait now. */
export interface UsageCounts {
  readonly held: number;
  readonly written: number;
  readonly lost: number;
}

interface Batch {
  readonly id: string;
  readonly rows: readonly UsageRow[];
}

const FLUSH_EVERY_MS = 1000;
const LARGEST_BATCH = 1000;
/** Rows held while the database is away, about 20 MB; the calls beyond it leave none, and their number is told. */
const HELD = 50_000;
/** A server that stops waits so long for a database that is away, and then loses what it holds. */
const CLOSING_MS = 8000;

export function createUsageWriter(parts: {
  database: DatabaseAccess;
  days: UsageDays;
  /** @param lost rows that were given up since it was last told. */
  onError: (error: unknown, lost: number) => void;
}): UsageWriter {
  const { database, days, onError } = parts;
  const waiting: Batch[] = [];
  let filling: UsageRow[] = [];
  let held = 0;
  let written = 0;
  let lost = 0;
  let lostTold = 0;
  let isAway = false;
  let flushing: Promise<void> | null = null;

  const seal = (): void => {
    if (filling.length === 0) return;
    waiting.push({ id: randomUUID(), rows: filling });
    filling = [];
  };

  const tell = (error: unknown): void => {
    onError(error, lost - lostTold);
    lostTold = lost;
  };

  const leave = (batch: Batch): void => {
    waiting.shift();
    held -= batch.rows.length;
  };

  const write = async (batch: Batch): Promise<void> => {
    await days.ensure(timesOf(batch));
    try {
      await insertUsage(database, batch.id, batch.rows);
    } catch (error) {
      if (!isWithoutDay(error)) throw error;
      days.forget();
      await days.ensure(timesOf(batch));
      await insertUsage(database, batch.id, batch.rows);
    }
    leave(batch);
    written += batch.rows.length;
  };

  /** A row that PostgreSQL will never take keeps the others no longer than it takes to find it. */
  const giveWay = (batch: Batch, error: unknown): void => {
    const [row] = batch.rows;
    if (batch.rows.length > 1 || row === undefined) {
      const middle = batch.rows.length >> 1;
      const halves = [batch.rows.slice(0, middle), batch.rows.slice(middle)];
      waiting.splice(0, 1, ...halves.map((rows) => ({ id: randomUUID(), rows })));
      return;
    }
    leave(batch);
    lost += 1;
    tell(new Error(`The usage row of request ${row.requestId} cannot be stored.`, { cause: error }));
  };

  const writeAll = async (): Promise<void> => {
    seal();
    for (let batch = waiting[0]; batch !== undefined; batch = waiting[0]) {
      try {
        await write(batch);
        isAway = false;
      } catch (error) {
        if (!isOfTheRows(error)) {
          // Once for a database that is away, not once a second.
          if (!isAway) tell(error);
          isAway = true;
          return;
        }
        giveWay(batch, error);
      }
    }
    if (lost > lostTold) tell(new Error(`More than ${HELD} calls came before their rows could be written.`));
  };

  const flush = async (): Promise<void> => {
    // What is recorded while a flush is under way may have missed it.
    await flushing;
    flushing ??= writeAll().finally(() => {
      flushing = null;
    });
    await flushing;
  };

  const timer = setInterval(() => void (held > 0 && flushing === null && flush()), FLUSH_EVERY_MS);
  timer.unref();

  return {
    record: (row) => {
      if (held >= HELD) {
        lost += 1;
        return;
      }
      held += 1;
      filling.push(row);
      if (filling.length === LARGEST_BATCH) seal();
    },
    flush,
    counts: () => ({ held, written, lost }),
    close: async () => {
      clearInterval(timer);
      let late: NodeJS.Timeout | undefined;
      const tooLate = new Promise<void>((resolve) => {
        late = setTimeout(resolve, CLOSING_MS);
      });
      await Promise.race([flush(), tooLate]);
      clearTimeout(late);
      if (held === 0) return;
      lost += held;
      tell(new Error("The server stopped before all usage rows could be written."));
    },
  };
}

function* timesOf({ rows }: Batch): Iterable<number> {
  for (const { at } of rows) yield at;
}

/** PostgreSQL's classes 22, data exception, and 23, integrity constraint violation: the rows are at fault, and always will be. */
function isOfTheRows(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error));
}

/** check_violation is what it says where no partition takes a row. */
function isWithoutDay(error: unknown): boolean {
  return codeOf(error) === "23514";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
