import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import { Pool } from "pg";
import { announcedIn, type Change } from "./changes.ts";
import { CommitUnknown, isConnectionFailure } from "./connection-failure.ts";
import type { Database } from "./schema.ts";

export type Handle = Kysely<Database>;
export type Trx = Transaction<Database>;

export interface DatabaseAccess {
  /** For what belongs to no project: sessions, the changes, migrations, looking a project up. */
  readonly db: Handle;
  /**
   * Runs in one transaction that sees one project's rows only: the role `easel_tenant` and row-level security stand
   * behind every query. Repeated on a new connection when the old one broke before the commit was sent.
   */
  inProject<T>(projectId: string, run: (trx: Trx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** One transaction of the instance, repeated likewise. */
  transaction<T>(run: (trx: Trx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** A single query of the instance that may be sent twice without harm, e.g. a read. */
  retrying<T>(run: (db: Handle) => Promise<T>): Promise<T>;
  /** Hears what a transaction of this process announced, once it is committed. */
  onCommit(listener: (changes: readonly Change[]) => void): void;
  connections(): { readonly used: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

export interface TransactionOptions {
  /** Doing it twice does no harm (it reads, or makes what may be there already): repeated also when the commit got lost. */
  readonly isRepeatable?: boolean;
}

/** Connections per process: requests wait for one, they do not open more. */
const POOL_SIZE = 20;
/** How long work waits for a database that restarts, in milliseconds. PostgreSQL recovers within a second or two. */
const PATIENCE_MS = 8000;
/** A process that stops in the middle of a transaction must not hold its locks against the others, in milliseconds. */
const STALLED_MS = 5000;

/** Opens the pool. `onIdleError` hears of connections that broke while nobody used them (a restart): never fatal. */
export function openDatabase(url: string, onIdleError: (error: Error) => void): DatabaseAccess {
  const pool = new Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: STALLED_MS,
    application_name: "easel",
  });
  pool.on("error", onIdleError);
  // The pool listens to a client only while nobody uses it. Between two queries of a transaction nobody would, and a
  // connection lost then would end the process.
  pool.on("connect", (client) => client.on("error", onIdleError));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });

  const listeners: Array<(changes: readonly Change[]) => void> = [];

  const transaction = <T>(
    run: (trx: Trx) => Promise<T>,
    { isRepeatable = false }: TransactionOptions = {},
  ): Promise<T> =>
    patiently(async () => {
      let isDone = false;
      let changes: readonly Change[] = [];
      try {
        const result = await db.transaction().execute(async (trx) => {
          const value = await run(trx);
          changes = announcedIn(trx);
          isDone = true;
          return value;
        });
        for (const listener of listeners) listener(changes);
        return result;
      } catch (error) {
        throw isDone && !isRepeatable && isConnectionFailure(error) ? new CommitUnknown(error) : error;
      }
    });

  return {
    db,
    transaction,
    inProject: (projectId, run, options) =>
      transaction(async (trx) => {
        await sql`select set_config('role', 'easel_tenant', true), set_config('easel.project_id', ${projectId}, true)`.execute(
          trx,
        );
        return run(trx);
      }, options),
    retrying: (run) => patiently(() => run(db)),
    onCommit: (listener) => void listeners.push(listener),
    connections: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => db.destroy(),
  };
}

async function patiently<T>(run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (let pause = 50; ; pause = Math.min(pause * 2, 500)) {
    try {
      return await run();
    } catch (error) {
      if (!isConnectionFailure(error) || performance.now() - started > PATIENCE_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
