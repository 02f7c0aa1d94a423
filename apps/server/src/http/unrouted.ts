import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { errorBody } from "./error-body.ts";
import { type EaselError, easelError } from "./errors.ts";

/** What `clientError` of node:http tells: a request that could not be read as HTTP. */
interface ConnectionError extends Error {
  readonly code?: string;
}

/**
 * The last words on a connection whose request is not HTTP, is too slow, or has headers without end; then it is cut. The
 * error's `rawPacket` holds what was sent, tokens included, so it is not logged.
 */
export function answerUnreadable(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  if (socket.writable) {
    const id = randomUUID();
    const refusal = refusalOf(error);
    const body = JSON.stringify(errorBody(refusal, id));
    socket.write(
      `HTTP/1.1 ${refusal.status} ${refusal.code}\r\nContent-Type: application/json\r\nX-Request-Id: ${id}\r\n` +
        `X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

function refusalOf({ code }: ConnectionError): EaselError {
  if (code === "HPE_HEADER_OVERFLOW") return easelError("headers_too_large");
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return easelError("request_timeout");
  return easelError("request_malformed", { detail: "it is not HTTP." });
}

/** An address that the router cannot take apart (`%zz`): no hook runs and no route is known, so it is logged here too. */
export function answerBadAddress({ id, log }: FastifyRequest, reply: FastifyReply): void {
  const refusal = easelError("request_malformed", { detail: "its address holds a percent sign without two digits." });
  const body = JSON.stringify(errorBody(refusal, id));
  reply.raw.writeHead(refusal.status, {
    "content-type": "application/json",
    "x-request-id": id,
    "x-content-type-options": "nosniff",
  });
  reply.raw.end(body);
  log.info({ status: refusal.status }, "answered");
}
