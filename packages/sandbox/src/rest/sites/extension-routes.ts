import { type Element, record, repeated, text } from "../../wire/element.ts";
import { isRefusal } from "../../wire/refusals.ts";
import { answer } from "../../wire/reply.ts";
import { attribute, element, flag, read, repeated as several } from "../../wire/request-schema.ts";
import type { Route } from "../route.ts";
import type { SafeExtension, ServerExtensions, SiteExtensions } from "./extensions.ts";

/** Dashboard extensions in one request. */
const mostExtensions = 500;

const url = attribute.refine((written) => written.length <= 2_000, "too long");

const siteSchema = element({
  extensionsSiteSettings: element({
    extensionsEnabled: flag.optional(),
    useDefaultSetting: flag.optional(),
    allowTrusted: flag.optional(),
    includeSandboxed: flag.optional(),
    includeTableauBuilt: flag.optional(),
    includePartnerBuilt: flag.optional(),
    // TSC writes several extensions into one element, one child after the other.
    safeList: several(
      element({
        url: several(url, mostExtensions),
        fullDataAllowed: several(flag, mostExtensions),
        promptNeeded: several(flag, mostExtensions),
      }),
      mostExtensions,
    ),
  }),
});

const serverSchema = element({
  extensionsServerSettings: element({
    extensionsGloballyEnabled: flag.optional(),
    blockList: several(url, mostExtensions),
  }),
});

/** Which dashboard extensions run on a site, and on a whole Tableau Server (TSC's `extensions`; API 3.21). */
export const extensionRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/settings/extensions",
    body: "none",
    jwt: "tableau:extensions_site_settings:read",
    role: "siteAdministrator",
    handle: ({ session }) => answer(siteElement(session.site.settings.extensions)),
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/settings/extensions",
    body: "tsRequest",
    jwt: "tableau:extensions_site_settings:update",
    role: "siteAdministrator",
    handle({ session, content }) {
      const request = read(siteSchema, content);
      if (isRefusal(request)) return request;
      const { safeList, ...set } = request.extensionsSiteSettings;
      const { settings } = session.site;
      settings.extensions = { ...settings.extensions, ...given(set), safeList: safeList.flatMap(safeExtensions) };
      return answer(siteElement(settings.extensions));
    },
  },
  {
    kind: "session",
    method: "GET",
    template: "/settings/extensions",
    body: "none",
    edition: "server",
    jwt: "tableau:extensions_server_settings:read",
    role: "serverAdministrator",
    handle: ({ world }) => answer(serverElement(world.extensions)),
  },
  {
    kind: "session",
    method: "PUT",
    template: "/settings/extensions",
    body: "tsRequest",
    edition: "server",
    jwt: "tableau:extensions_server_settings:update",
    role: "serverAdministrator",
    handle({ world, content }) {
      const request = read(serverSchema, content);
      if (isRefusal(request)) return request;
      const { extensionsGloballyEnabled = world.extensions.isEnabled, blockList } = request.extensionsServerSettings;
      world.extensions = { ...world.extensions, isEnabled: extensionsGloballyEnabled, blockList };
      return answer(serverElement(world.extensions));
    },
  },
];

type Set = Partial<Omit<SiteExtensions, "safeList">>;

/** Without what was not said, which stays as it is. */
function given(set: { [Key in keyof Set]: boolean | undefined }): Set {
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
}

function safeExtensions(written: {
  url: string[];
  fullDataAllowed: boolean[];
  promptNeeded: boolean[];
}): SafeExtension[] {
  return written.url.map((url, index) => ({
    url,
    fullDataAllowed: written.fullDataAllowed[index] ?? false,
    promptNeeded: written.promptNeeded[index] ?? true,
  }));
}

/** In the order of Tableau's schema (extensionsSiteSettingsType). */
function siteElement({ safeList, ...set }: SiteExtensions): Element {
  const safe = safeList.map((extension) => record("safeList", {}, texts(extension)));
  return record("extensionsSiteSettings", {}, [...texts(set), repeated("safeList", safe)]);
}

function serverElement({ isEnabled, blockList }: ServerExtensions): Element {
  const blocked = blockList.map((url) => text("blockList", url));
  const enabled = text("extensionsGloballyEnabled", isEnabled);
  return record("extensionsServerSettings", {}, [enabled, repeated("blockList", blocked)]);
}

function texts(values: Record<string, string | boolean>): Element[] {
  return Object.entries(values).map(([name, value]) => text(name, value));
}
