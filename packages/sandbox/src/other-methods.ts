import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Method } from "./rest/route.ts";
import { type Refusal, refuse } from "./wire/refusals.ts";

const methods: readonly Method[] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/**
 * What an address answers to the methods that it does not have: it is there, so that is not "not found". `OPTIONS` says
 * which it has. (`HEAD` is answered as `GET` is, without the body.)
 */
export function registerOtherMethods(
  app: FastifyInstance,
  url: string,
  known: readonly { method: Method }[],
  sendRefusal: (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => FastifyReply,
): void {
  const has = (method: Method): boolean => known.some((route) => route.method === method);
  const allowed = methods.filter(has).flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  const allow = [...allowed, "OPTIONS"].join(", ");
  app.route({
    method: [...methods.filter((method) => !has(method)), ...(has("GET") ? [] : ["HEAD"])],
    url,
    handler(request, reply) {
      reply.header("allow", allow);
      return sendRefusal(request, reply, refuse("405000", `The request type ${request.method} is not allowed here.`));
    },
  });
  app.route({ method: "OPTIONS", url, handler: (_request, reply) => reply.header("allow", allow).code(200).send() });
}
