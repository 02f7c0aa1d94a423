import type { Connector } from "@easel/connector";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Credentials } from "../credentials/credentials.ts";
import type { Callers } from "../http/caller.ts";
import { answerPreflights } from "../http/origins.ts";
import type { Users } from "../users/users.ts";
import { authenticateConnectedUsers, callerOf } from "./authentication.ts";
import { type CredentialRouteParts, credentialRoutes } from "./credential-routes.ts";
import { type InstallRouteParts, installRoutes } from "./install-routes.ts";
import { type OrganisationRouteParts, organisationRoutes } from "./organisation-routes.ts";
import { type PortalRouteParts, portalRoutes } from "./portal-routes.ts";
import { integrationShape, meShape } from "./shapes.ts";

export const projectParams = z.object({ projectId: z.string() });

/** The SDK contract: what `@useparagon/connect` and the Connect Portal call on a connected user's behalf. */
export function sdkRoutes(
  app: FastifyInstance,
  parts: CredentialRouteParts &
    InstallRouteParts &
    PortalRouteParts &
    OrganisationRouteParts & { callers: Callers; connector: Connector; credentials: Credentials; users: Users },
): void {
  answerPreflights(app, "/projects/*");
  answerPreflights(app, "/v2/projects/*");
  void app.register(async (scope) => {
    authenticateConnectedUsers(scope, parts.callers, parts.installs);
    identityRoutes(scope, parts);
    credentialRoutes(scope, parts);
    installRoutes(scope, parts);
    portalRoutes(scope, parts);
    organisationRoutes(scope, parts);
  });
}

function identityRoutes(
  scope: FastifyInstance,
  parts: { connector: Connector; credentials: Credentials; users: Users },
): void {
  const { connector, credentials, users } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();

  /** Who is calling, and what they have connected. */
  app.get(
    "/projects/:projectId/sdk/me",
    { config: { access: "connectedUser" }, schema: { params: projectParams } },
    async (request) => meShape(callerOf(request), connector),
  );

  /** Replaces the metadata that the SaaS keeps with the user; `name` and `email` become `Name` and `Email`, as Paragon has them. */
  app.patch(
    "/projects/:projectId/sdk/me",
    {
      config: { access: "connectedUser" },
      schema: { params: projectParams, body: z.object({ meta: z.record(z.string(), z.unknown()) }) },
    },
    async (request) => {
      const { project, wallet, token } = callerOf(request);
      const named = Object.entries(request.body.meta).map(([key, value]) => [
        /^(name|email)$/i.test(key) ? capital(key) : key,
        value,
      ]);
      await users.setMeta(wallet.user, Object.fromEntries(named));
      return meShape({ project, token, wallet: await credentials.wallet(project, token.subject) }, connector);
    },
  );

  /** The project's integrations, as the SDK and headless forms need them. */
  app.get(
    "/projects/:projectId/sdk/integrations",
    { config: { access: "connectedUser" }, schema: { params: projectParams } },
    async (request) => {
      const { project, wallet } = callerOf(request);
      return project.integrations
        .filter((integration) => integration.isActive)
        .map((integration) =>
          integrationShape(
            integration,
            connector,
            wallet.credentials.some((credential) => credential.integrationId === integration.id),
          ),
        );
    },
  );

  /** Names and icons, for a list of integrations. */
  app.get(
    "/projects/:projectId/sdk/metadata",
    { config: { access: "connectedUser" }, schema: { params: projectParams } },
    async (request) =>
      callerOf(request)
        .project.integrations.filter((integration) => integration.isActive)
        .map(({ type }) => ({
          type,
          name: connector.name,
          brandColor: connector.brandColor,
          icon: `${request.ownOrigin}/integrations/${type}.svg`,
        })),
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
