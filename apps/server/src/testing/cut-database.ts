import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

/** The socket that PostgreSQL's clients look for in the directory that a URL's `host` names. */
const SOCKET = ".s.PGSQL.5432";

/** A way to a database that can be cut and mended, as seen from one server: others go on using the database. */
export interface CuttableDatabase {
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /**
   * Whether what belongs to connections of this name (`application_name`) is passed on. Where it is not, they stay open
   * and hear nothing, as when a network swallows everything.
   */
  swallow(applicationName: string | null): void;
  /** Cuts, and leaves nothing behind. */
  close(): Promise<void>;
}

/** Relays a socket of its own to the one of `url` (PostgreSQL's peer authentication sees the same user on both). */
export async function cuttable(url: string): Promise<CuttableDatabase> {
  const parsed = new URL(url);
  const target = join(parsed.searchParams.get("host") ?? "", SOCKET);
  const directory = await mkdtemp("/tmp/easel-cut-");
  const sockets = new Set<Socket>();
  let swallowed: string | null = null;
  const server = createServer((client) => {
    const upstream = connect(target);
    let name = "";
    // The first message of a connection, in the clear: names and values, each ended by a zero byte.
    client.once("data", (start) => {
      name = /application_name\0([^\0]*)\0/.exec(start.toString("latin1"))?.[1] ?? "";
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on("data", (data) => {
        if (name === "" || name !== swallowed) to.write(data);
      });
    }
  });
  const mend = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(join(directory, SOCKET), resolve);
    });
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await mend();
  parsed.searchParams.set("host", directory);
  return {
    url: parsed.toString(),
    cut,
    mend,
    swallow: (applicationName) => {
      swallowed = applicationName;
    },
    close: async () => {
      await cut();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
