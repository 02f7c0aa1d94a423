import * as z from "zod";
import type { Edition } from "../edition.ts";
import type { Route } from "../rest/route.ts";

/** One address of a GET route, below `/api/{version}`, with the ids of things that are there. */
export type Address = { template: string; path: string };

export type Walked = {
  edition: Edition;
  siteId: string;
  /** Reads an address below `/api/{version}`, as JSON. */
  read: (path: string) => Promise<Response>;
  /** Ids of things that no list shows, by the part of a template before them. */
  known?: Record<string, string[]>;
};

/** The routes whose answers are files, pictures or text and not elements. */
export const answersBytes = /\/(content|data|excel|image|pdf|powerpoint|previewImage)$/;

/** As many things of one list are looked at: the first, the last and some between. */
const mostOfList = 5;

const site = "/sites/{siteId}";

/** Where the values in a path come from, where the part before them is no list or lists something else. */
const listsElsewhere: Record<string, string> = {
  [`${site}/favorites`]: `${site}/users`,
  [`${site}/dataQualityWarnings/{contentType}`]: `${site}/datasources`,
  [`${site}/dataQualityCertification/{contentType}`]: `${site}/datasources`,
  [`${site}/dataQualityTriggers/{contentType}`]: `${site}/datasources`,
  [`${site}/schedules`]: "/schedules",
};

/** The values that a part of a path takes, where they are words. */
const words: Record<string, readonly string[]> = {
  [`${site}/projects/{id}/default-permissions`]: ["workbooks", "datasources", "flows", "databases", "tables"],
  [`${site}/dataQualityWarnings`]: ["datasource"],
  [`${site}/dataQualityCertification`]: ["datasource"],
  [`${site}/dataQualityTriggers`]: ["datasource"],
};

/**
 * Finds addresses for every GET route of an edition, by its template: each `{id}` is taken from the list that the path
 * before it answers. None where nothing on the site has one.
 */
export async function walk(routes: readonly Route[], walked: Walked): Promise<Map<string, Address[]>> {
  const lists = new Map<string, Promise<string[]>>();
  const found = new Map<string, Address[]>();
  for (const route of routes) {
    const isOffered = route.edition === undefined || route.edition === walked.edition;
    if (route.method === "GET" && isOffered) found.set(route.template, await addressesOf(route.template));
  }
  return found;

  async function addressesOf(template: string): Promise<Address[]> {
    let paths = [""];
    let before = "";
    for (const part of template.split("/").slice(1)) {
      const [, parameter] = /^\{(\w+)\}$/.exec(part) ?? [];
      if (parameter === undefined) paths = paths.map((path) => `${path}/${part}`);
      else if (before === "/sites") paths = paths.map((path) => `${path}/${walked.siteId}`);
      else paths = spread(await following(paths, before, parameter));
      before += `/${part}`;
    }
    return paths.map((path) => ({ template, path }));
  }

  async function following(paths: readonly string[], before: string, parameter: string): Promise<string[]> {
    const next: string[] = [];
    for (const path of paths) {
      for (const value of await valuesOf(path, before, parameter)) next.push(`${path}/${encodeURIComponent(value)}`);
    }
    return next;
  }

  async function valuesOf(path: string, before: string, parameter: string): Promise<readonly string[]> {
    if (parameter === "contentType") return words[before] ?? [];
    const known = walked.known?.[before];
    if (known !== undefined) return known;
    const list = listsElsewhere[before]?.replace("{siteId}", walked.siteId) ?? path;
    const values = lists.get(`${list} ${parameter}`) ?? read(list, parameter);
    lists.set(`${list} ${parameter}`, values);
    return values;
  }

  async function read(list: string, parameter: string): Promise<string[]> {
    const answer = await walked.read(`${list}?pageSize=1000`);
    return answer.ok ? spread(keysOf(await answer.json(), parameter)) : [];
  }
}

const record = z.record(z.string(), z.unknown());

/** The ids (or numbers, or names) of the items of the list in an answer. */
function keysOf(answer: unknown, parameter: string): string[] {
  for (const [name, part] of Object.entries(record.parse(answer))) {
    if (name !== "pagination") return itemsOf(part).flatMap((item) => keyOf(item, parameter) ?? []);
  }
  return [];
}

function itemsOf(list: unknown): unknown[] {
  if (Array.isArray(list)) return list;
  return Object.values(record.catch({}).parse(list)).find(Array.isArray) ?? [];
}

function keyOf(item: unknown, parameter: string): string | undefined {
  const fields = record.catch({}).parse(item);
  const names = /^(number|revision)/.test(parameter) ? ["revisionNumber"] : [parameter, "id"];
  // A task stands inside an element that says what it is for.
  const wrapped = Object.values(fields).map((part) => record.catch({}).parse(part).id);
  const key = [...names.map((name) => fields[name]), ...wrapped].find((value) => value !== undefined);
  return key === undefined ? undefined : String(key);
}

function spread<Item>(items: readonly Item[]): Item[] {
  if (items.length <= mostOfList) return [...items];
  const step = (items.length - 1) / (mostOfList - 1);
  return items.filter((_item, index) => Math.round(Math.round(index / step) * step) === index);
}
