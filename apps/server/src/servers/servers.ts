import type { Connector, ServerFacts } from "@easel/connector";
import { LRUCache } from "lru-cache";
import type { Changes } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import type { Egress } from "../egress/egress.ts";
import { readServer, readTwoServers, storeServer, takeDueServers } from "./store.ts";

/**
 * What the Tableau servers are that credentials are for: edition, product version, and the newest API version that both
 * sides speak. Each is asked once a day, by one process; so a server that was upgraded, or set back, is called at the
 * version that it speaks now, and nobody has to reconnect.
 */
export interface Servers {
  /** What is in memory, and may be a moment old: no promise, no query. What is not there is looked up for the next call. */
  peek(serverUrl: string): ServerFacts | undefined;
  /** What a server said of itself when somebody connected. */
  learn(facts: ServerFacts): Promise<void>;
  /** Asks the server now, where a sign-in met one that does not know the version. Null where it does not answer. */
  askAgain(serverUrl: string): Promise<ServerFacts | null>;
  /** Asks those whose day is over. */
  askDue(): Promise<void>;
  /** The address of the one server that there is; null where there are others, or none. */
  only(): Promise<string | null>;
}

/** Servers kept in memory at most. */
const KEPT = 10_000;
/** How long a server that is not in the database is not looked up again. */
const UNKNOWN_MS = 60_000;
/** How often each process looks for servers whose day is over. */
export const LOOK_FOR_DUE_MS = 60_000;
/** Asked in one go: with that, a process asks 28,800 servers a day. */
const BATCH = 20;
/** At the same time. */
const AT_ONCE = 4;
const ASK_MS = 10_000;
/** A server whose sign-ins are refused for their version is asked this often at most. */
const AGAIN_MS = 60_000;

interface Known {
  readonly facts: ServerFacts | undefined;
  readonly readAt: number;
  isStale: boolean;
}

export function createServers(parts: {
  database: DatabaseAccess;
  changes: Changes;
  connector: Connector;
  egress: Egress;
  clock: () => number;
}): Servers {
  const { database, changes, connector, clock } = parts;
  const send = parts.egress.send(ASK_MS);
  const known = new LRUCache<string, Known>({ max: KEPT });
  // Bounded by `KEPT`: one look-up a server.
  const reading = new Set<string>();
  const askedAgain = new LRUCache<string, { at: number; answer: Promise<ServerFacts | null> }>({ max: KEPT });

  const remember = (serverUrl: string, facts: ServerFacts | undefined): void =>
    void known.set(serverUrl, { facts, readAt: clock(), isStale: false });

  const readLater = (serverUrl: string): void => {
    if (reading.has(serverUrl) || reading.size >= KEPT) return;
    reading.add(serverUrl);
    readServer(database, serverUrl)
      .then((facts) => remember(serverUrl, facts))
      // Without a database, what was known goes on being true enough.
      .catch(() => {})
      .finally(() => reading.delete(serverUrl));
  };

  changes.subscribe((topic) => {
    if (topic === null) {
      for (const entry of known.values()) entry.isStale = true;
    } else if (topic.startsWith("server:") && known.has(topic.slice("server:".length))) {
      readLater(topic.slice("server:".length));
    }
  });

  const ask = async (serverUrl: string): Promise<ServerFacts | null> => {
    const result = await connector.probe(serverUrl, send);
    if (result.kind === "notFound") return null;
    await storeServer(database, result.server);
    remember(serverUrl, result.server);
    return result.server;
  };

  const askDue = async (): Promise<void> => {
    const due = [...(await takeDueServers(database, BATCH))];
    const askNext = async (): Promise<void> => {
      for (let next = due.pop(); next !== undefined; next = due.pop()) await ask(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askNext));
  };

  return {
    peek: (serverUrl) => {
      const entry = known.get(serverUrl);
      const isUnknown =
        entry?.facts === undefined && clock() - (entry?.readAt ?? Number.NEGATIVE_INFINITY) > UNKNOWN_MS;
      if (isUnknown || entry?.isStale === true) readLater(serverUrl);
      return entry?.facts;
    },
    learn: async (facts) => {
      await storeServer(database, facts);
      remember(facts.serverUrl, facts);
    },
    askAgain: (serverUrl) => {
      const before = askedAgain.get(serverUrl);
      if (before !== undefined && clock() - before.at < AGAIN_MS) return before.answer;
      const answer = ask(serverUrl);
      askedAgain.set(serverUrl, { at: clock(), answer });
      answer.catch(() => askedAgain.delete(serverUrl));
      return answer;
    },
    askDue,
    only: async () => {
      const [first, ...others] = await readTwoServers(database);
      return first === undefined || others.length > 0 ? null : first;
    },
  };
}
