import { isServerAdministrator } from "../../auth/roles.ts";
import { draw } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import { addSite, isTaken } from "./add-site.ts";
import { removeSite } from "./remove-site.ts";
import { siteResource } from "./resource.ts";
import { readAttributes, siteRequestSchema } from "./settings.ts";

/** `{site}` is a LUID, or what `?key=` says: a name, or a content URL. */
export const siteRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites",
    body: "none",
    jwt: "tableau:sites:read",
    role: "anyone",
    handle({ world, session, query, scene }) {
      // Only server administrators may list sites, and a site on Cloud has none.
      if (!isServerAdministrator(session.user)) {
        return refuse("403069", "Listing sites is for server administrators.");
      }
      const elements = drawPage(siteResource, world.sites, query, scene);
      return isRefusal(elements) ? elements : answer(...elements);
    },
  },
  {
    kind: "session",
    method: "GET",
    template: "/sites/{site}",
    body: "none",
    jwt: "tableau:sites:read",
    role: "anyone",
    handle(call) {
      const site = ownSite(call);
      if (isRefusal(site)) return site;
      // The reference's name, and an older one that public clients send.
      const asked = call.query.get("includeUsageStatistics") ?? call.query.get("includeUsage");
      const names = new Set(asked?.toLowerCase() === "true" ? ["usage"] : []);
      return answer(draw(siteResource, site, call.scene, { defaults: "single", names }));
    },
  },
  {
    kind: "session",
    method: "POST",
    template: "/sites",
    body: "tsRequest",
    edition: "server",
    jwt: "tableau:sites:create",
    role: "serverAdministrator",
    handle: createSite,
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{site}",
    body: "tsRequest",
    jwt: "tableau:sites:update",
    role: "siteAdministrator",
    handle: updateSite,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{site}",
    body: "none",
    edition: "server",
    jwt: "tableau:sites:delete",
    role: "serverAdministrator",
    handle: deleteSite,
  },
];

/** The site that the path names; it must be the session's. */
function ownSite({ world, session, parameters, query }: SessionCall): Site | Refusal {
  const named = world.sites.find((site) => keyOf(site, query.get("key")) === parameters.site?.toLowerCase());
  if (named === undefined) return refuse("404000", `There is no site '${parameters.site}'.`);
  return named === session.site ? named : refuse("403004", "The session is of another site.");
}

function keyOf(site: Site, key: string | null): string {
  if (key === "name") return site.name.toLowerCase();
  return key === "contentUrl" ? site.contentUrl.toLowerCase() : site.id;
}

function createSite({ world, session, content, scene }: SessionCall): Reply | Refusal {
  const request = read(siteRequestSchema, content);
  if (isRefusal(request)) return request;
  const { name, contentUrl } = request.site;
  const attributes = readAttributes(request.site);
  if (isRefusal(attributes)) return attributes;
  if (!name?.trim() || contentUrl === undefined) return refuse("400003", "A site must have a name and a content URL.");
  const problem = isTaken(world, { name, contentUrl }, undefined);
  if (problem !== undefined) return problem;
  const site = addSite(world, { name, contentUrl, attributes, now: scene.now });
  if (isRefusal(site)) return site;
  world.events.emit({ name: "SiteCreated", site: session.site, resource: "SITE", item: site, at: scene.now });
  const drawn = draw(siteResource, site, scene, { defaults: "single", names: new Set() });
  return created(drawn, `/api/${restApiVersion}/sites/${site.id}`);
}

function updateSite(call: SessionCall): Reply | Refusal {
  const { world, content, scene } = call;
  const site = ownSite(call);
  if (isRefusal(site)) return site;
  const request = read(siteRequestSchema, content);
  if (isRefusal(request)) return request;
  const attributes = readAttributes(request.site);
  if (isRefusal(attributes)) return attributes;
  const { name = site.name, contentUrl = site.contentUrl } = request.site;
  if (name.trim() === "") return refuse("400003", "A site must have a name.");
  const problem = isTaken(world, { name, contentUrl }, site);
  if (problem !== undefined) return problem;
  Object.assign(site, { name, contentUrl });
  Object.assign(site.settings.attributes, attributes);
  world.events.emit({ name: "SiteUpdated", site, resource: "SITE", item: site, at: scene.now });
  return answer(draw(siteResource, site, scene, { defaults: "single", names: new Set() }));
}

function deleteSite(call: SessionCall): Reply | Refusal {
  const { world, scene } = call;
  const site = ownSite(call);
  if (isRefusal(site)) return site;
  if (site.contentUrl === "") return refuse("403002", "The default site can't be deleted.");
  world.events.emit({ name: "SiteDeleted", site, resource: "SITE", item: site, at: scene.now });
  removeSite(world, site);
  return done;
}
