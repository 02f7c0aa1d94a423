import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import { type EmbedConfig, type SandboxCredentials, sessionRequestSchema } from "./contract.ts";
import type { Demo, DemoFile, SandboxUser } from "./demo-file.ts";
import { refusal, securityHeaders } from "./guard.ts";
import { personOf } from "./people.ts";
import { type ProblemCode, problemBody } from "./problems.ts";
import { cookieValue, readSession, sessionCookie, sessionCookieName, signSession } from "./session.ts";
import { mintUserToken } from "./user-token.ts";

export type AppOptions = {
  demoFile: DemoFile;
  /** Where the built pages are. */
  pagesDir: string;
  /** Milliseconds since 1970. */
  clock: () => number;
  logger: FastifyServerOptions["logger"];
};

/** The pages that the browser's router knows; each is the same document. */
const pages = ["/", "/developer"];

/** An expected failure, thrown by the helpers of the routes below and answered by the error handler. */
class Problem extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode) {
    super(code);
    this.code = code;
  }
}

/** Acme's server: its pages, its sign-in, and the one thing that Easel asks of a product's backend, the user token. */
export async function buildApp({ demoFile, pagesDir, clock, logger }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: logger ?? false,
    genReqId: () => randomUUID(),
    bodyLimit: 1024,
    forceCloseConnections: true,
  });

  app.addHook("onRequest", async (request, reply) => {
    const state = await demoFile.read();
    const demo = state.kind === "ready" ? state.demo : undefined;
    reply.headers(securityHeaders(demo?.origin)).header("x-request-id", request.id);
    const refused = refusal(request, portOf(request), demo?.demoOrigin);
    if (refused !== undefined) return sendProblem(request, reply, refused);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, "not_found"));
  app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    if (error instanceof Problem) return sendProblem(request, reply, error.code);
    if (error.statusCode !== undefined && error.statusCode < 500) return sendProblem(request, reply, "request_invalid");
    request.log.error(error);
    return sendProblem(request, reply, "internal");
  });

  addApi(app, demoFile, clock);
  await addPages(app, pagesDir);
  return app;
}

function addApi(app: FastifyInstance, demoFile: DemoFile, clock: () => number): void {
  app.addHook("onSend", async (request, reply) => {
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
  });

  async function theDemo(): Promise<Demo> {
    const state = await demoFile.read();
    if (state.kind === "ready") return state.demo;
    if (state.kind === "unusable") app.log.error({ reason: state.reason }, "The demo file cannot be used.");
    throw new Problem(state.kind === "missing" ? "demo_file_missing" : "demo_file_unusable");
  }

  async function sessionOf(request: FastifyRequest, demo: Demo): Promise<SandboxUser | "none" | "expired"> {
    const cookie = cookieValue(request.headers.cookie, sessionCookieName(portOf(request)));
    const session = await readSession(demo, cookie, clock());
    if (session.kind !== "signedIn") return session.kind;
    return demo.sandbox.users.find((user) => user.name === session.personId) ?? "none";
  }

  async function signedIn(request: FastifyRequest): Promise<{ demo: Demo; user: SandboxUser }> {
    const demo = await theDemo();
    const user = await sessionOf(request, demo);
    if (typeof user === "string") throw new Problem(user === "none" ? "session_missing" : "session_expired");
    return { demo, user };
  }

  app.get("/api/config", async (): Promise<EmbedConfig> => {
    const { origin, projectId, integrationId } = await theDemo();
    return { easelOrigin: origin, projectId, integrationId };
  });

  app.get("/api/people", async () => ({ people: (await theDemo()).sandbox.users.map(personOf) }));

  app.get("/api/me", async (request) => {
    const user = await sessionOf(request, await theDemo());
    return { person: typeof user === "string" ? null : personOf(user) };
  });

  app.post("/api/session", async (request, reply) => {
    const body = sessionRequestSchema.safeParse(request.body);
    if (!body.success) throw new Problem("request_invalid");
    const demo = await theDemo();
    const user = demo.sandbox.users.find(({ name }) => name === body.data.person);
    if (user === undefined) throw new Problem("person_unknown");
    const value = await signSession(demo, user.name, clock());
    reply.header("set-cookie", sessionCookie(sessionCookieName(portOf(request)), value));
    return { person: personOf(user) };
  });

  app.delete("/api/session", async (request, reply) => {
    reply.header("set-cookie", sessionCookie(sessionCookieName(portOf(request)), null)).code(204);
  });

  app.get("/api/user-token", async (request) => {
    const { demo, user } = await signedIn(request);
    return mintUserToken(demo, user, clock());
  });

  app.get("/api/sandbox-credentials", async (request): Promise<SandboxCredentials> => {
    const { demo, user } = await signedIn(request);
    return { address: sandboxAddress(demo), tokenName: user.pat.name, tokenSecret: user.pat.secret };
  });
}

async function addPages(app: FastifyInstance, pagesDir: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(pagesDir, "assets"),
    prefix: "/assets/",
    // The names hold a hash of the content.
    immutable: true,
    maxAge: "365d",
  });
  for (const page of pages) {
    app.get(page, async (_request, reply) => {
      if (!existsSync(join(pagesDir, "index.html"))) throw new Problem("pages_missing");
      return reply.header("cache-control", "no-cache").sendFile("index.html", pagesDir, { cacheControl: false });
    });
  }
}

/** The address a person would copy out of the browser when they look at the site in Tableau. */
function sandboxAddress({ sandbox }: Demo): string {
  const server = new URL(sandbox.url).origin;
  return sandbox.site.contentUrl === "" ? server : `${server}/#/site/${sandbox.site.contentUrl}/home`;
}

function portOf(request: FastifyRequest): number {
  return request.socket.localPort ?? 0;
}

/** Pages are read by people, everything else by code. */
function sendProblem(request: FastifyRequest, reply: FastifyReply, code: ProblemCode): FastifyReply {
  const body = problemBody(code, request.id);
  reply.code(body.status);
  if (!request.url.startsWith("/api/") && request.headers.accept?.includes("text/html") === true)
    return reply
      .type("text/html; charset=utf-8")
      .send(`<!doctype html><html lang="en"><title>Acme</title><h1>${body.message}</h1><p>${body.action}</p></html>`);
  return reply.send(body);
}
