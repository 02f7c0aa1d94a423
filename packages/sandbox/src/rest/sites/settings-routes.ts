import * as z from "zod";
import { draw } from "../../query/description.ts";
import { type Element, list, record, repeated } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, read, repeated as several } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { viewResource } from "../views/resource.ts";
import { siteResource } from "./resource.ts";

const embedding = { template: "/sites/{siteId}/settings/embedding", role: "siteAdministrator" } as const;
const mcp = { template: "/sites/{siteId}/settings/mcp" } as const;

const embeddingSchema = element({
  site: element({
    settings: z.preprocess(
      (value) => (Array.isArray(value) ? value[0] : value),
      element({ unrestrictedEmbedding: attribute.optional(), allowList: attribute.optional() }),
    ),
  }),
});

// As tableau-mcp reads them: at most a hundred, of these lengths.
const mcpSchema = element({
  mcpSiteSettings: element({
    settings: several(
      z.object({ key: attribute.pipe(z.string().max(100)), value: attribute.pipe(z.string().max(1000)) }),
      100,
    ),
  }),
});

export const siteSettingsRoutes: readonly Route[] = [
  {
    kind: "session",
    ...embedding,
    method: "GET",
    body: "none",
    jwt: "tableau:embedding_site_settings:read",
    handle: (call) => answer(embeddingSettings(call)),
  },
  {
    kind: "session",
    ...embedding,
    method: "PUT",
    body: "tsRequest",
    jwt: "tableau:embedding_site_settings:update",
    handle: updateEmbedding,
  },
  {
    kind: "session",
    ...mcp,
    method: "GET",
    body: "none",
    jwt: "tableau:mcp_site_settings:read",
    role: "anyone",
    handle: ({ session }) => answer(mcpSettings(session.site.settings.mcp)),
  },
  {
    kind: "session",
    ...mcp,
    method: "PUT",
    body: "tsRequest",
    jwt: "tableau:mcp_site_settings:update", // inferred: that it can be set so
    role: "siteAdministrator",
    handle({ session, content }) {
      const request = read(mcpSchema, content);
      if (isRefusal(request)) return request;
      session.site.settings.mcp = request.mcpSiteSettings.settings;
      return answer(mcpSettings(session.site.settings.mcp));
    },
  },
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/content/recent",
    body: "none",
    jwt: "tableau:content:read", // inferred
    role: "anyone",
    handle: ({ session, scene }) => answer(recents(session.site.settings.recent.get(session.user.id) ?? [], scene)),
  },
];

function embeddingSettings({ session, scene }: SessionCall): Element {
  return draw(siteResource, session.site, scene, { defaults: "none", names: new Set(["settings"]) });
}

function updateEmbedding(call: SessionCall): Reply | Refusal {
  const request = read(embeddingSchema, call.content);
  if (isRefusal(request)) return request;
  const { unrestrictedEmbedding, allowList } = request.site.settings;
  const settings = call.session.site.settings.embedding;
  const isUnrestricted = unrestrictedEmbedding?.toLowerCase() ?? String(settings.unrestrictedEmbedding);
  if (!["true", "false"].includes(isUnrestricted)) {
    return refuse("400003", "unrestrictedEmbedding must be true or false.");
  }
  settings.unrestrictedEmbedding = isUnrestricted === "true";
  settings.allowList = allowList?.slice(0, 10_000) ?? settings.allowList;
  return answer(embeddingSettings(call));
}

function mcpSettings(settings: { key: string; value: string }[]): Element {
  const drawn = settings.map(({ key, value }) => record("settings", { key, value }));
  return record("mcpSiteSettings", {}, [repeated("settings", drawn, "array")]);
}

function recents(viewIds: readonly string[], scene: SessionCall["scene"]): Element {
  const names = new Set(["id", "name", "contentUrl", "updatedAt"]);
  const views = viewIds.map((id) => scene.site.views.get(id)).filter((view) => view !== undefined);
  const drawn = views.map((view) =>
    record("recent", {}, [draw(viewResource, view, scene, { defaults: "none", names })]),
  );
  return list("recents", "recent", drawn);
}
