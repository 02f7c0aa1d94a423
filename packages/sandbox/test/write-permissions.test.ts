import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import type { Route } from "../src/rest/route.ts";
import { routes } from "../src/rest/table.ts";
import { openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../src/testing/client.ts";

/**
 * Every route that writes to content is tried on content that its caller may see and no more: by a Viewer, and by a
 * Creator in no group, whose site role would let them do all of it. A new route is in the list by itself.
 */
let sandbox: TestSandbox;
let ana: SignedIn;
let callers: { name: string; session: SignedIn }[];
/** One thing of each sort, by the path before its id. */
let things: Map<string, string>;
/** What stands for the other parameters of a path. */
let parameters: Record<string, string>;
let body: string;

/** What whoever sees content may do (Tableau help, "Add tags"; a tag that is not there can't be removed). */
const forReaders = /\/tags(\/\{tag\})?$/;

const paths = [
  ...["projects", "workbooks", "views", "datasources", "flows", "virtualConnections", "databases", "tables"],
  ...["customviews", "flows/runs", "tasks/extractRefreshes", "tasks/runFlow", "tasks/linked", "subscriptions"],
  "dataAlerts",
];

type SessionRoute = Extract<Route, { kind: "session" }>;

/** The routes that name content in their path and change it, or what hangs on it. */
const writing = routes.filter((route): route is SessionRoute => {
  if (route.kind !== "session" || route.method === "GET" || route.edition === "server") return false;
  return contentPathOf(route.template) !== undefined && !forReaders.test(route.template);
});

/** `flows/runs` in `/sites/{siteId}/flows/runs/{id}`. */
function contentPathOf(template: string): string | undefined {
  const [, path = ""] = /^\/sites\/\{siteId\}\/([^{]+)\/\{id\}/.exec(template) ?? [];
  return paths.find((known) => known === path);
}

const personSchema = z.object({ pat: z.object({ name: z.string(), secret: z.string() }) });
const found = z.record(z.string(), z.unknown());

/** The first thing in a list, whichever way it is written. */
async function firstIn(session: SignedIn, path: string): Promise<Record<string, unknown>> {
  const answer = found.parse(await (await session.onSite(`/${path}`)).json());
  const [list] = Object.entries(answer).filter(([name]) => name !== "pagination");
  const [items] = Object.values(found.parse(list?.[1])).filter(Array.isArray);
  const [item] = z.array(found).parse(items);
  if (item === undefined) throw new Error(`There is nothing in ${path}.`);
  // A task stands inside an element that says what it is for.
  return item.id === undefined ? found.parse(Object.values(item)[0]) : item;
}

beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  const made = await sandbox.make("people", { name: "cleo@acme.example", siteRole: "Creator" });
  const { pat } = personSchema.parse(await made.json());
  const cleo = await sandbox.as({ personalAccessTokenName: pat.name, personalAccessTokenSecret: pat.secret });
  callers = [
    { name: "a Viewer", session: await sandbox.viewer() },
    { name: "a Creator", session: cleo },
  ];
  // What both see; tasks and the like are listed only to those whose they are.
  const seen = paths.slice(0, 8);
  things = new Map();
  for (const path of paths) {
    const { id } = await firstIn(seen.includes(path) ? cleo : ana, path);
    things.set(path, String(id));
  }
  const group = await pageOf(await ana.onSite("/groups?filter=name:eq:All+Users"), "groups", "group");
  const table = things.get("tables");
  parameters = {
    granteeId: String(group.items[0]?.id),
    ...{ capability: "Read", mode: "Allow", contentType: "workbooks", number: "1", userId: ana.user.id },
    columnId: String((await firstIn(ana, `tables/${table}/columns`)).id),
  };
  body = everything(cleo.user.id);
});
afterAll(() => sandbox.close());

/** One request that is right for each of the routes: each reads of it what it knows. */
function everything(user: string): string {
  const described = ["project", "workbook", "datasource", "flow", "database", "table", "column"];
  const capability = '<capabilities><capability name="Read" mode="Allow"/></capabilities>';
  const parts = [
    ...described.map((element) => `<${element} description="changed"/>`),
    '<virtualConnection certificationNote="changed"/><customView name="changed"/><connection userName="changed"/>',
    "<connectionLUIDs><connectionLUID>none</connectionLUID></connectionLUIDs>",
    `<permissions><granteeCapabilities><user id="${user}"/>${capability}</granteeCapabilities></permissions>`,
    `<user id="${user}"/><users><user id="${user}"/></users>`,
    '<subscription subject="changed"/><dataAlert subject="changed"/>',
  ];
  return `<tsRequest>${parts.join("")}</tsRequest>`;
}

function addressOf(template: string): string {
  const path = contentPathOf(template) ?? "";
  const withId = template.replace("/sites/{siteId}", "").replace("{id}", things.get(path) ?? "");
  return withId.replaceAll(/\{(\w+)\}/g, (_braces, name: string) => parameters[name] ?? "none");
}

/** What administrators see of everything that is written to. */
async function snapshot(): Promise<Map<string, unknown>> {
  const shown = new Map<string, unknown>();
  for (const path of [
    "workbooks",
    "datasources",
    "flows",
    "virtualConnections",
    "databases",
    "tables",
    "customviews",
  ]) {
    const address = `/${path}/${things.get(path)}`;
    shown.set(path, await (await ana.onSite(address)).json());
    if (path === "customviews") continue;
    shown.set(`${path} permissions`, await (await ana.onSite(`${address}/permissions`)).json());
  }
  return shown;
}

describe("content that one may only see", () => {
  test("is in the routes that are tried here", () => {
    expect(writing.length).toBeGreaterThan(70);
    expect(new Set(writing.map(({ template }) => contentPathOf(template)))).toEqual(new Set(paths));
  });

  test("is changed by no route, and stays as it was", async () => {
    const before = await snapshot();
    const notRefused: string[] = [];
    for (const { name, session } of callers) {
      for (const { method, template, body: kind } of writing) {
        const init = { method, ...(kind === "none" ? {} : { body, headers: { requestid: "tried" } }) };
        const { status } = await session.onSite(addressOf(template), init);
        if (status !== 403) notRefused.push(`${name}: ${method} ${template} was answered ${status}`);
      }
    }
    expect(notRefused).toEqual([]);
    expect(await snapshot()).toEqual(before);
  });
});
