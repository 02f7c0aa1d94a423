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
  "ratelimit",
  "ratelimit-policy",
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
  request: Pick<FastifyRequest, "headers" | "host" | "protocol" | "ownOrigin">,
): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined || isOwnOrigin(origin, request)) return { vary: "origin" };
  if (!isAllowedOrigin(project, origin)) throw easelError("origin_not_allowed", { origin: origin.slice(0, 200) });
  return { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED, vary: "origin" };
}

/** Behind a proxy the request itself may say `http` where people use `https`. */
export function isOwnOrigin(origin: string, request: Pick<FastifyRequest, "host" | "protocol" | "ownOrigin">): boolean {
  return origin === request.ownOrigin || origin === `${request.protocol}://${request.host}`;
}

/** For refusals that tell nothing of a project: without this header a page sees a network error in their place. */
export function letAnyPageRead(request: Pick<FastifyRequest, "headers">, reply: FastifyReply): void {
  const { origin } = request.headers;
  if (origin !== undefined) reply.headers({ "access-control-allow-origin": origin, vary: "origin" });
}

/** Header names, comma-separated (RFC 9110, "token"). */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~\-, ]{1,2000}$/;

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
          asked !== undefined && HEADER_NAMES.test(asked) ? asked : "authorization, content-type",
        "access-control-max-age": PREFLIGHT_S,
        vary: "origin, access-control-request-headers",
      })
      .send();
  });
}
