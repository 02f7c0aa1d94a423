import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authorize } from "../auth/authorize.ts";
import { arrive } from "../control/arrive.ts";
import type { OtherMethods } from "../other-methods.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { readRequestBody, readText } from "../wire/request-body.ts";
import type { World } from "../world.ts";
import type { JsonReply, JsonRoute } from "./route.ts";
import { jsonApis } from "./table.ts";

type ApiRequest = FastifyRequest<{ Params: Record<string, string> }>;

/** Registers every API that is not the classic REST API. */
export function registerJsonApis(app: FastifyInstance, world: World, others: OtherMethods): void {
  for (const api of jsonApis) {
    const offered = api.routes.filter(({ edition }) => edition === undefined || edition === world.edition);
    for (const route of offered) {
      app.route({
        method: route.method,
        url: urlOf(route.path),
        async handler(request: ApiRequest, reply) {
          const fault = await arrive(world, `${route.method} ${route.path}`, { request, reply });
          const result = fault ?? (await run(world, route, request));
          return send(reply, isRefusal(result) ? api.refusal(result, refused(world, request)) : result);
        },
      });
    }
    for (const [path, known] of Map.groupBy(offered, (route) => route.path)) {
      others.add(urlOf(path), known, (request, reply, refusal) =>
        send(reply, api.refusal(refusal, refused(world, request))),
      );
    }
    if (api.prefix !== undefined && offered.length > 0) {
      app.all(`${api.prefix}/*`, (request, reply) => {
        const call = refused(world, request);
        const refusal = refuse("404003", `There is nothing at '${call.path}'.`);
        return others.answer(request, reply) ?? send(reply, api.refusal(refusal, call));
      });
    }
  }
}

async function run(world: World, route: JsonRoute, request: ApiRequest): Promise<JsonReply | Refusal> {
  if (route.jwt === "open") return route.reply;
  const session = await authorize(world, route, request.headers, undefined);
  if (isRefusal(session)) return session;
  const content = await readContent(route, request);
  if (isRefusal(content)) return content;
  const [, query = ""] = request.raw.url?.split(/\?(.*)/s) ?? [];
  const scene = {
    site: session.site,
    now: world.clock(),
    origin: `http://${request.headers.host ?? "localhost"}`,
  };
  return route.handle({
    world,
    parameters: request.params,
    query: new URLSearchParams(query),
    content,
    session,
    scene,
  });
}

/** The body, whatever its Content-Type says: these APIs know JSON only, and one of them its own language. */
async function readContent(route: JsonRoute, request: ApiRequest): Promise<unknown> {
  if (route.body === "none") return undefined;
  const stream = request.body instanceof Readable ? request.body : Readable.from([]);
  if (route.body === "text") return readText(stream);
  const body = await readRequestBody(stream, "application/json");
  return isRefusal(body) ? body : body.content;
}

function refused(world: World, request: FastifyRequest) {
  const [path = ""] = request.raw.url?.split("?") ?? [];
  return { path, now: world.clock() };
}

function send(reply: FastifyReply, answer: JsonReply): FastifyReply {
  if (answer.kind === "text") return reply.code(answer.status).type(answer.contentType).send(answer.body);
  const { status, body, headers = {} } = answer;
  reply.code(status).headers(headers);
  return body === undefined ? reply.send() : reply.type("application/json;charset=UTF-8").send(JSON.stringify(body));
}

/** Colons of the path itself (`definitions:batchGet`) are doubled, for one alone begins a parameter. */
function urlOf(path: string): string {
  return path.replaceAll(":", "::").replaceAll(/\{(\w+)\}/g, ":$1");
}

/** Public scripts put `server/` and `/api` together; slashes in the query are theirs, and so is an absolute address. */
export function withSingleSlashes(url: string): string {
  return url.replace(/^\/[^?]*/, (path) => path.replaceAll(/\/{2,}/g, "/"));
}

/** Public clients send the colon of `definitions:batchGet` and of `tags:batchCreate` as `%3A`. */
export function withColons(url: string): string {
  if (!/^\/api\/(-\/|[^?]*\/tags%3a)/i.test(url)) return url;
  const [path = "", ...query] = url.split(/(?=\?)/);
  return path.replaceAll(/%3a/gi, ":") + query.join("");
}
