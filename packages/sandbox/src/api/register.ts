import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authorize } from "../auth/authorize.ts";
import { tokenOf } from "../auth/token.ts";
import { arrive } from "../control/arrive.ts";
import type { Method } from "../rest/route.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { readRequestBody } from "../wire/request-body.ts";
import type { World } from "../world.ts";
import type { JsonReply, JsonRoute } from "./route.ts";
import { jsonApis } from "./table.ts";

const methods: readonly Method[] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

type ApiRequest = FastifyRequest<{ Params: Record<string, string> }>;

/** Registers every API that is not the classic REST API. */
export function registerJsonApis(app: FastifyInstance, world: World): void {
  for (const api of jsonApis) {
    for (const route of api.routes) {
      app.route({
        method: route.method,
        url: urlOf(route.path),
        async handler(request: ApiRequest, reply) {
          await arrive(world, `${route.method} ${route.path}`);
          const result = await run(world, route, request);
          return send(reply, isRefusal(result) ? api.refusal(result, refused(world, request)) : result);
        },
      });
    }
    // An address that is there, by a method that it does not have, is not "not found".
    for (const [path, known] of Map.groupBy(api.routes, (route) => route.path)) {
      app.route({
        method: methods.filter((method) => !known.some((route) => route.method === method)),
        url: urlOf(path),
        handler(request, reply) {
          const refusal = refuse("405000", `The request type ${request.method} is not allowed here.`);
          return send(reply, api.refusal(refusal, refused(world, request)));
        },
      });
    }
  }
}

async function run(world: World, route: JsonRoute, request: ApiRequest): Promise<JsonReply | Refusal> {
  const session = authorize(world, route, tokenOf(request.headers), undefined);
  if (isRefusal(session)) return session;
  const content = route.body === "json" ? await readJson(request) : undefined;
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

/** The body, whatever its Content-Type says: these APIs know JSON only. */
async function readJson(request: ApiRequest): Promise<unknown> {
  const stream = request.body instanceof Readable ? request.body : Readable.from([]);
  const body = await readRequestBody(stream, "application/json");
  return isRefusal(body) ? body : body.content;
}

function refused(world: World, request: FastifyRequest) {
  const [path = ""] = request.raw.url?.split("?") ?? [];
  return { path, now: world.clock() };
}

function send(reply: FastifyReply, { status, body, headers = {} }: JsonReply): FastifyReply {
  reply.code(status).headers(headers);
  return body === undefined ? reply.send() : reply.type("application/json;charset=UTF-8").send(JSON.stringify(body));
}

/** Colons of the path itself (`definitions:batchGet`) are doubled, for one alone begins a parameter. */
function urlOf(path: string): string {
  return path.replaceAll(":", "::").replaceAll(/\{(\w+)\}/g, ":$1");
}

/** Public clients send the colon of `definitions:batchGet` as `%3A`; these APIs' paths hold no other. */
export function withColons(url: string): string {
  if (!/^\/api\/-\//i.test(url)) return url;
  const [path = "", ...query] = url.split(/(?=\?)/);
  return path.replaceAll(/%3a/gi, ":") + query.join("");
}
