import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isDatabaseAway } from "../database/connection-failure.ts";
import { EaselError, easelError } from "../http/errors.ts";
import { PROXIED_ANSWER_HEADERS } from "./headers.ts";

/** What the doors of proxied calls have in common: Fastify finds the route, and the rest is done past it. */

declare module "fastify" {
  interface FastifyRequest {
    /** Of a proxied call, as the caller wrote it. */
    contentType: string | undefined;
  }
}

/** Bodies are not parsed, whatever they say they are: they stream. */
export function streamBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
  scope.decorateRequest("contentType", undefined);
  scope.addHook("onRequest", (request, reply, done) => {
    reply.headers(PROXIED_ANSWER_HEADERS);
    // The SDK's `auto` is no media type, and Fastify refuses what is none before the route is reached.
    request.contentType = request.raw.headers["content-type"];
    delete request.raw.headers["content-type"];
    done();
  });
}

/** The request id, CORS and what protects browsers, which were set on the reply that is not used from here on. */
export function headersOf(reply: FastifyReply): Record<string, string> {
  const headers: Record<string, string> = {};
  const set: Readonly<Record<string, unknown>> = reply.getHeaders();
  for (const name of Object.keys(set)) headers[name] = String(set[name]);
  return headers;
}

/** What a call threw, as it is told to the caller. A bug is logged. */
export function refusalFor(error: unknown, request: FastifyRequest): EaselError {
  if (error instanceof EaselError) return error;
  if (isDatabaseAway(error)) return easelError("database_unavailable");
  request.log.error({ err: error }, "a proxied call failed");
  return easelError("internal");
}
