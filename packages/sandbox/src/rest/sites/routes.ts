import { draw } from "../../query/description.ts";
import type { Site } from "../../site/site.ts";
import { refuse } from "../../wire/refusals.ts";
import { answer } from "../../wire/reply.ts";
import type { Route } from "../route.ts";
import { siteResource } from "./resource.ts";

export const siteRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites",
    body: "none",
    jwt: "never",
    role: "anyone",
    // Only server administrators may list sites, and a site on Cloud has none.
    handle: () => refuse("403069", "Listing sites is for server administrators."),
  },
  {
    kind: "session",
    method: "GET",
    template: "/sites/{site}",
    body: "none",
    jwt: "tableau:sites:read", // inferred
    role: "anyone",
    handle({ world, session, parameters, query, scene }) {
      const named = world.sites.find((site) => keyOf(site, query.get("key")) === parameters.site?.toLowerCase());
      if (named === undefined) return refuse("404000", `There is no site '${parameters.site}'.`);
      if (named !== session.site) return refuse("403004", "The session is of another site.");
      const withUsage = query.get("includeUsage")?.toLowerCase() === "true";
      return answer(
        draw(siteResource, named, scene, { defaults: "single", names: new Set(withUsage ? ["usage"] : []) }),
      );
    },
  },
];

/** What the path names a site by: its LUID, or what `?key=` says. */
function keyOf(site: Site, key: string | null): string {
  if (key === "name") return site.name.toLowerCase();
  return key === "contentUrl" ? site.contentUrl : site.id;
}
