import { errorSchema } from "@easel/api/portal";
import fastifySwagger from "@fastify/swagger";
import type { FastifyInstance, FastifySchema } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import type { ClientKeys } from "../clients/client-keys.ts";
import { clientKeyRoutes } from "../clients/key-routes.ts";
import type { Disconnect } from "../credentials/disconnect.ts";
import type { CredentialHealth } from "../credentials/health.ts";
import type { ImportCredentials } from "../credentials/import.ts";
import { credentialManagementRoutes } from "../credentials/routes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import type { Events } from "../events/events.ts";
import { eventRoutes } from "../events/routes.ts";
import type { Integrations } from "../integrations/integrations.ts";
import { integrationRoutes } from "../integrations/routes.ts";
import type { ApiKeys } from "../keys/api-keys.ts";
import { keyRoutes } from "../keys/routes.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { UserTokens } from "../keys/user-tokens.ts";
import type { Budgets } from "../limits/budgets.ts";
import { limitRoutes } from "../limits/routes.ts";
import { organisationManagementRoutes } from "../organisations/routes.ts";
import type { Projects } from "../projects/projects.ts";
import { projectRoutes } from "../projects/routes.ts";
import type { Servers } from "../servers/servers.ts";
import type { TrustDesk } from "../trusts/desk.ts";
import { usageRoutes } from "../usage/routes.ts";
import type { Usage } from "../usage/usage.ts";
import { authenticateApiKeys } from "./authentication.ts";

/** The management API, `/manage/v1`, and its description at `/manage/v1/openapi.json`. */
export function manageRoutes(
  app: FastifyInstance,
  parts: {
    projects: Projects;
    signingKeys: SigningKeys;
    userTokens: UserTokens;
    apiKeys: ApiKeys;
    integrations: Integrations;
    usage: Usage;
    budgets: Budgets;
    events: Events;
    database: DatabaseAccess;
    importCredentials: ImportCredentials;
    disconnect: Disconnect;
    credentialHealth: CredentialHealth;
    servers: Servers;
    clientKeys: ClientKeys;
    trustDesk: TrustDesk;
    clock: () => number;
    origin: string;
  },
): void {
  void app.register(async (scope) => {
    await scope.register(fastifySwagger, {
      openapi: {
        openapi: "3.1.0",
        info: { title: "Easel management API", version: "1", description: "Settings, keys and usage of a project." },
        servers: [{ url: parts.origin }],
        components: {
          securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "An API key of the project." } },
        },
        security: [{ apiKey: [] }],
      },
      transform: (route) => jsonSchemaTransform({ ...route, schema: withRefusals(route.schema) }),
    });
    authenticateApiKeys(scope, parts.apiKeys);
    scope.get("/manage/v1/openapi.json", { config: { access: "public" }, schema: { hide: true } }, async () =>
      scope.swagger(),
    );
    projectRoutes(scope, parts.projects);
    keyRoutes(scope, parts);
    integrationRoutes(scope, parts);
    usageRoutes(scope, parts);
    limitRoutes(scope, parts);
    eventRoutes(scope, parts);
    credentialManagementRoutes(scope, parts);
    clientKeyRoutes(scope, parts);
    organisationManagementRoutes(scope, parts);
  });
}

/** Every refusal has the envelope of `errorSchema`; said here once, and not checked again on the way out. */
function withRefusals(schema: FastifySchema): FastifySchema {
  const { response } = schema;
  return { ...schema, response: { ...(typeof response === "object" ? response : {}), default: errorSchema } };
}
