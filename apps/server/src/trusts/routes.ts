import { managedSecondSecretSchema, managedTrustOrderSchema, ownTrustSchema } from "@easel/api/organisations";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Integration } from "../integrations/integrations.ts";
import { apiKeyOf } from "../manage/authentication.ts";
import type { Matter, TrustDesk } from "./desk.ts";
import { ownedTrustShape } from "./shape.ts";
import type { TrustOwner } from "./trust.ts";

/** Whose trusts these routes are about: the project's, or its organisations'. */
export interface TrustFace<Params> {
  /** Below it the routes lie, e.g. `/manage/v1/projects/:projectId/organisations/:organisation/trust`. */
  readonly base: string;
  readonly params: z.ZodType<Params>;
  readonly tags: string[];
  /** e.g. `an organisation's trust`, for the summaries. */
  readonly whose: string;
  find(params: Params): Promise<{ readonly owner: TrustOwner; readonly integration: Integration }>;
}

/** Trusts in the management API: set up, renewed, rotated and removed by the SaaS's own backend. */
export function trustRoutes<Params>(scope: FastifyInstance, desk: TrustDesk, face: TrustFace<Params>): void {
  const { base, params, tags, whose } = face;
  const app = scope.withTypeProvider<ZodTypeProvider>();
  const config = { access: "apiKey:admin" } as const;
  const response = { 200: ownTrustSchema };
  const given = (request: FastifyRequest): Promise<{ owner: TrustOwner; integration: Integration }> =>
    face.find(params.parse(request.params));

  const matterOf = async (request: FastifyRequest, username: string): Promise<Matter> => {
    const { name, projectId: countedAs } = apiKeyOf(request);
    return { ...(await given(request)), username, by: `API key ${name}`, countedAs };
  };

  app.get(
    base,
    {
      config: { access: "apiKey:support" },
      schema: { tags, summary: `Read ${whose}, without its secrets`, params, response },
    },
    async (request) => ownedTrustShape(desk, (await given(request)).owner),
  );

  app.put(
    base,
    {
      config,
      schema: {
        tags,
        summary: `Set ${whose} up, or replace it: nothing is kept unless a sign-in with it works`,
        params,
        body: managedTrustOrderSchema,
        response,
      },
    },
    async (request) => {
      const { testUsername, ...order } = request.body;
      const matter = await matterOf(request, testUsername);
      await desk.set(matter, order);
      return ownedTrustShape(desk, matter.owner);
    },
  );

  app.delete(
    base,
    { config, schema: { tags, summary: `Remove ${whose}`, params, response: { 204: z.null() } } },
    async (request, reply) => {
      await desk.remove((await given(request)).owner);
      return reply.code(204).send(null);
    },
  );

  rotationRoutes();

  /** Two secrets of one connected app: add, test, switch, remove, and nobody notices. */
  function rotationRoutes(): void {
    app.put(
      `${base}/second-secret`,
      {
        config,
        schema: {
          tags,
          summary: `Add a second secret to ${whose}: a sign-in with it has to work`,
          params,
          body: managedSecondSecretSchema,
          response,
        },
      },
      async (request) => {
        const { testUsername, ...secret } = request.body;
        const matter = await matterOf(request, testUsername);
        await desk.addSecret(matter, secret);
        return ownedTrustShape(desk, matter.owner);
      },
    );

    app.post(
      `${base}/switch`,
      {
        config,
        schema: { tags, summary: `Let the second secret of ${whose} sign in from now on`, params, response },
      },
      async (request) => {
        const { owner } = await given(request);
        await desk.switchSecrets(owner);
        return ownedTrustShape(desk, owner);
      },
    );

    app.delete(
      `${base}/second-secret`,
      {
        config,
        schema: { tags, summary: `Remove the second secret of ${whose}`, params, response: { 204: z.null() } },
      },
      async (request, reply) => {
        await desk.removeSecondSecret((await given(request)).owner);
        return reply.code(204).send(null);
      },
    );
  }
}
