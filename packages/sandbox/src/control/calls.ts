import type { FastifyInstance } from "fastify";
import { tokenOf } from "../auth/token.ts";
import type { World } from "../world.ts";

/** Calls that are remembered; more than this and the oldest are forgotten. */
const mostCalls = 500;

/** The longest address and the longest reason that are kept, in characters. */
const longest = 500;

/** One call of the API, as the sandbox's own page lists it: neither bodies nor tokens are kept. */
export type Call = {
  /** In ms, on the sandbox's clock. */
  at: number;
  method: string;
  /** Path and query, as they came. */
  url: string;
  status: number;
  /** How long the answer took, in ms. */
  took: number;
  /** Whose session it was, when it had a live one. */
  user: string | undefined;
  siteId: string | undefined;
  /** Why it was refused, in the words of the answer. */
  reason: string | undefined;
};

export type Calls = ReturnType<typeof openCalls>;

/** The latest calls, newest first. */
export function openCalls() {
  const calls: Call[] = [];
  return {
    add(call: Call): void {
      calls.unshift(call);
      if (calls.length > mostCalls) calls.pop();
    },
    latest: (): readonly Call[] => calls,
  };
}

/** Notes every call below `/api` once it is answered, or cut. */
export function noteCalls(app: FastifyInstance, world: World): void {
  const heard = new WeakMap<object, Pick<Call, "user" | "siteId" | "reason">>();

  app.addHook("onRequest", async (request) => {
    if (!isApi(request.raw.url)) return;
    // Before the call is handled: signing out ends the session that did it.
    const session = world.sessions.find(tokenOf(request.headers) ?? "");
    heard.set(request, { user: session?.user.name, siteId: session?.site.id, reason: undefined });
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const call = heard.get(request);
    if (call !== undefined && reply.statusCode >= 400 && typeof payload === "string") call.reason = reasonIn(payload);
  });

  app.addHook("onResponse", async (request, reply) => {
    const call = heard.get(request);
    if (call === undefined) return;
    const took = reply.elapsedTime;
    const url = withoutToken(request.raw.url ?? "").slice(0, longest);
    world.calls.add({ at: world.clock(), method: request.method, url, status: reply.statusCode, took, ...call });
  });
}

/** `DELETE sessions/{id}` has a session's token in its path. */
function withoutToken(url: string): string {
  return url.replace(/(\/sessions\/)(?!current)[^/?]+/i, "$1…");
}

function isApi(url: string | undefined): boolean {
  return /^\/api(\/|$)/i.test(url ?? "");
}

/** The sentence of an error, from any of the error shapes that Tableau's APIs have. */
function reasonIn(payload: string): string | undefined {
  const xml = /<error code="(\d+)">.*<detail>([^<]*)<\/detail>/s.exec(payload);
  if (xml !== null) return `${xml[1]}: ${xml[2]}`.slice(0, longest);
  const code = /"(?:code|errorCode|error_code)":"(\w+)"/.exec(payload)?.[1];
  const detail = /"(?:detail|message)":("(?:[^"\\]|\\.)*")/.exec(payload)?.[1];
  const words = detail === undefined ? undefined : String(JSON.parse(detail));
  const reason = [code, words].filter((part) => part !== undefined).join(": ");
  return reason === "" ? undefined : reason.slice(0, longest);
}
