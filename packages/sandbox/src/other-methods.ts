import type { FastifyReply, FastifyRequest } from "fastify";
import type { Method } from "./rest/route.ts";
import { type Refusal, refuse } from "./wire/refusals.ts";

type SendRefusal = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => FastifyReply;

type Address = { url: string; known: readonly { method: Method }[]; sendRefusal: SendRefusal };

const methods: readonly Method[] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/**
 * What an address answers to the methods that it does not have: it is there, so that is not "not found". `OPTIONS` says
 * which it has. (`HEAD` is answered as `GET` is, without the body.) Addresses are looked through when a call met no
 * route, which is rare: a route for each method that each address lacks would take most of a sandbox's start.
 */
export function openOtherMethods() {
  const addresses: Address[] = [];
  let patterns: { pattern: RegExp; address: Address }[] | undefined;

  function addressOf(path: string): Address | undefined {
    patterns ??= addresses.map((address) => ({ pattern: patternOf(address.url), address }));
    return patterns.find(({ pattern }) => pattern.test(path))?.address;
  }

  return {
    /** `url` as Fastify has it, e.g. `/api/:version/sites/:siteId/projects`. */
    add(url: string, known: Address["known"], sendRefusal: SendRefusal): void {
      addresses.push({ url, known, sendRefusal });
    },

    /** Answers a call that met no route; undefined when nothing at all is at its address. */
    answer(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
      const [path = ""] = request.raw.url?.split("?") ?? [];
      const address = addressOf(path);
      if (address === undefined || address.known.some(({ method }) => method === request.method)) return undefined;
      reply.header("allow", allowed(address));
      if (request.method === "OPTIONS") return reply.code(200).send();
      const detail = `The request type ${request.method} is not allowed here.`;
      return address.sendRefusal(request, reply, refuse("405000", detail));
    },
  };
}

export type OtherMethods = ReturnType<typeof openOtherMethods>;

function allowed({ known }: Address): string {
  const has = methods.filter((method) => known.some((route) => route.method === method));
  return [...has.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])), "OPTIONS"].join(", ");
}

/** Any letter case, with or without a slash at the end, as routes match; a doubled colon is one of the path itself. */
function patternOf(url: string): RegExp {
  const written = url
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("::", "\u0000")
    .replaceAll(/:\w+/g, "[^/]+")
    .replaceAll("\u0000", ":");
  return new RegExp(`^${written}/?$`, "i");
}
