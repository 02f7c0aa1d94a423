import { Readable } from "node:stream";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { registerJsonApis, withColons, withSingleSlashes } from "./api/register.ts";
import { authorize } from "./auth/authorize.ts";
import type { Session } from "./auth/sessions.ts";
import { arrive } from "./control/arrive.ts";
import { noteCalls } from "./control/calls.ts";
import { registerCuts } from "./control/cut.ts";
import { registerControl } from "./control/routes.ts";
import { registerFace } from "./face/routes.ts";
import { type OtherMethods, openOtherMethods } from "./other-methods.ts";
import type { OpenCall, Route } from "./rest/route.ts";
import { restApiVersion } from "./rest/server/routes.ts";
import { noticeViewing } from "./rest/sites/recent.ts";
import { routes } from "./rest/table.ts";
import { isRefusal, type Refusal, refuse } from "./wire/refusals.ts";
import type { Reply } from "./wire/reply.ts";
import { readRequestBody } from "./wire/request-body.ts";
import { rawBadRequest, sendRefusal, sendReply } from "./wire/send.ts";
import type { World } from "./world.ts";

/** The sandbox's HTTP server: Tableau's routes below `/api`, the control routes below `/__sandbox`. */
export function createServer(world: World): FastifyInstance {
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: true,
    forceCloseConnections: true,
    // Paths match in any letter case and with or without a slash at the end: public clients send both.
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 300 },
    rewriteUrl: ({ url = "/" }) => withColons(withSingleSlashes(url)),
    frameworkErrors: (error, request, reply) => void sendRefusal(request, reply, fromFramework(error)),
    clientErrorHandler(_error, socket) {
      if (socket.writable) socket.end(rawBadRequest());
      else socket.destroy();
    },
  });
  // Bodies are read by the routes themselves, as streams and after the session was checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^/, (_request, payload, parsed) => parsed(null, payload));
  app.setErrorHandler<FrameworkError>((error, request, reply) => sendRefusal(request, reply, fromFramework(error)));
  const others = openOtherMethods();
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.raw.url?.split("?") ?? [];
    const refusal = refuse("404003", `There is nothing at '${path}'.`);
    return others.answer(request, reply) ?? sendRefusal(request, reply, refusal);
  });
  noteCalls(app, world);
  registerCuts(app);
  registerControl(app, world);
  registerFace(app, world);
  registerRoutes(app, world, others);
  registerJsonApis(app, world, others);
  return app;
}

function registerRoutes(app: FastifyInstance, world: World, others: OtherMethods): void {
  const offered = routes.filter(({ edition }) => edition === undefined || edition === world.edition);
  for (const route of offered) {
    app.route({
      method: route.method,
      url: urlOf(route.template),
      async handler(request: ApiRequest, reply: FastifyReply) {
        const fault = await arrive(world, `${route.method} ${route.template}`, { request, reply });
        const result = fault ?? (await run(world, route, request));
        return isRefusal(result) ? sendRefusal(request, reply, result) : sendReply(request, reply, result);
      },
    });
  }
  for (const [template, known] of Map.groupBy(offered, (route) => route.template)) {
    others.add(urlOf(template), known, sendRefusal);
  }
}

type ApiRequest = FastifyRequest<{ Params: Record<string, string> }>;

async function run(world: World, route: Route, request: ApiRequest): Promise<Reply | Refusal> {
  const { version = "", ...parameters } = request.params;
  // inferred: a version beyond the advertised one is an unknown address; serverinfo answers at any.
  const isExperimental = route.isExperimental === true && version.toLowerCase() === "exp";
  if (route.template !== "/serverinfo" && !isExperimental && !isOffered(version)) {
    return refuse("404003", `There is no version '${version}' of the API.`);
  }
  if (route.kind === "open") {
    const call = await readCall(world, route, request, parameters);
    return isRefusal(call) ? call : route.handle(call);
  }
  const session = await authorize(world, route, request.headers, parameters.siteId);
  if (isRefusal(session)) return session;
  const read = await readCall(world, route, request, parameters);
  if (isRefusal(read)) return read;
  const call = { ...read, session, scene: sceneOf(world, session, request) };
  const result = await route.handle(call);
  if (!isRefusal(result)) noticeViewing(route, call);
  return result;
}

async function readCall(
  world: World,
  route: Route,
  request: ApiRequest,
  parameters: Record<string, string>,
): Promise<OpenCall | Refusal> {
  const stream = request.body instanceof Readable ? request.body : Readable.from([]);
  const body = route.body === "tsRequest" ? await readRequestBody(stream, request.headers["content-type"]) : undefined;
  if (isRefusal(body)) return body;
  const [, query = ""] = request.raw.url?.split(/\?(.*)/s) ?? [];
  const { headers } = request;
  return { world, parameters, query: new URLSearchParams(query), headers, content: body?.content ?? {}, stream };
}

function sceneOf(world: World, session: Session, request: ApiRequest) {
  const { site, user } = session;
  return { site, user, now: world.clock(), origin: `http://${request.headers.host ?? "localhost"}` };
}

/** Whether a version in a path is one up to the advertised one. */
function isOffered(version: string): boolean {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})$/.exec(version) ?? [];
  const [newestMajor = 0, newestMinor = 0] = restApiVersion.split(".").map(Number);
  if (major === undefined || minor === undefined) return false;
  return Number(major) < newestMajor || (Number(major) === newestMajor && Number(minor) <= newestMinor);
}

function urlOf(template: string): string {
  // Colons of the path itself (`tags:batchCreate`) are doubled, for one alone begins a parameter.
  return `/api/:version${template.replaceAll(":", "::").replaceAll(/\{(\w+)\}/g, ":$1")}`;
}

type FrameworkError = Error & { statusCode?: number };

/** What Fastify itself refuses: bad encodings, bad content types. Anything else is a bug of the sandbox. */
function fromFramework(error: FrameworkError): Refusal {
  const status = error.statusCode ?? 500;
  if (status === 404) return refuse("404003", error.message);
  if (status < 500) return refuse("400000", error.message);
  console.error(error);
  return refuse("500000", "The sandbox failed.");
}
