import { clientKeysSchema, createdClientKeySchema, newClientKeySchema } from "@easel/api/client-keys";
import { projectParams } from "@easel/api/manage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { easelError } from "../http/errors.ts";
import type { ClientKeys } from "./client-keys.ts";

const params = projectParams.extend({ credentialId: z.uuid().toLowerCase() });
const tags = ["Client keys"];
const url = "/manage/v1/projects/:projectId/credentials/:credentialId/client-keys";

/** Client keys in the management API. Connected users make none: a key outlives their token, and the SaaS says who has one. */
export function clientKeyRoutes(scope: FastifyInstance, { clientKeys }: { clientKeys: ClientKeys }): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();

  app.post(
    url,
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "Create a client key, with which a machine signs in to this credential from any Tableau client",
        params,
        body: newClientKeySchema,
        response: { 201: createdClientKeySchema },
      },
    },
    async (request, reply) => {
      const { name, expiresAt } = request.body;
      const expires = expiresAt ? new Date(expiresAt) : null;
      return reply.code(201).send(await clientKeys.create(request.params, name, expires));
    },
  );

  app.get(
    url,
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "The newest 500 client keys of a credential; one that is over is shown for 90 days",
        params,
        response: { 200: clientKeysSchema },
      },
    },
    async (request) => ({
      clientKeys: (await clientKeys.list(request.params)).map((key) => ({
        id: key.id,
        name: key.name,
        createdAt: key.createdAt.toISOString(),
        expiresAt: key.expiresAt?.toISOString() ?? null,
        revokedAt: key.revokedAt?.toISOString() ?? null,
        lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
      })),
    }),
  );

  app.delete(
    `${url}/:keyId`,
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "Revoke a client key: its sessions end within a second",
        params: params.extend({ keyId: z.uuid().toLowerCase() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      if (!(await clientKeys.revoke(request.params, request.params.keyId))) throw easelError("not_found");
      return reply.code(204).send(null);
    },
  );
}
