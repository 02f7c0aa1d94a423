import type { FastifyInstance, FastifyRequest } from "fastify";
import { bearerToken, type Caller, type Callers } from "../http/caller.ts";
import { easelError } from "../http/errors.ts";
import type { Installs, OpenInstall } from "./installs.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set on routes that a connected user may call. */
    caller: Caller | null;
    /** Set where the hosted form of the headless flow calls, with its one-time code. */
    install: OpenInstall | null;
  }
  interface FastifyContextConfig {
    /** The hosted form may call this route with its one-time code in place of a user token. */
    acceptsInstallCode?: boolean;
  }
}

/** Admits connected users to the routes of this scope that say `access: "connectedUser"`. */
export function authenticateConnectedUsers(scope: FastifyInstance, callers: Callers, installs: Installs): void {
  scope.decorateRequest("caller", null);
  scope.decorateRequest("install", null);
  scope.addHook("onRequest", async (request, reply) => {
    const { access, acceptsInstallCode } = request.routeOptions.config;
    if (access !== "connectedUser") return;
    const { projectId = "" } = request.params as { projectId?: string };
    const code = request.headers["x-easel-connect"];
    if (acceptsInstallCode === true && typeof code === "string") {
      const install = await installs.open(code);
      if (install.project.id !== projectId) throw easelError("install_code_unknown");
      request.install = install;
      return;
    }
    // The SDK opens its popup pages by address, where no header can be sent.
    const { userToken } = request.query as { userToken?: unknown };
    const token =
      bearerToken(request) ?? (typeof userToken === "string" && allowsQueryToken(request) ? userToken : undefined);
    request.caller = await callers.admit(request, reply, { projectId, token });
  });
}

/** The connected user of a request whose route says that it has one. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null)
    throw new Error(`${request.routeOptions.url ?? request.url} has no caller: it is not for connected users.`);
  return request.caller;
}

function allowsQueryToken(request: FastifyRequest): boolean {
  return /\/sdk\/actions\/(oauth-nonce|build-oauth)$/.test(request.routeOptions.url ?? "");
}
