import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { easelError } from "../http/errors.ts";
import { isAllowedOrigin } from "../http/origins.ts";
import { findIntegration } from "../integrations/find.ts";
import { callerOf } from "./authentication.ts";
import type { Installs } from "./installs.ts";

export interface InstallRouteParts {
  readonly installs: Installs;
}

const params = z.object({ projectId: z.string() });
const sessionParams = params.extend({ key: z.string().min(1).max(200) });

/** The popup of the headless flow (reference §1.8): a page that reports for duty, our hosted form, and the polling. */
export function installRoutes(scope: FastifyInstance, { installs }: InstallRouteParts): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();

  /**
   * The popup's first page: it tells its opener that it is there, which then sends it to the hosted form. No
   * Cross-Origin-Opener-Policy: with one, it would have no opener.
   */
  app.get(
    "/projects/:projectId/sdk/actions/oauth-nonce",
    {
      config: { access: "connectedUser" },
      schema: { params, querystring: z.object({ originForPostMessage: z.string() }) },
    },
    async (request, reply) => {
      const { project } = callerOf(request);
      const origin = request.query.originForPostMessage;
      if (!isAllowedOrigin(project, origin)) throw easelError("origin_not_allowed", { origin: origin.slice(0, 200) });
      const nonce = randomBytes(16).toString("base64");
      const message = JSON.stringify({ type: "oauth-nonce-loaded" });
      return reply
        .type("text/html; charset=utf-8")
        .headers({
          "content-security-policy": `default-src 'none'; script-src 'nonce-${nonce}'`,
          "cache-control": "no-store",
        })
        .send(
          `<!doctype html><html lang="en"><title>Connect Tableau</title><script nonce="${nonce}">` +
            `window.opener?.postMessage(${message}, ${JSON.stringify(origin).replaceAll("<", "\\u003c")})</script></html>`,
        );
    },
  );

  /** Begins an install, and says where its hosted form is: under a one-time code, without the user token. */
  app.get(
    "/v2/projects/:projectId/sdk/actions/build-oauth",
    {
      config: { access: "connectedUser" },
      schema: {
        params,
        querystring: z.object({
          integrationId: z.string(),
          oauthMetaKeyId: z.string().min(1).max(200),
          originForPostMessage: z.string().optional(),
          installOptions: z.string().max(10_000).optional(),
        }),
      },
    },
    async (request) => {
      const { project, wallet, token } = callerOf(request);
      const { integrationId, oauthMetaKeyId: key, originForPostMessage: origin, installOptions } = request.query;
      if (origin !== undefined && !isAllowedOrigin(project, origin))
        throw easelError("origin_not_allowed", { origin: origin.slice(0, 200) });
      const code = await installs.begin({
        project,
        wallet,
        integration: findIntegration(project, integrationId),
        key,
        claims: token.claims,
        options: readOptions(installOptions),
        origin: origin ?? null,
      });
      return { redirectUrl: `${request.ownOrigin}/ui/hosted/${code}` };
    },
  );

  /** What the SDK polls; `{}` until the hosted form has connected. */
  app.get(
    "/projects/:projectId/sdk/actions/session-id/:key",
    { config: { access: "connectedUser" }, schema: { params: sessionParams } },
    async (request) => {
      const { project, wallet } = callerOf(request);
      const credentialId = await installs.result(project.id, wallet.user.id, request.params.key);
      return credentialId === null ? {} : { connectCredentialId: credentialId };
    },
  );

  app.delete(
    "/projects/:projectId/sdk/actions/session-id/:key",
    { config: { access: "connectedUser" }, schema: { params: sessionParams } },
    async (request, reply) => {
      const { project, wallet } = callerOf(request);
      await installs.forget(project.id, wallet.user.id, request.params.key);
      return reply.code(204).send();
    },
  );
}

function readOptions(text: string | undefined): Record<string, unknown> {
  if (text === undefined || text === "") return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw easelError("request_malformed", { detail: "installOptions is not a JSON object." });
  }
}
