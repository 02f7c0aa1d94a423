import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { newestApiVersion } from "@easel/tableau/probe";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Use } from "../credentials/live-sessions.ts";
import { EaselError, easelError } from "../http/errors.ts";
import type { Denied } from "../proxy/call.ts";
import type { ConnectorProxy } from "../proxy/proxy.ts";
import { headersOf, refusalFor, streamBodies } from "../proxy/scope.ts";
import type { Servers } from "../servers/servers.ts";
import { answer, formatOf } from "./answers.ts";
import type { ClientCallers, Place } from "./callers.ts";
import { sayDenied } from "./denied.ts";
import { currentSession, currentSessionRoute, type OwnAnswers } from "./own-answers.ts";
import { atSpokenVersion, OWN_METHODS, type OwnRoute, ownRouteOf, plainPath } from "./own-routes.ts";
import { refusalOf, signInRefusalOf } from "./refusals.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** The door of one credential: the client's server address. And the root, for clients that drop a path from it. */
const OF_CREDENTIAL = "/projects/:projectId/tableau/:credentialId";
/** Where the address ends in a slash, clients write two. */
const AT_THE_ROOT = ["/api/*", "//api/*"];

/** `/projects/ID/tableau/ID`. */
const BEFORE_THE_PATH = /^(?:\/[^/?]*){4}/;

/** An external id has 255 characters at most. */
const LONGEST_NAME = 300;

interface ClientParams {
  readonly projectId?: string;
  readonly credentialId?: string;
}
type ClientRequest = FastifyRequest<{ Params: ClientParams }>;

export interface ClientRouteParts {
  readonly callers: ClientCallers;
  readonly ownAnswers: OwnAnswers;
  readonly proxy: ConnectorProxy;
  readonly servers: Servers;
}

/**
 * Tableau's own API for any Tableau client: the client signs in at Easel, and each further call is made as the
 * credential's user, by the session that everything of this credential shares. Answers go through untouched; Easel's own
 * are written as Tableau writes them.
 */
export function clientRoutes(app: FastifyInstance, parts: ClientRouteParts): void {
  void app.register(async (scope) => {
    streamBodies(scope);
    // What is refused before a door is reached: an unknown Host.
    scope.setErrorHandler((error, request, reply) => {
      reply.hijack();
      refuse(request, reply, { error, isSignIn: false });
    });
    for (const url of [OF_CREDENTIAL, `${OF_CREDENTIAL}/*`, ...AT_THE_ROOT]) {
      scope.route<{ Params: ClientParams }>({
        method: METHODS,
        url,
        config: { access: "tableauClient", isProxied: true },
        handler: (request, reply) => handle(parts, request, reply),
      });
    }
  });
}

/** A call at a door, taken apart. */
interface ClientCall {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly place: Place | null;
  readonly own: OwnRoute | null;
}

function readCall(request: ClientRequest): ClientCall {
  const { projectId, credentialId } = request.params;
  if (credentialId !== undefined && credentialId.length > LONGEST_NAME) throw easelError("not_found");
  const place = projectId === undefined || credentialId === undefined ? null : { projectId, credential: credentialId };
  const { path, query } = plainPath((request.raw.url ?? "").replace(place === null ? "" : BEFORE_THE_PATH, ""));
  return { method: request.method, path, query, place, own: ownRouteOf(path) };
}

async function handle(parts: ClientRouteParts, request: ClientRequest, reply: FastifyReply): Promise<void> {
  reply.hijack();
  let isSignIn = false;
  try {
    const call = readCall(request);
    isSignIn = call.own === "signIn";
    refusePages(request.headers);
    if (call.own === null) await forward(parts, call, request, reply);
    else if (!takes(call.own, call.method)) throw easelError("client_method", { method: OWN_METHODS[call.own] });
    else if (call.own === "currentSession") await sayCurrentSession(parts, call, request, reply);
    else await answerOwn(parts, { ...call, own: call.own }, request, reply);
  } catch (error) {
    refuse(request, reply, { error, isSignIn });
  }
}

function takes(own: OwnRoute, method: string): boolean {
  return method === OWN_METHODS[own] || (method === "HEAD" && OWN_METHODS[own] === "GET");
}

/**
 * A browser sends `Origin` with whatever a page may have written from elsewhere; programs send none. Pages have the SDK's
 * addresses, where the project's list says which of them may call.
 */
function refusePages({ origin }: IncomingHttpHeaders): void {
  if (origin !== undefined) throw easelError("client_page");
}

async function forward(
  { callers, proxy, servers }: ClientRouteParts,
  { method, path, query, place }: ClientCall,
  request: ClientRequest,
  reply: FastifyReply,
): Promise<void> {
  // The only root that Tableau's APIs have. By prefix anything may follow.
  if (!/^\/api\//i.test(path)) throw easelError("not_found");
  const admitted = callers.admit(tokenOf(request.headers), place);
  const { use } = admitted instanceof Promise ? await admitted : admitted;
  const route = proxy.route(use, method, atSpokenVersion(path, spokenBy(use, servers)) + query);
  await proxy.forward({ use, route, ...rawCall(request, reply, path) });
}

/** The newest version that the credential's server speaks, where it is older than what Easel knows; else it may be newer. */
function spokenBy({ credential }: Use, servers: Servers): string | null {
  const spoken = servers.peek(credential.serverUrl)?.apiVersion ?? credential.apiVersion;
  return spoken === newestApiVersion ? null : spoken;
}

/** Who the session is, as Tableau says it; as Easel knows it where Tableau does not tell a connected app. */
async function sayCurrentSession(
  { callers, proxy, servers }: ClientRouteParts,
  { path, place }: ClientCall,
  request: ClientRequest,
  reply: FastifyReply,
): Promise<void> {
  const { use } = await callers.admit(tokenOf(request.headers), place);
  const route = currentSessionRoute(atSpokenVersion(path, spokenBy(use, servers)));
  try {
    await proxy.forward({ use, route, ...rawCall(request, reply, path) });
  } catch (error) {
    if (!(error instanceof EaselError) || error.status !== 403) throw error;
    const format = formatOf(request.headers, path);
    answer(reply.raw, { status: 200, element: currentSession(use), format }, headersOf(reply));
  }
}

async function answerOwn(
  { ownAnswers }: ClientRouteParts,
  { own, path, place }: ClientCall & { readonly own: Exclude<OwnRoute, "currentSession"> },
  request: ClientRequest,
  reply: FastifyReply,
): Promise<void> {
  const asked = { request: request.raw, place, token: tokenOf(request.headers), address: request.ip };
  const { status, element } = await ownAnswers(own, asked);
  answer(reply.raw, { status, element, format: formatOf(request.headers, path) }, headersOf(reply));
}

/** What does not depend on whom the call is for. */
function rawCall(request: ClientRequest, reply: FastifyReply, path: string) {
  const headers = headersOf(reply);
  return {
    request: request.raw,
    response: reply.raw,
    contentType: request.contentType,
    requestId: request.id,
    headers,
    door: "client",
    isRaw: true,
    help: null,
    sayDenied: (denied: Denied) =>
      sayDenied(reply.raw, denied, { format: formatOf(request.headers, path), own: headers }),
  } as const;
}

/** `X-Tableau-Auth`, as Tableau's clients have it; a bearer token, as newer ones do. */
function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const token = headers["x-tableau-auth"];
  if (typeof token === "string" && token !== "") return token;
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  { error, isSignIn }: { error: unknown; isSignIn: boolean },
): void {
  // Nobody is left to hear it.
  if (request.raw.socket.destroyed) return;
  const known = refusalFor(error, request);
  if (reply.raw.headersSent) return void reply.raw.destroy();
  const { status, element } = isSignIn ? signInRefusalOf(known) : refusalOf(known);
  const { path } = plainPath((request.raw.url ?? "").replace(/^\/projects(?:\/[^/?]*){3}/, ""));
  const headers = { ...headersOf(reply), ...known.headers, "x-easel-error": known.code };
  answer(reply.raw, { status, element, format: formatOf(request.headers, path) }, headers);
  dropRest(request.raw);
}

/** What a refused client still sends is read and dropped: one that cannot send does not read the answer. */
function dropRest(request: IncomingMessage): void {
  if (!request.readableEnded) request.resume();
}
