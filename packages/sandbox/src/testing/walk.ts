import * as z from "zod";
import type { Route } from "../rest/route.ts";

/** Reads an address below `/api/{version}`, as JSON. */
export type Read = (path: string) => Promise<Response>;

/** One address of a GET route, with the ids of things that are there. */
export type Address = { template: string; path: string };

/** As many things of one list are looked at: the first, the last and some between. */
const mostOfList = 5;

/** Where the ids in a path come from, when the part before them is no list of its own or lists something else. */
const listsElsewhere: Record<string, string> = {
  "/sites": "/sites",
  "/sessions": "/sessions",
};

/** Finds addresses for every GET route: each `{id}` is taken from the list that the path before it answers. */
export function openWalk(routes: readonly Route[], siteId: string, read: Read) {
  const lists = new Map<string, Promise<string[]>>();

  async function keysOf(path: string, parameter: string): Promise<string[]> {
    const known = lists.get(`${path} ${parameter}`) ?? readKeys(path, parameter);
    lists.set(`${path} ${parameter}`, known);
    return known;
  }

  async function readKeys(path: string, parameter: string): Promise<string[]> {
    const answer = await read(path.includes("?") ? path : `${path}?pageSize=1000`);
    if (!answer.ok) return [];
    const keys = findKeys(await answer.json(), parameter);
    return spread(keys, mostOfList);
  }

  async function addressesOf(route: Route): Promise<Address[]> {
    let paths = [""];
    let template = "";
    for (const part of route.template.split("/").slice(1)) {
      const [, parameter] = /^\{(\w+)\}$/.exec(part) ?? [];
      const before = template;
      template += `/${part}`;
      if (parameter === undefined) paths = paths.map((path) => `${path}/${part}`);
      else if (parameter === "siteId" || before === "/sites") paths = paths.map((path) => `${path}/${siteId}`);
      else {
        const source = listsElsewhere[before];
        const next: string[] = [];
        for (const path of paths) {
          const list = source === undefined ? path : source.replace("{siteId}", siteId);
          for (const key of await keysOf(list, parameter)) next.push(`${path}/${encodeURIComponent(key)}`);
        }
        paths = spread(next, mostOfList);
      }
    }
    return paths.map((path) => ({ template: route.template, path }));
  }

  return {
    /** The addresses of every GET route, by its template; none where nothing on the site has one. */
    async all(): Promise<Map<string, Address[]>> {
      const found = new Map<string, Address[]>();
      for (const route of routes) if (route.method === "GET") found.set(route.template, await addressesOf(route));
      return found;
    },
  };
}

const record = z.record(z.string(), z.unknown());

/** The ids (or numbers, names) of the items of the first list in an answer. */
function findKeys(answer: unknown, parameter: string): string[] {
  for (const [name, part] of Object.entries(record.parse(answer))) {
    if (name === "pagination") continue;
    const items = Array.isArray(part) ? part : firstArray(part);
    return items.flatMap((item) => keyOf(item, parameter) ?? []);
  }
  return [];
}

function firstArray(value: unknown): unknown[] {
  const parsed = record.safeParse(value);
  return parsed.success ? (Object.values(parsed.data).find((part) => Array.isArray(part)) ?? []) : [];
}

function keyOf(item: unknown, parameter: string): string | undefined {
  const parsed = record.safeParse(item);
  if (!parsed.success) return undefined;
  const name = /revision/i.test(parameter) ? "revisionNumber" : "id";
  const key =
    parsed.data[name] ??
    Object.values(parsed.data)
      .map((part) => record.safeParse(part).data?.id)
      .find(Boolean);
  return key === undefined ? undefined : String(key);
}

function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from(
    { length: most },
    (_none, index) => items[Math.floor((index * (items.length - 1)) / (most - 1))],
  ).flatMap((item) => item ?? []);
}
