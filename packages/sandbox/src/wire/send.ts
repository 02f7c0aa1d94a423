import type { FastifyReply, FastifyRequest } from "fastify";
import { formatFor } from "./accept.ts";
import type { Element } from "./element.ts";
import { toJson } from "./json.ts";
import { errorElement, type Refusal, refuse, statusOf } from "./refusals.ts";
import type { Reply } from "./reply.ts";
import { toXml } from "./xml.ts";

/** Sends what a handler answered, in the format that the request's `Accept` asks for. */
export function sendReply(request: FastifyRequest, reply: FastifyReply, result: Reply): FastifyReply {
  switch (result.kind) {
    case "empty":
      return reply.code(result.status).send();
    case "elements":
      if (result.location !== undefined) reply.header("location", result.location);
      return sendElements(request, reply.code(result.status), result.elements);
    case "bytes":
      if (result.disposition !== undefined) reply.header("content-disposition", result.disposition);
      if (result.length !== undefined) reply.header("content-length", result.length);
      return reply.type(result.contentType).send(result.body);
  }
}

/** Sends Tableau's error envelope; also on routes whose answers are bytes. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  return sendElements(request, reply.code(statusOf(refusal)), [errorElement(refusal)]);
}

/** The answer to what is not even HTTP, as raw bytes: nothing is known of the client but that it is there. */
export function rawBadRequest(): string {
  const body = toXml([errorElement(refuse("400000", "The request is not valid HTTP."))]);
  const lines = [
    "HTTP/1.1 400 Bad Request",
    `Content-Type: ${contentTypes.xml}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

const contentTypes = { xml: "application/xml;charset=UTF-8", json: "application/json;charset=UTF-8" } as const;

function sendElements(request: FastifyRequest, reply: FastifyReply, elements: Element[]): FastifyReply {
  const format = formatFor(request.headers.accept);
  return reply.type(contentTypes[format]).send(format === "json" ? toJson(elements) : toXml(elements));
}
