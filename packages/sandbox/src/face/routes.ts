import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Site } from "../site/site.ts";
import type { World } from "../world.ts";
import { datasourceOf, flowOf, siteOf, viewOf, workbookOf } from "./find.ts";
import { html } from "./html.ts";
import { layout, type Page, to, type Visit } from "./layout.ts";
import { callsPage } from "./pages/calls.ts";
import { projectPage, projectsPage } from "./pages/content.ts";
import { datasourcePage } from "./pages/datasource.ts";
import { flowPage } from "./pages/flow.ts";
import { jobsPage } from "./pages/jobs.ts";
import { overviewPage } from "./pages/overview.ts";
import { peoplePage } from "./pages/people.ts";
import { viewPage } from "./pages/view.ts";
import { webhooksPage } from "./pages/webhooks.ts";
import { workbookPage } from "./pages/workbook.ts";
import { registerPictures } from "./pictures.ts";
import { script, style } from "./style.ts";

type PageRequest = FastifyRequest<{ Params: Record<string, string> }>;

/** Draws a page; undefined when what the path names is not there. */
type Draw = (visit: Visit, parameters: Record<string, string>) => Page | undefined;

/**
 * The pages that show a site in a browser, below `/site/{contentUrl}`; their paths are those of Tableau's own browser
 * addresses where it has one. They ask for no sign-in and change nothing.
 */
const pages: readonly (readonly [path: string, draw: Draw])[] = [
  ["", overviewPage],
  ["/projects", projectsPage],
  ["/projects/:id", (visit, { id = "" }) => over(visit.site.projects.get(id), (one) => projectPage(visit, one))],
  [
    "/workbooks/:number",
    (visit, { number }) => over(workbookOf(visit.site, number), (one) => workbookPage(visit, one)),
  ],
  [
    "/workbooks/:number/views",
    (visit, { number }) => over(workbookOf(visit.site, number), (one) => workbookPage(visit, one)),
  ],
  [
    "/views/:workbook/:view",
    (visit, parameters) => over(viewOf(visit.site, parameters), (one) => viewPage(visit, one)),
  ],
  [
    "/datasources/:number",
    (visit, { number }) => over(datasourceOf(visit.site, number), (one) => datasourcePage(visit, one)),
  ],
  ["/flows/:number", (visit, { number }) => over(flowOf(visit.site, number), (one) => flowPage(visit, one))],
  ["/people", peoplePage],
  ["/jobs", jobsPage],
  ["/webhooks", webhooksPage],
  ["/calls", callsPage],
];

export function registerFace(app: FastifyInstance, world: World): void {
  app.get("/", (request, reply) => {
    const [home] = world.sites;
    return home === undefined ? reply.callNotFound() : answer(reply, visitOf(home, request), overviewPage);
  });
  for (const [path, draw] of pages) {
    app.get(`/site/:site${path}`, (request: PageRequest, reply) => {
      const site = siteOf(world, request.params.site);
      return answer(reply, site && visitOf(site, request), draw, request.params);
    });
  }
  registerPictures(app, world);
  app.get("/__sandbox/face/style.css", (_request, reply) => reply.type("text/css;charset=UTF-8").send(style));
  app.get("/__sandbox/face/script.js", (_request, reply) => reply.type("text/javascript;charset=UTF-8").send(script));

  function visitOf(site: Site, { url, headers }: FastifyRequest): Visit {
    const [, query = ""] = url.split(/\?(.*)/s);
    const origin = `http://${headers.host ?? "localhost"}`;
    return { world, site, now: world.clock(), origin, query: new URLSearchParams(query) };
  }

  function answer(reply: FastifyReply, visit: Visit | undefined, draw: Draw, parameters = {}): FastifyReply {
    if (visit === undefined) return reply.redirect("/");
    const page = draw(visit, parameters);
    reply.headers(headers).code(page === undefined ? 404 : 200);
    return reply.send(layout(visit, page ?? notThere(visit)));
  }
}

// Names and texts on these pages come from whoever calls the API: nothing runs here but the page's own script.
const headers = {
  "content-type": "text/html;charset=UTF-8",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

function notThere({ site }: Visit): Page {
  const body = html`<h1>Not here</h1><p class="purpose">It was deleted, or it was never on this site. <a href="${to(site)}">Back to ${site.name}</a></p>`;
  return { section: "", title: "Not here", body };
}

function over<Item>(item: Item | undefined, draw: (item: Item) => Page): Page | undefined {
  return item === undefined ? undefined : draw(item);
}
