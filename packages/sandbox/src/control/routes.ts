import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { settleJobs } from "../rest/jobs/settle.ts";
import { isRefusal } from "../wire/refusals.ts";
import { readRequestBody } from "../wire/request-body.ts";
import type { World } from "../world.ts";
import { faultsSchema } from "./faults.ts";

/** The sandbox's own routes, for tests and demos; Tableau has nothing like them. They speak JSON only. */
export function registerControl(app: FastifyInstance, world: World): void {
  app.get("/__sandbox/stats", () => ({ ...world.stats.counts(), sessions: world.sessions.count() }));

  app.post("/__sandbox/faults", async (request, reply) => {
    const stream = request.body instanceof Readable ? request.body : Readable.from([]);
    const body = await readRequestBody(stream, "application/json");
    if (isRefusal(body)) return reply.code(400).send({ message: body.detail });
    const order = faultsSchema.safeParse(body.content);
    if (!order.success) {
      const [issue] = order.error.issues;
      return reply.code(400).send({ message: `${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim() });
    }
    const { killSessions, revokePat } = order.data;
    if (killSessions) world.sessions.end(() => true);
    if (revokePat !== undefined) world.sessions.end(({ identity }) => identity === `pat:${revokePat}`);
    const active = world.faults.apply(order.data);
    settleJobs(world);
    return active;
  });
}
