import { setTimeout as wait } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { bearerOf, tokenOf } from "../auth/token.ts";
import { settleJobs } from "../rest/jobs/settle.ts";
import { type Refusal, type RefusalCode, refuse } from "../wire/refusals.ts";
import type { World } from "../world.ts";
import { cutBody } from "./cut.ts";

/**
 * What happens to every call of the API before it is answered: it is counted, it waits if a fault says so, jobs go on,
 * and faults may refuse it. `route` is its method and its template.
 */
export async function arrive(
  world: World,
  route: string,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<Refusal | undefined> {
  const { faults } = world;
  world.stats.countCall(route);
  const { slowMs, throttle } = faults.active();
  if (slowMs > 0) await wait(slowMs);
  settleJobs(world);
  const cutAfter = faults.cuttingAfter(route);
  if (cutAfter !== undefined) cutBody(reply, cutAfter);
  const caller = tokenOf(request.headers) ?? bearerOf(request.headers);
  // What has no session is not counted for one: sign-ins.
  if (throttle?.per === "all" || caller !== undefined) {
    const seconds = faults.throttled(caller ?? "", world.clock());
    if (seconds > 0) {
      reply.header("retry-after", seconds);
      return refuse("429000", "Too many requests. Try again later.");
    }
  }
  const status = faults.failing(route);
  return status === undefined ? undefined : refuse(failures[status], "The sandbox was told to fail.");
}

const failures: Readonly<Record<500 | 502 | 503 | 504, RefusalCode>> = {
  500: "500000",
  502: "502000",
  503: "503000",
  504: "504000",
};
