import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can be made to fail as networks do, while whoever listens behind it goes on. */
export interface BreakableWay {
  readonly url: string;
  /** For `egressAllow`. */
  readonly host: string;
  /** `silent`: connections are taken and nothing comes back, old ones included. `refusing`: none is taken. */
  be(state: "open" | "silent" | "refusing"): Promise<void>;
  /** Connections now. */
  open(): number;
  close(): Promise<void>;
}

export async function breakableWay(targetUrl: string): Promise<BreakableWay> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => void (isSilent || to.write(data)));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    be: async (state) => {
      isSilent = state === "silent";
      if (state === "refusing" && server.listening) await stop();
      if (state !== "refusing" && !server.listening) await listen(port);
    },
    open: () => sockets.size / 2,
    close: async () => {
      if (server.listening) await stop();
    },
  };
}
