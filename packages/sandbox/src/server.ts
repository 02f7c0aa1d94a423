import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Session } from "./auth/sessions.ts";
import { authorize } from "./authorize.ts";
import { registerControl } from "./control/routes.ts";
import type { Method, OpenCall, Route } from "./routes/route.ts";
import { restApiVersion } from "./routes/server.ts";
import { routes } from "./routes/table.ts";
import { formatFor } from "./wire/accept.ts";
import type { Element } from "./wire/element.ts";
import { toJson } from "./wire/json.ts";
import { errorElement, isRefusal, type Refusal, refuse, statusOf } from "./wire/refusals.ts";
import type { Reply } from "./wire/reply.ts";
import { readRequestBody } from "./wire/request-body.ts";
import { toXml } from "./wire/xml.ts";
import type { World } from "./world.ts";

const methods: readonly Method[] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/** The sandbox's HTTP server: Tableau's routes below `/api`, the control routes below `/__sandbox`. */
export function createServer(world: World): FastifyInstance {
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    // Paths match in any letter case and with or without a slash at the end: public clients send both.
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 300 },
    frameworkErrors: (error, request, reply) => void sendRefusal(request, reply, fromFramework(error)),
    clientErrorHandler(_error, socket) {
      // Not even HTTP. Nothing is known of the client but that it is there.
      const body = toXml([errorElement(refuse("400000", "The request is not valid HTTP."))]);
      const head = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/xml;charset=UTF-8\r\nConnection: close\r\n";
      if (socket.writable) socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      else socket.destroy();
    },
  });
  // Bodies are read by the routes themselves, as streams and after the session was checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^/, (_request, payload, parsed) => parsed(null, payload));
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) =>
    sendRefusal(request, reply, fromFramework(error)),
  );
  app.setNotFoundHandler((request, reply) =>
    sendRefusal(request, reply, refuse("404003", `There is nothing at '${pathOf(request)}'.`)),
  );
  registerControl(app, world);
  for (const route of routes) app.route(fastifyRoute(world, route));
  for (const [template, known] of Map.groupBy(routes, ({ template }) => template)) {
    app.route({
      method: methods.filter((method) => !known.some((route) => route.method === method)),
      url: urlOf(template),
      handler: (request, reply) =>
        sendRefusal(request, reply, refuse("405000", `The request type ${request.method} is not allowed here.`)),
    });
  }
  return app;
}

function fastifyRoute(world: World, route: Route) {
  const key = `${route.method} ${route.template}`;
  return {
    method: route.method,
    url: urlOf(route.template),
    async handler(request: FastifyRequest<{ Params: Record<string, string> }>, reply: FastifyReply) {
      world.stats.countCall(key);
      const { slowMs } = world.faults.active();
      if (slowMs > 0) await wait(slowMs);
      const result = await run(world, route, request);
      return isRefusal(result) ? sendRefusal(request, reply, result) : sendReply(request, reply, result);
    },
  };
}

async function run(
  world: World,
  route: Route,
  request: FastifyRequest<{ Params: Record<string, string> }>,
): Promise<Reply | Refusal> {
  const { version = "", ...parameters } = request.params;
  // inferred: a version beyond the advertised one is an unknown address; serverinfo answers at any.
  if (route.template !== "/serverinfo" && !isOffered(version)) {
    return refuse("404003", `There is no version '${version}' of the API.`);
  }
  const session = route.kind === "open" ? undefined : authorize(world, route, tokenOf(request), parameters.siteId);
  if (isRefusal(session)) return session;
  const call = await readCall(world, route, request, parameters);
  if (isRefusal(call)) return call;
  if (route.kind === "open") return route.handle(call);
  return session === undefined
    ? refuse("401000", "No authentication credentials were provided.")
    : route.handle({ ...call, session, scene: sceneOf(world, session, request) });
}

async function readCall(
  world: World,
  route: Route,
  request: FastifyRequest,
  parameters: Record<string, string>,
): Promise<OpenCall | Refusal> {
  const stream = request.body instanceof Readable ? request.body : Readable.from([]);
  const body = route.body === "tsRequest" ? await readRequestBody(stream, request.headers["content-type"]) : undefined;
  if (isRefusal(body)) return body;
  const [, query = ""] = request.raw.url?.split(/\?(.*)/s) ?? [];
  return { world, parameters, query: new URLSearchParams(query), content: body?.content ?? {}, stream };
}

function sceneOf(world: World, session: Session, request: FastifyRequest) {
  return { site: session.site, now: world.clock(), origin: `http://${request.headers.host ?? "localhost"}` };
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const token = headers["x-tableau-auth"];
  return typeof token === "string" ? token : token?.[0];
}

function isOffered(version: string): boolean {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})$/.exec(version) ?? [];
  const [newestMajor = 0, newestMinor = 0] = restApiVersion.split(".").map(Number);
  if (major === undefined || minor === undefined) return false;
  return Number(major) < newestMajor || (Number(major) === newestMajor && Number(minor) <= newestMinor);
}

function urlOf(template: string): string {
  return `/api/:version${template.replaceAll(/\{(\w+)\}/g, ":$1")}`;
}

function pathOf(request: FastifyRequest): string {
  return request.raw.url?.split("?")[0] ?? "";
}

function sendReply(request: FastifyRequest, reply: FastifyReply, result: Reply) {
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

function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal) {
  return sendElements(request, reply.code(statusOf(refusal)), [errorElement(refusal)]);
}

function sendElements(request: FastifyRequest, reply: FastifyReply, elements: Element[]) {
  const isJson = formatFor(request.headers.accept) === "json";
  const type = isJson ? "application/json;charset=UTF-8" : "application/xml;charset=UTF-8";
  return reply.type(type).send(isJson ? toJson(elements) : toXml(elements));
}

/** What Fastify itself refuses: bad encodings, bad content types. Anything else is a bug of the sandbox. */
function fromFramework(error: Error & { statusCode?: number }): Refusal {
  const status = error.statusCode ?? 500;
  if (status === 413) return refuse("413000", error.message);
  if (status === 404) return refuse("404003", error.message);
  if (status < 500) return refuse("400000", error.message);
  console.error(error);
  return refuse("500000", "The sandbox failed.");
}
