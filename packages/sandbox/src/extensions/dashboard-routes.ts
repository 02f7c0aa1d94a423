import * as z from "zod";
import { type JsonCall, type JsonReply, type JsonRoute, json } from "../api/route.ts";
import type { SafeExtension } from "../rest/sites/extensions.ts";
import { luidOf } from "../site/random.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { flag, read } from "../wire/request-schema.ts";

/** Dashboard extensions on one list. */
const mostItems = 500;

const url = z.string().trim().min(1).max(2_000);
const safeItem = z.object({ url, allow_full_data: flag.default(false), prompt_needed: flag.default(true) });
const blockItem = z.object({ url });

const siteSchema = z.object({
  extensions_enabled: flag.optional(),
  allow_sandboxed: flag.optional(),
  safe_list_items: z.array(safeItem).max(mostItems).optional(),
});

const serverSchema = z.object({
  extensions_enabled: flag.optional(),
  block_list_items: z.array(blockItem).max(mostItems).optional(),
});

const site = "/api/-/settings/site/extensions/dashboard";
const server = "/api/-/settings/server/extensions/dashboard";
const bySite = { jwt: "never", role: "siteAdministrator" } as const;
const byServer = { jwt: "never", role: "serverAdministrator", edition: "server" } as const;

/**
 * Which dashboard extensions run, as clients for REST API 3.20 and older ask and set it (Tableau REST reference,
 * "Dashboard Extensions Settings Methods"): the same settings that `/settings/extensions` shows since 3.21.
 */
export const dashboardRoutes: readonly JsonRoute[] = [
  { ...bySite, method: "GET", path: site, body: "none", handle: (call) => json(siteSettings(call)) },
  { ...bySite, method: "PUT", path: site, body: "json", handle: updateSite },
  { ...byServer, method: "GET", path: server, body: "none", handle: (call) => json(serverSettings(call)) },
  { ...byServer, method: "PUT", path: server, body: "json", handle: updateServer },
  ...listRoutes({
    access: bySite,
    path: `${site}/safeListItems`,
    name: "safe_list_items",
    schema: safeItem.transform(safeOf),
    items: ({ session }) => session.site.settings.extensions.safeList,
    addressOf: (item) => item.url,
    write: writeSafe,
  }),
  ...listRoutes({
    access: byServer,
    path: `${server}/blockListItems`,
    name: "block_list_items",
    schema: blockItem.transform((item) => item.url),
    items: ({ world }) => world.extensions.blockList,
    addressOf: (item) => item,
    write: writeBlocked,
  }),
];

/** A list of dashboard extensions; what is on it has an id that follows from its address. */
type Listed<Item> = {
  access: typeof bySite | typeof byServer;
  path: string;
  name: string;
  schema: z.ZodType<Item>;
  items: (call: JsonCall) => Item[];
  addressOf: (item: Item) => string;
  write: (item: Item) => object;
};

function listRoutes<Item>({ access, path, name, schema, items, addressOf, write }: Listed<Item>): JsonRoute[] {
  const one = `${path}/{itemId}`;
  return [
    { ...access, method: "GET", path, body: "none", handle: (call) => json({ [name]: items(call).map(write) }) },
    { ...access, method: "POST", path, body: "json", handle: (call) => put(call, items(call).length) },
    {
      ...access,
      method: "GET",
      path: one,
      body: "none",
      handle: (call) => atItem(call, (item) => json(write(item))),
    },
    {
      ...access,
      method: "PUT",
      path: one,
      body: "json",
      handle: (call) => atItem(call, (_, index) => put(call, index)),
    },
    {
      ...access,
      method: "DELETE",
      path: one,
      body: "none",
      handle: (call) =>
        atItem(call, (_, index) => {
          items(call).splice(index, 1);
          return json({});
        }),
    },
  ];

  function atItem(call: JsonCall, act: (item: Item, index: number) => JsonReply | Refusal): JsonReply | Refusal {
    const { itemId = "" } = call.parameters;
    const index = items(call).findIndex((item) => itemIdOf(addressOf(item)) === itemId.toLowerCase());
    const item = items(call)[index];
    return item === undefined ? refuse("404003", `There is no extension '${itemId}' on this list.`) : act(item, index);
  }

  function put(call: JsonCall, index: number): JsonReply | Refusal {
    const item = read(schema, call.content);
    if (isRefusal(item)) return item;
    const list = items(call);
    const isTaken = list.some((other, at) => at !== index && addressOf(other) === addressOf(item));
    if (isTaken) return refuse("400003", `'${addressOf(item)}' is on this list already.`);
    if (index >= mostItems) return refuse("400003", `There are at most ${mostItems} extensions on this list.`);
    list[index] = item;
    return json(write(item));
  }
}

function updateSite(call: JsonCall): JsonReply | Refusal {
  const request = read(siteSchema, call.content);
  if (isRefusal(request)) return request;
  const { extensions } = call.session.site.settings;
  extensions.extensionsEnabled = request.extensions_enabled ?? extensions.extensionsEnabled;
  extensions.includeSandboxed = request.allow_sandboxed ?? extensions.includeSandboxed;
  extensions.safeList = request.safe_list_items?.map(safeOf) ?? extensions.safeList;
  return json(siteSettings(call));
}

function updateServer(call: JsonCall): JsonReply | Refusal {
  const request = read(serverSchema, call.content);
  if (isRefusal(request)) return request;
  const { extensions } = call.world;
  extensions.isEnabled = request.extensions_enabled ?? extensions.isEnabled;
  extensions.blockList = request.block_list_items?.map((item) => item.url) ?? extensions.blockList;
  return json(serverSettings(call));
}

function siteSettings({ session }: JsonCall) {
  const { extensionsEnabled, includeSandboxed, safeList } = session.site.settings.extensions;
  return {
    extensions_enabled: extensionsEnabled,
    allow_sandboxed: includeSandboxed,
    safe_list_items: safeList.map(writeSafe),
  };
}

function serverSettings({ world: { extensions } }: JsonCall) {
  return { extensions_enabled: extensions.isEnabled, block_list_items: extensions.blockList.map(writeBlocked) };
}

function safeOf(written: z.output<typeof safeItem>): SafeExtension {
  return { url: written.url, fullDataAllowed: written.allow_full_data, promptNeeded: written.prompt_needed };
}

function writeSafe({ url, fullDataAllowed, promptNeeded }: SafeExtension) {
  return {
    safe_list_item_luid: itemIdOf(url),
    url,
    allow_full_data: fullDataAllowed,
    prompt_needed: promptNeeded,
  };
}

function writeBlocked(url: string) {
  return { url, block_list_item_luid: itemIdOf(url) };
}

function itemIdOf(url: string): string {
  return luidOf("dashboard extension", url);
}
