import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type * as z from "zod";
import { settleJobs } from "../rest/jobs/settle.ts";
import type { World } from "../world.ts";
import { faultsSchema } from "./fault-schema.ts";
import { addBearerIssuer, addUnifiedAccess, bearerIssuerSchema, unifiedAccessSchema } from "./issuers.ts";
import { readOrder } from "./order.ts";
import { addPerson, givePersonalAccessToken, personSchema, tokenSchema } from "./people.ts";

/** The sandbox's own routes, for tests and demos; Tableau has nothing like them. They speak JSON only. */
export function registerControl(app: FastifyInstance, world: World): void {
  app.get("/__sandbox/stats", () => ({ ...world.stats.counts(), sessions: world.sessions.count() }));

  app.get("/__sandbox/faults", () => world.faults.active());

  app.post("/__sandbox/faults", async (request, reply) => {
    const order = await readOrder(faultsSchema, request, reply);
    if (order === undefined) return reply;
    const { killSessions, revokePat } = order;
    if (killSessions) world.sessions.end(() => true);
    if (revokePat !== undefined) world.sessions.end(({ identity }) => identity === `pat:${revokePat}`);
    const active = world.faults.apply(order);
    settleJobs(world);
    return active;
  });

  for (const [path, make] of [
    ["people", making(personSchema, addPerson)],
    ["personal-access-tokens", making(tokenSchema, givePersonalAccessToken)],
    ["unified-access-tokens", making(unifiedAccessSchema, addUnifiedAccess)],
    ["bearer-issuers", making(bearerIssuerSchema, addBearerIssuer)],
  ] as const) {
    app.post(`/__sandbox/${path}`, (request, reply) => make(world, request, reply));
  }
}

type Made = { made: object } | { problem: string };

/** A route that makes something: 201 with it, or 400 and why not. */
function making<Schema extends z.ZodType>(schema: Schema, make: (world: World, order: z.output<Schema>) => Made) {
  return async (world: World, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const order = await readOrder(schema, request, reply);
    if (order === undefined) return reply;
    const result = make(world, order);
    return "made" in result ? reply.code(201).send(result.made) : reply.code(400).send({ message: result.problem });
  };
}
