import {
  apiKeySchema,
  createdApiKeySchema,
  createdSigningKeySchema,
  newApiKeySchema,
  newSigningKeySchema,
  projectParams,
  rejectedTokenSchema,
  signingKeySchema,
} from "@easel/api/manage";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { easelError } from "../http/errors.ts";
import type { ApiKeys } from "./api-keys.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { UserTokens } from "./user-tokens.ts";

const keyParams = projectParams.extend({ keyId: z.uuid() });
const tags = ["Keys"];

export function keyRoutes(
  scope: FastifyInstance,
  parts: { signingKeys: SigningKeys; apiKeys: ApiKeys; userTokens: UserTokens },
): void {
  const { signingKeys, apiKeys, userTokens } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();

  app.get(
    "/manage/v1/projects/:projectId/signing-keys",
    {
      config: { access: "apiKey:member" },
      schema: {
        tags,
        summary: "The keys that sign user tokens",
        params: projectParams,
        response: { 200: z.object({ signingKeys: z.array(signingKeySchema) }) },
      },
    },
    async (request) => ({
      signingKeys: (await signingKeys.list(request.params.projectId)).map((key) => ({
        ...key,
        createdAt: key.createdAt.toISOString(),
        disabledAt: key.disabledAt?.toISOString() ?? null,
      })),
    }),
  );

  app.post(
    "/manage/v1/projects/:projectId/signing-keys",
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "Add a signing key",
        params: projectParams,
        body: newSigningKeySchema.nullish(),
        response: { 201: createdSigningKeySchema },
      },
    },
    async (request, reply) => {
      const publicKey = request.body?.publicKey;
      const { projectId } = request.params;
      return reply
        .code(201)
        .send(
          publicKey === undefined ? await signingKeys.create(projectId) : await signingKeys.add(projectId, publicKey),
        );
    },
  );

  app.delete(
    "/manage/v1/projects/:projectId/signing-keys/:keyId",
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "Disable a signing key: its tokens are refused within a second",
        params: keyParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      if (!(await signingKeys.disable(request.params.projectId, request.params.keyId))) throw easelError("not_found");
      return reply.code(204).send(null);
    },
  );

  app.get(
    "/manage/v1/projects/:projectId/last-rejected-token",
    {
      config: { access: "apiKey:member" },
      schema: {
        tags,
        summary: "The last user token that was refused, decoded, and why; never its signature",
        params: projectParams,
        response: { 200: z.object({ rejectedToken: rejectedTokenSchema.nullable() }) },
      },
    },
    async (request) => {
      const token = await userTokens.lastRejected(request.params.projectId);
      return { rejectedToken: token === undefined ? null : { ...token, rejectedAt: token.rejectedAt.toISOString() } };
    },
  );

  app.get(
    "/manage/v1/projects/:projectId/api-keys",
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "API keys",
        params: projectParams,
        response: { 200: z.object({ apiKeys: z.array(apiKeySchema) }) },
      },
    },
    async (request) => ({
      apiKeys: (await apiKeys.list(request.params.projectId)).map(({ id, name, role, createdAt, revokedAt }) => ({
        id,
        name,
        role,
        createdAt: createdAt.toISOString(),
        revokedAt: revokedAt?.toISOString() ?? null,
      })),
    }),
  );

  app.post(
    "/manage/v1/projects/:projectId/api-keys",
    {
      config: { access: "apiKey:admin" },
      schema: {
        tags,
        summary: "Create an API key",
        params: projectParams,
        body: newApiKeySchema,
        response: { 201: createdApiKeySchema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await apiKeys.create(request.params.projectId, request.body.name, request.body.role)),
  );

  app.delete(
    "/manage/v1/projects/:projectId/api-keys/:keyId",
    {
      config: { access: "apiKey:admin" },
      schema: { tags, summary: "Revoke an API key", params: keyParams, response: { 204: z.null() } },
    },
    async (request, reply) => {
      if (!(await apiKeys.revoke(request.params.projectId, request.params.keyId))) throw easelError("not_found");
      return reply.code(204).send(null);
    },
  );
}
