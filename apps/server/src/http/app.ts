import { randomUUID } from "node:crypto";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { hasZodFastifySchemaValidationErrors, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { isDatabaseAway } from "../database/connection-failure.ts";
import { continueWhenRead } from "./continue.ts";
import { CountedRequest, CountedResponse } from "./counted.ts";
import { errorBody } from "./error-body.ts";
import { EaselError, easelError } from "./errors.ts";
import type { OwnAddress } from "./hosts.ts";
import { letAnyPageRead } from "./origins.ts";
import { type Pace, USUAL_PACE, watchPace } from "./pace.ts";
import { answerBadAddress, answerUnreadable } from "./unrouted.ts";
import { watchUnusedConnections } from "./unused-connections.ts";

/** Who may call a route. Every route says it; the app refuses to start with one that does not. */
export type Access =
  | "public"
  | "metricsToken"
  | "connectedUser"
  | "tableauClient"
  | "installCode"
  | "apiKey:admin"
  | "apiKey:member"
  | "apiKey:support";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
    /** Proxied calls have their usage row, and are logged at debug only. */
    isProxied?: boolean;
  }
  interface FastifyInstance {
    /** Every route with who may call it, for tests that walk them all. */
    readonly declaredRoutes: readonly DeclaredRoute[];
  }
}

export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
}

/** JSON bodies at most. Files go through the proxy, which holds nothing. */
const JSON_LIMIT = 1_048_576;
/** A proxied path may hold a whole URL with filters. */
const LONGEST_PATH = 16_384;
/** A request's first line and headers together, in bytes: the longest path, the longest user token, and what is usual. */
const LONGEST_HEAD = 65_536;

/** Connections at a time, used or not; each takes some 15 KB before it has said a word. Those beyond are closed at once. */
const MOST_CONNECTIONS = 20_000;

/** The HTTP application: ids, logs, the error envelope, and the checks that hold for every route. */
export function createApp(options: {
  log: FastifyBaseLogger;
  trustProxy: boolean | string;
  own: OwnAddress;
  /** How slowly callers may send and take; as usual where tests do not hurry. */
  pace?: Pace | undefined;
}): FastifyInstance {
  const { pace = USUAL_PACE } = options;
  const app = Fastify({
    loggerInstance: options.log,
    trustProxy: options.trustProxy,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: JSON_LIMIT,
    exposeHeadRoutes: false,
    // A request that was accepted is answered, also while the server drains.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    http: {
      maxHeaderSize: LONGEST_HEAD,
      headersTimeout: pace.headMs,
      connectionsCheckingInterval: pace.headEveryMs,
      IncomingMessage: CountedRequest,
      ServerResponse: CountedResponse,
    },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (_error, request, reply) => answerBadAddress(request, reply),
    routerOptions: { maxParamLength: LONGEST_PATH, ignoreTrailingSlash: true },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  const endUnused = watchUnusedConnections(app.server);
  watchPace(app.server, pace);
  continueWhenRead(app.server);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  readJsonOnly(app);

  const declaredRoutes: DeclaredRoute[] = [];
  app.decorate("declaredRoutes", declaredRoutes);
  app.decorateRequest("ownOrigin", {
    getter(this: FastifyRequest) {
      return options.own.originFor(this);
    },
  });
  app.addHook("preClose", async () => endUnused());
  app.addHook("onRoute", ({ method, url, config }) => {
    const access = config?.access;
    if (access === undefined) throw new Error(`${String(method)} ${url} does not say who may call it.`);
    for (const name of [method].flat()) declaredRoutes.push({ method: name, url, access });
  });
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers({
      "x-request-id": request.id,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    done(options.own.isHost(request.hostname) ? undefined : easelError("host_unknown"));
  });
  app.addHook("onResponse", (request, reply, done) => {
    const level = request.routeOptions.config.isProxied === true ? "debug" : "info";
    // The route's pattern, not its address: tokens and one-time codes are in addresses.
    request.log[level](
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      "answered",
    );
    done();
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = recognise(error);
    if (known.code === "internal") request.log.error({ err: error }, "a request failed");
    sendError(reply, known);
  });
  app.setNotFoundHandler((request, reply) => {
    letAnyPageRead(request, reply);
    sendError(reply, easelError("not_found"));
  });
  return app;
}

/** The error envelope, as an answer. */
function sendError(reply: FastifyReply, error: EaselError): void {
  void reply
    .code(error.status)
    .headers(error.headers)
    .type("application/json")
    .send(errorBody(error, reply.request.id));
}

/**
 * Whatever Content-Type a body comes with, even none: it is JSON or it is refused. (A body without a type would be
 * answered 415 before its size is looked at.) What is no media type at all, Fastify answers 415 by itself.
 */
function readJsonOnly(app: FastifyInstance): void {
  const parse = (
    _request: FastifyRequest,
    body: string | Buffer,
    done: (error: Error | null, body?: unknown) => void,
  ): void => {
    const text = body.toString();
    try {
      done(null, text.trim() === "" ? undefined : JSON.parse(text));
    } catch {
      done(easelError("request_malformed", { detail: "the body is not JSON." }));
    }
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, parse);
}

/**
 * PostgreSQL on text that it does not take (Appendix A: character_not_in_repertoire, untranslatable_character; half a
 * character inside JSON is invalid_text_representation, which elsewhere would be a bug of ours).
 */
function isUnstorable({ code, message }: FastifyError): boolean {
  return code === "22021" || code === "22P05" || (code === "22P02" && message.includes("type json"));
}

function recognise(error: FastifyError): EaselError {
  if (error instanceof EaselError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation;
    const where = first?.instancePath.replaceAll("/", ".").slice(1);
    return easelError("request_malformed", {
      detail: `${where ? `${where}: ` : ""}${first?.message ?? error.message}`,
    });
  }
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") return easelError("request_too_large", { limit: "1 MB" });
  if (isUnstorable(error)) {
    return easelError("request_malformed", { detail: "a text in it holds U+0000 or half a character." });
  }
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return easelError("media_type_unsupported");
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return easelError("request_malformed", { detail: error.message });
  }
  return easelError(isDatabaseAway(error) ? "database_unavailable" : "internal");
}
