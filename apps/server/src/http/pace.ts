import { randomUUID } from "node:crypto";
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { bytesReceived } from "./counted.ts";
import { errorBody } from "./error-body.ts";
import { easelError } from "./errors.ts";

export interface Pace {
  /** From the connection, or the answer before, to the end of a request's head; looked for so often. By Node's own clock. */
  readonly headMs: number;
  readonly headEveryMs: number;
  /** How often all connections are looked at. */
  readonly everyMs: number;
  /** A body of which fewer than `leastBytes` came, so many looks in a row, is waited for no longer. */
  readonly slowLooks: number;
  readonly leastBytes: number;
  /** A caller that took nothing of its answer, so many looks in a row, has gone without a word. */
  readonly stalledLooks: number;
}

/**
 * A minute for a kilobyte of a body: whoever sends a byte a second holds a slot for nothing. For an answer a quarter of
 * an hour: what a caller takes by the kilobyte is seen here only when the kernel's buffers, of megabytes, have room.
 */
export const USUAL_PACE: Pace = {
  headMs: 20_000,
  headEveryMs: 5000,
  everyMs: 10_000,
  slowLooks: 6,
  leastBytes: 1024,
  stalledLooks: 90,
};

interface Watched {
  response: ServerResponse;
  /** Of the body that came, or of the answer that was taken, at the last look; in bytes. */
  moved: number;
  /** Looks in a row without enough. */
  idle: number;
}

/**
 * Ends what callers keep open without going on: bodies that come by the byte, and answers that are not taken. One timer
 * for all connections, since a timer for each call would cost every call. Bodies that Easel itself holds back, because
 * Tableau takes them slowly, are nobody's fault.
 */
export function watchPace(server: Server, pace: Pace): void {
  const connections = new Map<Socket, Watched>();
  server.on("request", (request, response) => {
    const { socket } = request;
    const known = connections.get(socket);
    if (known === undefined) {
      connections.set(socket, { response, moved: 0, idle: 0 });
      socket.once("close", () => connections.delete(socket));
    } else {
      known.response = response;
      known.moved = 0;
      known.idle = 0;
    }
  });
  const looking = setInterval(() => {
    for (const [socket, watched] of connections) look(socket, watched, pace);
  }, pace.everyMs);
  looking.unref();
  server.once("close", () => clearInterval(looking));
}

function look(socket: Socket, watched: Watched, { slowLooks, leastBytes, stalledLooks }: Pace): void {
  const { req: request } = watched.response;
  if (!request.complete) {
    const moved = bytesReceived(request);
    // What lies here unread waits for us.
    const isSlow = request.readableLength === 0 && moved - watched.moved < leastBytes;
    watched.idle = isSlow ? watched.idle + 1 : 0;
    watched.moved = moved;
    if (watched.idle >= slowLooks) refuse(socket, watched.response);
    return;
  }
  const taken = socket.bytesWritten - socket.writableLength;
  watched.idle = socket.writableLength > 0 && taken === watched.moved ? watched.idle + 1 : 0;
  watched.moved = taken;
  if (watched.idle >= stalledLooks) socket.destroy();
}

/** Says why, where nothing was said yet. */
function refuse(socket: Socket, response: ServerResponse): void {
  if (response.headersSent) {
    socket.destroy();
    return;
  }
  const refusal = easelError("request_timeout");
  const id = String(response.getHeader("x-request-id") ?? randomUUID());
  const body = Buffer.from(JSON.stringify(errorBody(refusal, id)));
  response.writeHead(refusal.status, {
    "content-type": "application/json",
    "x-request-id": id,
    "x-content-type-options": "nosniff",
    connection: "close",
    "content-length": body.length,
  });
  // Node forgets a request whose answer is done: whoever reads its body still would wait for ever.
  socket.once("close", () => response.req.destroy(refusal));
  response.end(body, () => socket.destroySoon());
}
