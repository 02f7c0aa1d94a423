import { secondSecretSchema, trustOrderSchema } from "@easel/api/organisations";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { easelError } from "../http/errors.ts";
import { findIntegration } from "../integrations/find.ts";
import { administratorsMatter } from "../organisations/matter.ts";
import type { Matter, TrustDesk } from "../trusts/desk.ts";
import { ownedTrustShape } from "../trusts/shape.ts";
import { callerOf } from "./authentication.ts";

export interface OrganisationRouteParts {
  readonly trustDesk: TrustDesk;
}

const params = z.object({ projectId: z.string() });
const base = "/projects/:projectId/sdk/organisation/trust";
const config = { access: "connectedUser", acceptsInstallCode: true } as const;

/** For users whose token says that they administer Tableau for their organisation: its trust, and nobody else's. */
export function organisationRoutes(scope: FastifyInstance, { trustDesk }: OrganisationRouteParts): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();

  const answer = async ({ owner }: Matter) => ({
    organisation: owner.organisation,
    ...(await ownedTrustShape(trustDesk, owner)),
  });

  app.get(base, { config, schema: { params } }, async (request) => answer(matterOf(request)));

  /** Sets it up, or renews it. */
  app.put(base, { config, schema: { params, body: trustOrderSchema } }, async (request) => {
    const matter = matterOf(request);
    await trustDesk.set(matter, request.body);
    return answer(matter);
  });

  app.delete(base, { config, schema: { params } }, async (request, reply) => {
    await trustDesk.remove(matterOf(request).owner);
    return reply.code(204).send();
  });

  /** A second secret of the same connected app, for a rotation. */
  app.put(`${base}/second-secret`, { config, schema: { params, body: secondSecretSchema } }, async (request) => {
    const matter = matterOf(request);
    await trustDesk.addSecret(matter, request.body);
    return answer(matter);
  });

  app.post(`${base}/switch`, { config, schema: { params } }, async (request) => {
    const matter = matterOf(request);
    await trustDesk.switchSecrets(matter.owner);
    return answer(matter);
  });

  app.delete(`${base}/second-secret`, { config, schema: { params } }, async (request, reply) => {
    await trustDesk.removeSecondSecret(matterOf(request).owner);
    return reply.code(204).send();
  });
}

function matterOf(request: FastifyRequest): Matter {
  const { project, wallet } = request.install ?? callerOf(request);
  const claims = request.install?.claims ?? callerOf(request).token.claims;
  const integration = request.install?.integration ?? findIntegration(project, "tableau");
  if (!integration.isActive) throw easelError("integration_inactive");
  return administratorsMatter({ project, integration, claims, userId: wallet.user.id, subject: wallet.user.subject });
}
