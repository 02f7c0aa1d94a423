import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import { frameAncestors } from "../http/origins.ts";
import type { Projects } from "../projects/projects.ts";
import { escapeHtml, sendPage } from "./page.ts";
import { TABLEAU_ICON } from "./tableau-icon.ts";

const PORTAL = fileURLToPath(new URL("../../../portal/dist/", import.meta.url));
/** What the portal's build leaves where a nonce belongs. */
const NONCE = "__EASEL_NONCE__";

/** The pages: the Connect Portal (embedded at `/ui`, hosted at `/ui/hosted/:code`), its assets, and the front door. */
export function webRoutes(app: FastifyInstance, parts: { projects: Projects; demoOrigin: string | null }): void {
  void app.register(fastifyStatic, { root: `${PORTAL}assets`, serve: false, immutable: true, maxAge: "365d" });
  // File names carry a hash of their content.
  app.get<{ Params: { "*": string } }>("/ui/assets/*", { config: { access: "public" } }, async (request, reply) => {
    reply.header("cross-origin-resource-policy", "cross-origin");
    return reply.sendFile(request.params["*"]);
  });

  let portal: Promise<string> | null = null;
  const portalHtml = (): Promise<string> => {
    portal ??= readFile(`${PORTAL}index.html`, "utf8");
    return portal;
  };

  /**
   * Bare, the page may be framed by anyone and does nothing until its parent, from an origin that the project allows,
   * speaks to it: the SDK loads it before it knows the project. With a project, only that project's pages may frame it.
   */
  app.get<{ Querystring: { projectId?: string } }>("/ui", { config: { access: "public" } }, async (request, reply) => {
    const { projectId } = request.query;
    const ancestors = typeof projectId === "string" ? frameAncestors(await parts.projects.get(projectId)) : "*";
    return sendPortal(reply, await portalHtml(), ancestors);
  });

  app.get("/ui/hosted/:code", { config: { access: "public" } }, async (_request, reply) =>
    sendPortal(reply, await portalHtml(), "'none'"),
  );

  app.get("/integrations/tableau.svg", { config: { access: "public" } }, async (_request, reply) =>
    reply
      .type("image/svg+xml")
      .headers({ "cache-control": "public, max-age=86400", "cross-origin-resource-policy": "cross-origin" })
      .send(TABLEAU_ICON),
  );

  app.get("/", { config: { access: "public" } }, async (_request, reply) =>
    sendPage(reply, {
      title: "Easel",
      body:
        "<h1>Easel is running</h1><p>It connects your users' Tableau accounts to your product and calls Tableau's API on their behalf.</p>" +
        (parts.demoOrigin === null
          ? ""
          : `<p><a class="button" href="${escapeHtml(parts.demoOrigin)}">Open the demo</a></p>`) +
        `<p class="soft"><a href="/manage/v1/openapi.json">Management API</a> · <a href="/health/ready">Health</a></p>`,
    }),
  );
}

function sendPortal(reply: FastifyReply, html: string, ancestors: string): FastifyReply {
  const nonce = randomBytes(16).toString("base64");
  return reply
    .type("text/html; charset=utf-8")
    .headers({
      "content-security-policy":
        `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}' 'self'; font-src 'self'; ` +
        `img-src 'self' data: https:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`,
      "cache-control": "no-store",
      // With these the page also shows inside pages that are cross-origin isolated (HTML Standard, "Embedder policy
      // checks"); `credentialless` still lets a project's logo come from a host that knows nothing of such policies.
      "cross-origin-embedder-policy": "credentialless",
      "cross-origin-resource-policy": "cross-origin",
    })
    .send(html.replaceAll(NONCE, nonce));
}
