import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { pickCredential } from "../credentials/credentials.ts";
import { isDatabaseAway } from "../database/connection-failure.ts";
import { bearerToken, type Caller, type Callers } from "../http/caller.ts";
import { errorBody } from "../http/error-body.ts";
import { EaselError, easelError } from "../http/errors.ts";
import { findIntegration } from "../integrations/find.ts";
import { PROXIED_ANSWER_HEADERS } from "./headers.ts";
import type { ConnectorProxy } from "./proxy.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Of a proxied call, as the caller wrote it. */
    contentType: string | undefined;
  }
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

interface Params {
  readonly projectId: string;
  readonly integration: string;
}

/**
 * `ANY /projects/:projectId/sdk/proxy/:integration/*`: Tableau's API on the connected user's behalf. The path is
 * Tableau's: below the site (`/projects`), from the root (`/api/3.27/serverinfo`), or a whole URL of the same server.
 */
export function proxyRoutes(app: FastifyInstance, parts: { callers: Callers; proxy: ConnectorProxy }): void {
  const { callers, proxy } = parts;
  void app.register(async (scope) => {
    // Bodies are not parsed, whatever they say they are: they stream.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    scope.decorateRequest("contentType", undefined);
    scope.addHook("onRequest", async (request, reply) => {
      reply.headers(PROXIED_ANSWER_HEADERS);
      // The SDK's `auto` is no media type, and Fastify refuses what is none before the route is reached.
      request.contentType = request.raw.headers["content-type"];
      delete request.raw.headers["content-type"];
    });
    scope.route<{ Params: Params }>({
      method: METHODS,
      url: "/projects/:projectId/sdk/proxy/:integration/*",
      config: { access: "connectedUser", isProxied: true },
      handler: async (request, reply) => {
        const admitted = callers.admit(request, reply, {
          projectId: request.params.projectId,
          token: bearerToken(request),
        });
        const caller = admitted instanceof Promise ? await admitted : admitted;
        const use = useOf(caller, request);
        const route = proxy.route(use, request.method, pathOf(request));
        // The request id, CORS and what protects browsers, which were set on the reply that is not used from here on.
        const headers = headersOf(reply);
        reply.hijack();
        const { raw: response } = reply;
        try {
          const { id: requestId, contentType } = request;
          await proxy.forward({ use, route, request: request.raw, response, contentType, requestId, headers });
        } catch (error) {
          const known = error instanceof EaselError ? error : failure(error);
          if (known.code === "internal") request.log.error({ err: error }, "a proxied call failed");
          if (response.headersSent) return void response.destroy();
          const body = Buffer.from(JSON.stringify(errorBody(known, request.id)));
          response.writeHead(known.status, {
            ...headers,
            ...known.headers,
            "content-type": "application/json",
            "cache-control": "no-store",
            "content-length": body.length,
          });
          response.end(body);
        }
      },
    });
  });
}

function failure(error: unknown): EaselError {
  return easelError(isDatabaseAway(error) ? "database_unavailable" : "internal");
}

function useOf(caller: Caller, request: FastifyRequest<{ Params: Params }>) {
  const { project, token, wallet } = caller;
  const integration = findIntegration(project, request.params.integration);
  if (!integration.isActive) throw easelError("integration_inactive");
  const mine = wallet.credentials.filter((credential) => credential.integrationId === integration.id);
  const credential = pickCredential(mine, headerText(request.headers["x-paragon-credential"]));
  return { project, integration, user: wallet.user, credential, claims: token.claims };
}

/** The caller's path exactly as it was sent: decoding it here would change what Tableau sees. */
function pathOf(request: FastifyRequest<{ Params: Params }>): string {
  const url = request.raw.url ?? "";
  const path = url.slice(nthSlash(url, 6));
  const override = headerText(request.headers["x-paragon-proxy-url"]);
  return (path === "/" || path === "") && override !== undefined ? override : path;
}

/** `/projects/ID/sdk/proxy/tableau` has five slashes; the path begins at the sixth. */
function nthSlash(text: string, n: number): number {
  let index = -1;
  for (let count = 0; count < n; count += 1) {
    index = text.indexOf("/", index + 1);
    if (index === -1) return text.length;
  }
  return index;
}

function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
