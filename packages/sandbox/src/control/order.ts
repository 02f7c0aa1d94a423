import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type * as z from "zod";
import { isRefusal } from "../wire/refusals.ts";
import { readRequestBody } from "../wire/request-body.ts";

/** Reads what one of the sandbox's own routes is told, in JSON; undefined when it was refused, which is answered then. */
export async function readOrder<Schema extends z.ZodType>(
  schema: Schema,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<z.output<Schema> | undefined> {
  const stream = request.body instanceof Readable ? request.body : Readable.from([]);
  const body = await readRequestBody(stream, "application/json");
  if (isRefusal(body)) {
    reply.code(400).send({ message: body.detail });
    return undefined;
  }
  const order = schema.safeParse(body.content);
  if (order.success) return order.data;
  const [issue] = order.error.issues;
  reply.code(400).send({ message: `${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim() });
  return undefined;
}
