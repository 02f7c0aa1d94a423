import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import {
  errorOf,
  labelsOf,
  objectOf,
  openTestSandbox,
  pageOf,
  type SignedIn,
  type TestSandbox,
} from "../../testing/client.ts";
import { seeded } from "../../testing/publishing.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const idSchema = z.looseObject({ id: z.string(), name: z.string() });

const databasesSchema = z.object({
  data: z.object({
    databases: z.array(z.object({ luid: z.string(), tables: z.array(z.object({ luid: z.string() })) })),
  }),
});

const put = (body: string) => ({ method: "PUT", body: `<tsRequest>${body}</tsRequest>` });
const post = (body: string) => ({ ...put(body), method: "POST" });

async function listed(path: "databases" | "tables", query = "?pageSize=1000", session = ana) {
  const { items, pagination } = await pageOf(await session.onSite(`/${path}${query}`), path, path.slice(0, -1));
  return { items: items.map((item) => idSchema.parse(item)), total: Number(pagination?.totalAvailable) };
}

async function first(path: "databases" | "tables", query?: string) {
  const { items } = await listed(path, query);
  const [item] = items;
  if (item === undefined) throw new Error(`There are no ${path}.`);
  return item;
}

async function columnsOf(tableId: string) {
  const { items } = await pageOf(await ana.onSite(`/tables/${tableId}/columns`), "columns", "column");
  return items.map((item) => idSchema.parse(item));
}

describe("databases and tables", () => {
  test.each(["databases", "tables"] as const)("%s are listed by pages, without gaps and repetitions", async (path) => {
    const all = await listed(path);
    expect(all.total).toBe(all.items.length);
    const paged: string[] = [];
    for (let page = 1; paged.length < all.total; page++) {
      const { items } = await listed(path, `?pageSize=7&pageNumber=${page}`);
      expect(items.length).toBeGreaterThan(0);
      paged.push(...items.map(({ id }) => id));
    }
    expect(paged).toEqual(all.items.map(({ id }) => id));
    expect(new Set(paged).size).toBe(all.total);
  });

  test("are found by what they are", async () => {
    const { items } = await listed("databases", "?filter=connectionType:eq:postgres&pageSize=1000");
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) expect(item).toMatchObject({ connectionType: "postgres", type: "DatabaseServer" });
  });

  test("are seen by everyone, and changed by administrators and contacts alone", async () => {
    const victor = await sandbox.viewer();
    const { id } = await first("databases");
    expect((await listed("databases", undefined, victor)).total).toBe((await listed("databases")).total);
    expect(await errorOf(await victor.onSite(`/databases/${id}`, put("<database/>")))).toMatchObject({
      code: "403004",
    });
    const eli = await sandbox.newcomer("ExplorerCanPublish");
    const change = put('<database description="mine"/>');
    expect(await errorOf(await eli.onSite(`/databases/${id}`, change))).toMatchObject({ code: "403004" });
    await ana.onSite(`/databases/${id}`, put(`<database><contact id="${eli.user.id}"/></database>`));
    const changed = await objectOf(await eli.onSite(`/databases/${id}`, change), "database");
    expect(changed).toMatchObject({ description: "mine", contact: { id: eli.user.id } });
  });

  test.each(["database", "table"] as const)(
    "a %s is described and certified, and keeps what a request leaves out",
    async (kind) => {
      const { id } = await first(`${kind}s`, "?pageSize=1&pageNumber=2");
      const certify = put(`<${kind} isCertified="True" certificationNote="Looked at." description="Orders."/>`);
      await ana.onSite(`/${kind}s/${id}`, certify);
      const noted = await objectOf(
        await ana.onSite(`/${kind}s/${id}`, put(`<${kind} certificationNote="Twice."/>`)),
        kind,
      );
      expect(noted).toMatchObject({
        id,
        isCertified: true,
        certificationNote: "Twice.",
        description: "Orders.",
        certifier: { id: ana.user.id },
      });
      expect(await objectOf(await ana.onSite(`/${kind}s/${id}`), kind)).toEqual(noted);
      const nobody = put(`<${kind}><contact id="00000000-0000-4000-8000-000000000000"/></${kind}>`);
      expect(await errorOf(await ana.onSite(`/${kind}s/${id}`, nobody))).toMatchObject({ code: "404002" });
    },
  );

  test("are moved to another project, all of a request or none", async () => {
    const { id: projectId } = await seeded(ana, "projects", "Finance");
    const { items } = await listed("tables", "?pageSize=2");
    const move = (ids: string[]) => {
      const resources = ids.map((id) => `<resource id="${id}"/>`).join("");
      const location = `<location id="${projectId}" type="Project"/>`;
      const request = `${location}<resourceList>${resources}</resourceList>`;
      return ana.onSite("/tables", post(`<contentLocationRequest>${request}</contentLocationRequest>`));
    };
    const placeOf = async (id: string) => (await objectOf(await ana.onSite(`/tables/${id}`), "table")).location;
    const ids = items.map(({ id }) => id);
    const before = await Promise.all(ids.map(placeOf));
    expect(await errorOf(await move([...ids, projectId]))).toMatchObject({ code: "404028" });
    expect(await Promise.all(ids.map(placeOf))).toEqual(before);
    expect(await objectOf(await move(ids), "contentLocation")).toMatchObject({ id: projectId });
    for (const place of await Promise.all(ids.map(placeOf))) expect(place).toMatchObject({ id: projectId });
  });

  test("are gone once they are deleted, a database with its tables", async () => {
    const query = "{ databases(orderBy: { field: NAME, direction: DESC }) { luid tables { luid } } }";
    const asked = databasesSchema.parse(await (await ana.ask("/api/metadata/graphql", "POST", { query })).json());
    const deleted = asked.data.databases.find(({ tables }) => tables.length > 0);
    expect((await ana.onSite(`/databases/${deleted?.luid}`, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await ana.onSite(`/databases/${deleted?.luid}`))).toMatchObject({ code: "404032" });
    const left = [...(await listed("databases")).items, ...(await listed("tables")).items].map(({ id }) => id);
    for (const { luid } of [{ luid: deleted?.luid }, ...(deleted?.tables ?? [])]) expect(left).not.toContain(luid);
  });
});

describe("columns", () => {
  test("of a table are listed, described, tagged and removed", async () => {
    const table = await first("tables", "?pageSize=1&pageNumber=3");
    const [column, ...others] = await columnsOf(table.id);
    const path = `/tables/${table.id}/columns/${column?.id}`;
    expect(await objectOf(await ana.onSite(path), "column")).toEqual(column);
    const described = await objectOf(await ana.onSite(path, put('<column description="Euros"/>')), "column");
    expect(described).toMatchObject({ id: column?.id, description: "Euros", parentTableId: table.id });
    const tags = put('<tags><tag label="gold"/><tag label="pii"/></tags>');
    const tagged = await objectOf(await ana.onSite(`/columns/${column?.id}/tags`, tags), "tags");
    expect(labelsOf(tagged)).toEqual(["gold", "pii"]);
    expect((await ana.onSite(`/columns/${column?.id}/tags/gold`, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await ana.onSite(`/columns/${column?.id}/tags/gold`, { method: "DELETE" }))).toMatchObject({
      code: "404007",
    });
    expect(labelsOf((await objectOf(await ana.onSite(path), "column")).tags)).toEqual(["pii"]);
    expect((await ana.onSite(path, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await ana.onSite(path))).toMatchObject({ code: "404042" });
    expect((await columnsOf(table.id)).map(({ id }) => id)).toEqual(others.map(({ id }) => id));
  });

  test("are those of their table only", async () => {
    const { items } = await listed("tables", "?pageSize=2&pageNumber=3");
    const [one, other] = items;
    const [column] = await columnsOf(one?.id ?? "");
    expect(await errorOf(await ana.onSite(`/tables/${other?.id}/columns/${column?.id}`))).toMatchObject({
      code: "404042",
    });
  });
});

describe("what is behind a connection", () => {
  const lookUp = (xml: string) =>
    ana.onSite(
      "/databaseAndTables/lookup",
      post(`<databaseAnchor><connectionParams base64xml="${Buffer.from(xml).toString("base64")}"/></databaseAnchor>`),
    );

  test("is found by its server and its database's name", async () => {
    const { items } = await listed("databases");
    const server = items.find(({ hostName }) => hostName !== undefined);
    const found = await objectOf(
      await lookUp(
        `<datasource><connection class="x" server="${server?.hostName}" dbname="${server?.name}"/></datasource>`,
      ),
      "databaseAnchors",
    );
    const anchors = z.array(z.looseObject({ id: z.string() })).parse(found.databaseAnchor);
    expect(anchors.map(({ id }) => id)).toEqual([server?.id]);
  });

  test.each(["", "<connection", "<connection server='nowhere.example'/>", "\u0000<a>"])(
    "is nothing for %j",
    async (xml) => {
      expect(await errorOf(await lookUp(xml))).toMatchObject({ code: expect.stringMatching(/^40[04]/) });
    },
  );
});
