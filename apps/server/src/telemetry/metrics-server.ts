import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { FastifyInstance } from "fastify";
import { bearerToken } from "../http/caller.ts";
import { easelError } from "../http/errors.ts";
import type { Metrics } from "./metrics.ts";

/** `GET /metrics` on the main port, for whoever has the token. */
export function metricsRoute(app: FastifyInstance, metrics: Metrics, token: string): void {
  app.get("/metrics", { config: { access: "metricsToken" } }, async (request, reply) => {
    if (!isToken(request, token)) throw easelError("metrics_token");
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}

/** `GET /metrics` on a port of its own, which nobody else should reach; with a token where one is set. */
export function serveMetrics(metrics: Metrics, token: string | null): Server {
  return createServer((request, response) => {
    const refuse = (status: number): void => void response.writeHead(status).end();
    if (request.url?.replace(/\?.*/, "") !== "/metrics") return refuse(404);
    if (request.method !== "GET") return refuse(405);
    if (token !== null && !isToken(request, token)) return refuse(401);
    metrics.text().then(
      (text) => response.writeHead(200, { "content-type": metrics.contentType }).end(text),
      () => refuse(500),
    );
  });
}

/** Of their hashes, so that neither the token nor its length shows in how long it takes. */
function isToken(request: Pick<IncomingMessage, "headers">, token: string): boolean {
  return timingSafeEqual(hashOf(bearerToken(request) ?? ""), hashOf(token));
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
