import type { Server } from "node:http";

/** Listens on a free port of this machine, and says where in the line that `startChild` waits for. */
export function listen(server: Server): void {
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address === "object") console.log(`listening http://127.0.0.1:${address.port}`);
  });
}
