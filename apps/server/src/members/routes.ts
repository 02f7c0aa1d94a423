import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { EaselError, easelError } from "../http/errors.ts";
import { isOwnOrigin } from "../http/origins.ts";
import { escapeHtml, sendPage, withCode } from "../web/page.ts";
import type { FirstRun } from "./first-run.ts";

interface Link {
  readonly Params: { readonly code: string };
}

/** The first-run link: a page that asks before the link is spent (a preview in a chat opens links too), then the key. */
export function firstRunRoutes(app: FastifyInstance, firstRun: FirstRun): void {
  // A form's own type; the form has no fields.
  void app.register(async (scope) => {
    scope.addContentTypeParser("application/x-www-form-urlencoded", (_request, payload, done) => {
      payload.resume();
      done(null);
    });

    scope.get<Link>("/app/first-run/:code", { config: { access: "public" } }, async (request, reply) => {
      try {
        await firstRun.check(request.params.code);
      } catch (error) {
        return refusePage(reply, error);
      }
      return sendPage(reply, {
        title: "Set up Easel",
        body:
          `<h1>Set up Easel</h1><p>Nobody has set up this instance yet. You get an API key that may change everything in the first project. ` +
          `The link is then used up.</p><form method="post"><button>Create the API key</button></form>`,
      });
    });

    scope.post<Link>("/app/first-run/:code", { config: { access: "public" } }, async (request, reply) => {
      refuseForeignForm(request);
      try {
        const { projectId, apiKey } = await firstRun.claim(request.params.code);
        return claimedPage(reply, { origin: request.ownOrigin, projectId, apiKey });
      } catch (error) {
        return refusePage(reply, error);
      }
    });
  });
}

function claimedPage(reply: FastifyReply, facts: { origin: string; projectId: string; apiKey: string }): FastifyReply {
  const call = `curl ${facts.origin}/manage/v1/projects/${facts.projectId}/integrations/tableau \\\n  -H "Authorization: Bearer ${facts.apiKey}"`;
  return sendPage(reply, {
    title: "Your API key",
    body:
      `<h1>Your API key</h1><p>It is shown this once. Keep it where your secrets are.</p><pre>${escapeHtml(facts.apiKey)}</pre>` +
      `<h2>Project ID</h2><pre>${escapeHtml(facts.projectId)}</pre>` +
      `<h2>The integration's settings</h2><p class="soft">Client ID, Client Secret, Client Secret Value and Permissions are read and set here; ` +
      `<a href="/manage/v1/openapi.json">openapi.json</a> describes the rest.</p><pre>${escapeHtml(call)}</pre>`,
  });
}

function refusePage(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof EaselError)) throw error;
  return sendPage(reply, {
    status: error.status,
    title: "This link is over",
    body: `<h1>This link is over</h1><p>${escapeHtml(error.message)}</p><p class="soft">${withCode(error.action)}</p>`,
  });
}

/** Only our own page may spend the link. Browsers say where a form was sent from; a caller without a browser says nothing. */
function refuseForeignForm(request: FastifyRequest): void {
  const { origin, "sec-fetch-site": site } = request.headers;
  const isOwn = origin === undefined || origin === "null" || isOwnOrigin(origin, request);
  if (!isOwn || (site !== undefined && site !== "same-origin")) {
    throw easelError("origin_not_allowed", { origin: origin ?? "another site" });
  }
}
