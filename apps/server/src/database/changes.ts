import { EventEmitter, once } from "node:events";
import { sql } from "kysely";
import { LRUCache } from "lru-cache";
import { Client } from "pg";
import type { DatabaseAccess, Trx } from "./database.ts";

/**
 * What one process writes and another has in memory. A writer adds a row in its own transaction; a trigger announces
 * it; every process hears it and forgets what it held. Topics: `project:<id>`, `user:<project id>:<subject>`,
 * `session:<identity>`, `first-run`.
 *
 * A process that is not listening must not trust its memory: `isListening` is false from the moment the connection is
 * lost until it is back, and listeners hear `null` ("forget everything") when it returns.
 */
export interface Changes {
  isListening(): boolean;
  /** Milliseconds since it was last proved that changes are heard. */
  silentMs(): number;
  /** `topic` is null when any change may have been missed. */
  subscribe(listener: (topic: string | null) => void): void;
  /** Resolves when the topic is announced or `ms` have passed, whichever is first. */
  waitFor(topic: string, ms: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * How often the connection is proved and missed rows are read, and how long a proof may take before the connection counts
 * as lost. Together well below the second within which a revocation must reach every process: a busy one is late with both.
 */
const PROOF_MS = 350;
const PROOF_TIMEOUT_MS = 450;
/** Rows read at one proof; more than that and everything is forgotten instead. */
const BATCH = 500;

/** Changes remembered as heard: the same one comes by commit, by announcement and by proof. Beyond it some are heard twice. */
const HEARD = 10_000;

/** One row of `changes`. */
export interface Change {
  readonly id: string;
  readonly topic: string;
}

/** What a transaction announces, so that its own process hears it the moment it is committed and reads what it wrote. */
const announced = new WeakMap<Trx, readonly Change[]>();

export function announcedIn(trx: Trx): readonly Change[] {
  return announced.get(trx) ?? [];
}

export async function announce(trx: Trx, topic: string): Promise<void> {
  const { id } = await trx.insertInto("changes").values({ topic }).returning("id").executeTakeFirstOrThrow();
  announced.set(trx, [...announcedIn(trx), { id, topic }]);
}

/** In one statement, however many they are. */
export async function announceEach(trx: Trx, topics: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    insert into changes (topic) select unnest(${topics}::text[]) returning id::text`.execute(trx);
  // Each topic with one of the ids, whichever: all of them are heard.
  const changes = rows.flatMap(({ id }, at) => topics.slice(at, at + 1).map((topic) => ({ id, topic })));
  announced.set(trx, [...announcedIn(trx), ...changes]);
}

/** Starts listening; resolves when the first connection listens. Reconnects for ever. */
export async function listenForChanges(
  url: string,
  database: DatabaseAccess,
  onTrouble: (error: unknown) => void,
): Promise<Changes> {
  // One listener per waiter of a session, and one per cache: bounded by the requests under way.
  const topics = new EventEmitter().setMaxListeners(0);
  const subscribers: Array<(topic: string | null) => void> = [];
  let connection: { client: Client; lastId: string } | null = null;
  let isClosed = false;
  let provenAt = performance.now();
  let timer: NodeJS.Timeout | undefined;

  const hear = (topic: string | null): void => {
    for (const subscriber of subscribers) subscriber(topic);
    if (topic !== null) topics.emit(topic);
  };

  const heard = new LRUCache<string, true>({ max: HEARD });
  const hearOnce = ({ id, topic }: Change): void => {
    if (heard.has(id)) return;
    heard.set(id, true);
    hear(topic);
  };

  database.onCommit((committed) => committed.forEach(hearOnce));

  const connect = async (): Promise<void> => {
    const client = new Client({
      connectionString: url,
      application_name: "easel changes",
      connectionTimeoutMillis: 5000,
    });
    client.on("error", (error) => lose(client, error));
    client.on("end", () => lose(client, new Error("The connection for changes has ended.")));
    client.on("notification", ({ payload = "" }) => hearOnce(readPayload(payload)));
    try {
      await client.connect();
      await client.query("listen easel_changes");
      const { rows } = await client.query<{ id: string }>("select coalesce(max(id), 0)::text as id from changes");
      if (isClosed) return await client.end();
      connection = { client, lastId: rows[0]?.id ?? "0" };
      provenAt = performance.now();
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    hear(null);
  };

  const lose = (client: Client, error: unknown): void => {
    if (isClosed || connection?.client !== client) return;
    connection = null;
    hear(null);
    onTrouble(error);
    client.end().catch(() => {});
  };

  const prove = async (): Promise<void> => {
    const current = connection;
    if (current === null) {
      await connect().catch(onTrouble);
      return;
    }
    const query = current.client.query<Change>(
      "select id::text, topic from changes where id > $1 order by id limit $2",
      [current.lastId, BATCH],
    );
    query.catch(() => {});
    try {
      const { rows } = await withTimeout(query, PROOF_TIMEOUT_MS);
      provenAt = performance.now();
      if (rows.length === BATCH) hear(null);
      for (const change of rows) {
        current.lastId = change.id;
        hearOnce(change);
      }
    } catch (error) {
      lose(current.client, error);
    }
  };

  const schedule = (): void => {
    if (isClosed) return;
    timer = setTimeout(() => void prove().finally(schedule), PROOF_MS);
    timer.unref();
  };

  await connect();
  schedule();
  return {
    isListening: () => connection !== null,
    silentMs: () => performance.now() - provenAt,
    subscribe: (listener) => void subscribers.push(listener),
    waitFor: async (topic, ms) => {
      const stop = AbortSignal.timeout(ms);
      await once(topics, topic, { signal: stop }).catch(() => {});
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await connection?.client.end().catch(() => {});
    },
  };
}

/** As the trigger of the table `changes` writes it: id, space, topic. */
function readPayload(payload: string): Change {
  const space = payload.indexOf(" ");
  return { id: payload.slice(0, space), topic: payload.slice(space + 1) };
}

function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms.`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
