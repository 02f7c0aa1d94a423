import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Browsers open connections ahead of time. Node counts one that has never sent a request as busy, so closing the server
 * would wait for it until the time is up. This ends them; whoever has sent something is answered first.
 *
 * @returns ends those that are unused now
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
  };
}
