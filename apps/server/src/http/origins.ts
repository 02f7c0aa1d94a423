import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isLoopbackHost } from "../config.ts";
import type { Project } from "../projects/projects.ts";
import { easelError } from "./errors.ts";

/** May a page of this origin use the project? With no origin allowed by name, loopback ones may. */
export function isAllowedOrigin(project: Pick<Project, "allowedOrigins">, origin: string): boolean {
  if (project.allowedOrigins.length > 0) return project.allowedOrigins.includes(origin);
  const url = URL.parse(origin);
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    (isLoopbackHost(url.hostname) || url.hostname.endsWith(".localhost"))
  );
}

/** The CSP source list of who may frame the project's pages. */
export function frameAncestors(project: Pick<Project, "allowedOrigins">): string {
  if (project.allowedOrigins.length > 0) return project.allowedOrigins.join(" ");
  return "http://localhost:* http://127.0.0.1:* http://*.localhost:* https://localhost:* https://127.0.0.1:*";
}

const METHODS = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS";
/** Chromium keeps a preflight's answer for two hours at most. */
const PREFLIGHT_S = "7200";
const EXPOSED = [
  "x-request-id",
  "content-disposition",
  "etag",
  "last-modified",
  "location",
  "retry-after",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
].join(", ");

/**
 * The headers that let a page read an answer. Throws `origin_not_allowed` for a page that may not use the project: the
 * call is refused, not only hidden. Calls from servers carry no Origin; Easel's own pages carry Easel's.
 */
export function corsHeaders(
  project: Project,
  request: Pick<FastifyRequest, "headers" | "host" | "protocol">,
): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined || origin === `${request.protocol}://${request.host}`) return {};
  if (!isAllowedOrigin(project, origin)) throw easelError("origin_not_allowed", { origin: origin.slice(0, 200) });
  return { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED, vary: "origin" };
}

/**
 * Answers every preflight below a path without a look at the database: a preflight carries no token, so there is nothing
 * to check it against. What follows it is checked.
 */
export function answerPreflights(app: FastifyInstance, url: string): void {
  app.options(url, { config: { access: "public" } }, async (request, reply: FastifyReply) => {
    const asked = request.headers["access-control-request-headers"];
    return reply
      .code(204)
      .headers({
        "access-control-allow-origin": request.headers.origin ?? "*",
        "access-control-allow-methods": METHODS,
        "access-control-allow-headers":
          asked !== undefined && /^[\w\-, ]{1,2000}$/.test(asked) ? asked : "authorization, content-type",
        "access-control-max-age": PREFLIGHT_S,
        vary: "origin, access-control-request-headers",
      })
      .send();
  });
}
