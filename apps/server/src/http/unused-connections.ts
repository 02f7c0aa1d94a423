import type { Server } from "node:http";
import type { Socket } from "node:net";

/** How often connections that have become idle are looked for while the server closes, in ms. */
const LOOK_EVERY_MS = 50;

/**
 * What would keep a closing server waiting until its time is up, though nobody waits for an answer there: connections
 * that browsers open ahead of time (Node counts one that has never sent a request as busy), and those kept alive after
 * the answer to a call that was under way when the close began.
 *
 * @returns ends those that are unused, now and until the server has closed; whoever has sent something is answered first
 */
export function watchUnusedConnections(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on("connection", (socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  // Not the socket's `data`: listening to that takes Node's parser off its fast path.
  server.on("request", ({ socket }) => unused.delete(socket));
  return () => {
    for (const socket of unused) socket.destroy();
    const looking = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS).unref();
    server.once("close", () => clearInterval(looking));
  };
}
