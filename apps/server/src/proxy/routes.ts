import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ConnectByItself } from "../credentials/by-itself.ts";
import { pickCredential } from "../credentials/credentials.ts";
import type { HelpDesk } from "../help/help.ts";
import { bearerToken, type Caller, type Callers } from "../http/caller.ts";
import { errorBody } from "../http/error-body.ts";
import { type EaselError, easelError } from "../http/errors.ts";
import { findIntegration } from "../integrations/find.ts";
import type { ConnectorProxy } from "./proxy.ts";
import { headersOf, refusalFor, streamBodies } from "./scope.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** The path may be empty where `X-Paragon-Proxy-Url` says it. */
const BASE = "/projects/:projectId/sdk/proxy/:integration";

type ProxyRequest = FastifyRequest<{ Params: { readonly projectId: string; readonly integration: string } }>;

/**
 * `ANY /projects/:projectId/sdk/proxy/:integration/*`: Tableau's API on the connected user's behalf. The path is
 * Tableau's: below the site (`/projects`), from the root (`/api/3.27/serverinfo`), or a whole URL of the same server.
 */
export function proxyRoutes(
  app: FastifyInstance,
  parts: { callers: Callers; proxy: ConnectorProxy; help: HelpDesk; connectByItself: ConnectByItself },
): void {
  const { callers, proxy, help, connectByItself } = parts;

  const connected = async (caller: Caller, request: ProxyRequest): Promise<Caller> => {
    const { project, wallet, token } = caller;
    const integration = findIntegration(project, request.params.integration);
    return { ...caller, wallet: await connectByItself({ project, integration, wallet, claims: token.claims }) };
  };

  const handle = async (request: ProxyRequest, reply: FastifyReply): Promise<void> => {
    const admitted = callers.admit(request, reply, {
      projectId: request.params.projectId,
      token: bearerToken(request),
    });
    const caller = admitted instanceof Promise ? await admitted : admitted;
    const use = useOf(caller.wallet.credentials.length > 0 ? caller : await connected(caller, request), request);
    const asked = help.read(request.method, pathOf(request), request.raw.headers);
    const route = proxy.route(use, asked.method, asked.path);
    const headers = headersOf(reply);
    reply.hijack();
    const { raw: response } = reply;
    const { id: requestId, contentType } = request;
    try {
      const isRaw = wantsRaw(request);
      await proxy.forward({
        use,
        route,
        request: request.raw,
        response,
        contentType,
        requestId,
        headers,
        isRaw,
        help: asked.help,
      });
    } catch (error) {
      const known = refusalFor(error, request);
      if (response.headersSent) response.destroy();
      else sendRefusal(response, known, { headers, requestId });
    }
  };

  void app.register(async (scope) => {
    streamBodies(scope);
    for (const url of [BASE, `${BASE}/*`]) {
      scope.route<{ Params: ProxyRequest["params"] }>({
        method: METHODS,
        url,
        config: { access: "connectedUser", isProxied: true },
        handler: handle,
      });
    }
  });
}

function sendRefusal(
  response: ServerResponse,
  error: EaselError,
  { headers, requestId }: { headers: Readonly<Record<string, string>>; requestId: string },
): void {
  const body = Buffer.from(JSON.stringify(errorBody(error, requestId)));
  response.writeHead(error.status, {
    ...headers,
    ...error.headers,
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": body.length,
  });
  response.end(body);
}

function useOf(caller: Caller, request: ProxyRequest) {
  const { project, token, wallet } = caller;
  const integration = findIntegration(project, request.params.integration);
  if (!integration.isActive) throw easelError("integration_inactive");
  const mine = wallet.credentials.filter((credential) => credential.integrationId === integration.id);
  const credential = pickCredential(mine, headerText(request.headers["x-paragon-credential"]));
  return { project, integration, user: wallet.user, credential, claims: token.claims };
}

/** `/projects/ID/sdk/proxy/tableau`. */
const BEFORE_THE_PATH = /^(?:\/[^/?]*){5}/;

/** The caller's path exactly as it was sent: decoding it here would change what Tableau sees. */
function pathOf(request: ProxyRequest): string {
  const path = (request.raw.url ?? "").replace(BEFORE_THE_PATH, "");
  const override = headerText(request.headers["x-paragon-proxy-url"]);
  return (path === "/" || path === "") && override !== undefined ? override : path;
}

/** `X-Paragon-Use-Raw-Response`. */
function wantsRaw({ headers }: ProxyRequest): boolean {
  const header = headers["x-paragon-use-raw-response"];
  return header !== undefined && header !== "0" && header !== "false";
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
