import type { Connector } from "@easel/connector";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Connecting } from "../credentials/connect.ts";
import { type Credential, type Credentials, pickCredential } from "../credentials/credentials.ts";
import type { Disconnect } from "../credentials/disconnect.ts";
import type { Caller } from "../http/caller.ts";
import { easelError } from "../http/errors.ts";
import { findIntegration } from "../integrations/find.ts";
import { callerOf } from "./authentication.ts";
import type { Installs } from "./installs.ts";
import { credentialShape } from "./shapes.ts";

export interface CredentialRouteParts {
  readonly connector: Connector;
  readonly credentials: Credentials;
  readonly connecting: Connecting;
  readonly disconnect: Disconnect;
  readonly installs: Installs;
}

const params = z.object({ projectId: z.string() });
const credentialParams = params.extend({ credentialId: z.string() });

/** What the SDK's `installOptions` may say; the rest is for flows that Tableau does not have. */
const installOptionsSchema = z
  .object({
    allowMultipleCredentials: z.boolean().nullish(),
    selectedCredentialId: z.uuid().nullish(),
    externalId: z.string().min(1).max(255).nullish(),
  })
  .transform((options) => ({
    allowMultipleCredentials: options.allowMultipleCredentials ?? undefined,
    selectedCredentialId: options.selectedCredentialId ?? undefined,
    externalId: options.externalId ?? undefined,
  }));

const connectBody = z.object({
  integrationId: z.string(),
  payload: z.record(z.string(), z.unknown()).default({}),
  config: z.record(z.string(), z.unknown()).nullish(),
  installOptions: installOptionsSchema.nullish(),
});

export function credentialRoutes(scope: FastifyInstance, parts: CredentialRouteParts): void {
  const { connector, credentials, connecting, disconnect, installs } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();
  const shape = ({ project, wallet }: Pick<Caller, "project" | "wallet">, credential: Credential) =>
    credentialShape(project.id, wallet.user.id, credential, connector);

  /**
   * Connects a Tableau account: signs in with what was sent and keeps it when that worked. Called with a user token, or
   * by the hosted form of the headless flow with its one-time code in `X-Easel-Connect`.
   */
  app.post(
    "/projects/:projectId/sdk/credentials",
    { config: { access: "connectedUser", acceptsInstallCode: true }, schema: { params, body: connectBody } },
    async (request, reply) => {
      const { integrationId, payload, installOptions } = request.body;
      if (request.install !== null) {
        const { install } = request;
        const options = installOptionsSchema.catch(installOptionsSchema.parse({})).parse(install.options);
        const credential = await connecting.connect({ ...install, payload, options });
        await installs.complete(install, credential.id);
        return reply.code(201).send(shape(install, credential));
      }
      const { project, wallet, token } = callerOf(request);
      const integration = findIntegration(project, integrationId);
      const options = installOptions ?? {};
      const credential = await connecting.connect({
        project,
        integration,
        wallet,
        claims: token.claims,
        payload,
        options,
      });
      return reply.code(201).send(shape({ project, wallet }, credential));
    },
  );

  /** The user's credentials; of one integration where `integration` names it. */
  app.get(
    "/projects/:projectId/sdk/credentials",
    {
      config: { access: "connectedUser" },
      schema: { params, querystring: z.object({ integration: z.string().optional() }) },
    },
    async (request) => {
      const caller = callerOf(request);
      const { integration: named } = request.query;
      const only = named === undefined ? null : findIntegration(caller.project, named).id;
      return caller.wallet.credentials
        .filter((credential) => only === null || credential.integrationId === only)
        .map((credential) => shape(caller, credential));
    },
  );

  app.get(
    "/projects/:projectId/sdk/credentials/:credentialId",
    { config: { access: "connectedUser" }, schema: { params: credentialParams } },
    async (request) => {
      const caller = callerOf(request);
      return shape(caller, pickCredential(caller.wallet.credentials, request.params.credentialId));
    },
  );

  /** User settings. `config` replaces what it names, as a whole; `configuredWorkflows` is the older name of `workflowSettings`. */
  app.patch(
    "/projects/:projectId/sdk/credentials/:credentialId",
    {
      config: { access: "connectedUser" },
      schema: { params: credentialParams, body: z.object({ config: z.record(z.string(), z.unknown()) }) },
    },
    async (request) => {
      const { project, token, wallet } = callerOf(request);
      const credential = pickCredential(wallet.credentials, request.params.credentialId);
      const { sharedSettings, workflowSettings, configuredWorkflows } = request.body.config;
      const settings = { sharedSettings, workflowSettings: workflowSettings ?? configuredWorkflows };
      const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
      await credentials.setConfig(wallet.user, credential, { ...credential.config, ...given });
      const fresh = await credentials.wallet(project, token.subject);
      return shape({ project, wallet: fresh }, pickCredential(fresh.credentials, credential.id));
    },
  );

  /** Disconnects: the credential is deleted, and signed out at Tableau where nothing else uses its session. */
  app.delete(
    "/projects/:projectId/sdk/integrations/:integrationId",
    { config: { access: "connectedUser" }, schema: { params: params.extend({ integrationId: z.string() }) } },
    async (request, reply) => {
      const { project, token, wallet } = callerOf(request);
      const integration = findIntegration(project, request.params.integrationId);
      const mine = wallet.credentials.filter((credential) => credential.integrationId === integration.id);
      const named = request.headers["x-paragon-credential"];
      if (Array.isArray(named))
        throw easelError("request_malformed", { detail: "X-Paragon-Credential is there twice." });
      const credential = pickCredential(mine, named);
      await disconnect({ project, integration, user: wallet.user, credential, claims: token.claims });
      return reply.code(204).send();
    },
  );
}
