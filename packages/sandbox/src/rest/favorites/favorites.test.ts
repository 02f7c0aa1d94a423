import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let elif: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  [ana, elif] = [await sandbox.administrator(), await sandbox.explorer()];
});
afterAll(() => sandbox.close());

const itemSchema = z.object({ id: z.string() }).optional();
const favoritesSchema = z.object({
  favorite: z
    .array(z.object({ label: z.string(), position: z.string(), workbook: itemSchema, view: itemSchema }).loose())
    .default([]),
});

const of = (id: string) => `/favorites/${id}`;
const read = async (answer: Response) => favoritesSchema.parse(await objectOf(answer, "favorites")).favorite;
const labels = async (session: SignedIn) =>
  (await read(await session.onSite(of(session.user.id)))).map(({ label }) => label);
const add = (session: SignedIn, label: string, inner: string, user = session.user.id) =>
  session.onSite(of(user), {
    method: "PUT",
    body: `<tsRequest><favorite label="${label}">${inner}</favorite></tsRequest>`,
  });
const remove = (session: SignedIn, path: string) =>
  session.onSite(`${of(session.user.id)}/${path}`, { method: "DELETE" });
const ids = async (path: string, element: string) =>
  (await pageOf(await elif.onSite(`/${path}`), path, element)).items.map(({ id }) => String(id));
const codeOf = async (answer: Promise<Response>) => (await errorOf(await answer)).code;

describe("the favorites of a user", () => {
  test("are there from the start, for the people with credentials", async () => {
    for (const session of [ana, elif]) expect((await labels(session)).length).toBeGreaterThan(2);
  });

  test("are added for each kind, keep their labels and their order, and are removed", async () => {
    const start = await labels(elif);
    for (const [path, element] of [
      ["workbooks", "workbook"],
      ["views", "view"],
      ["datasources", "datasource"],
      ["projects", "project"],
      ["flows", "flow"],
    ] as const) {
      const id = (await ids(path, element)).at(-1) ?? "";
      const before = await labels(elif);
      const after = await read(await add(elif, `My ${element}`, `<${element} id="${id}"/>`));
      expect(after.map(({ label }) => label)).toEqual([...before, `My ${element}`]);
      expect(after.at(-1)).toMatchObject({ position: String(before.length), [element]: { id } });
      expect((await remove(elif, `${path}/${id}`)).status).toBe(204);
      expect(await codeOf(remove(elif, `${path}/${id}`))).toBe("404010");
    }
    expect(await labels(elif)).toEqual(start);
  });

  test("can be given another label by adding them again, but no two of a kind share one", async () => {
    const [one = "", other = ""] = (await ids("workbooks", "workbook")).slice(-2);
    await add(elif, "First", `<workbook id="${one}"/>`);
    await add(elif, "Renamed", `<workbook id="${one}"/>`);
    expect(await codeOf(add(elif, "Renamed", `<workbook id="${other}"/>`))).toBe("409007");
    expect((await labels(elif)).filter((label) => label === "First" || label === "Renamed")).toEqual(["Renamed"]);
    await remove(elif, `workbook/${one}`);
  });

  test("are put in another order", async () => {
    const [one = "", two = "", three = ""] = (await ids("workbooks", "workbook")).slice(-3);
    for (const [label, id] of Object.entries({ one, two, three })) await add(elif, label, `<workbook id="${id}"/>`);
    const ordering = `favoriteId="${three}" favoriteType="workbook" favoriteIdMoveAfter="${one}" favoriteTypeMoveAfter="workbook"`;
    const body = `<tsRequest><favoriteOrderings><favoriteOrdering ${ordering}/></favoriteOrderings></tsRequest>`;
    expect((await elif.onSite(`/orderFavorites/${elif.user.id}`, { method: "PUT", body })).status).toBe(204);
    expect((await labels(elif)).slice(-3)).toEqual(["one", "three", "two"]);
  });

  test("are refused without a label or an item, for what is not there or hidden, and to others", async () => {
    const [id = ""] = await ids("workbooks", "workbook");
    const hidden = await pageOf(await ana.onSite("/workbooks?filter=name:eq:Board+Pack"), "workbooks", "workbook");
    expect(await codeOf(add(elif, " ", `<workbook id="${id}"/>`))).toBe("400005");
    expect(await codeOf(add(elif, "A", ""))).toBe("400000");
    expect(await codeOf(add(elif, "A", `<workbook id="${id}"/><view id="${id}"/>`))).toBe("400000");
    expect(await codeOf(add(elif, "A", '<workbook id="nothing"/>'))).toBe("404006");
    expect(await codeOf(add(elif, "A", '<view id="nothing"/>'))).toBe("404011");
    expect(await codeOf(add(elif, "A", `<workbook id="${hidden.items[0]?.id}"/>`))).toBe("403004");
    expect(await codeOf(elif.onSite(of(ana.user.id)))).toBe("403004");
    expect(await codeOf(add(elif, "A", `<workbook id="${id}"/>`, ana.user.id))).toBe("403004");
    expect((await ana.onSite(of(elif.user.id))).status).toBe(200);
    expect(await codeOf(ana.onSite(of("nobody")))).toBe("404002");
    expect(await codeOf(remove(elif, `colours/${id}`))).toBe("404003");
  });

  test("are counted where content is filtered by them, and forget what is deleted", async () => {
    const create = await ana.onSite("/projects", {
      method: "POST",
      body: '<tsRequest><project name="Liked"/></tsRequest>',
    });
    const { id } = await objectOf(create, "project");
    await add(ana, "Liked", `<project id="${id}"/>`);
    const liked = await ana.onSite("/projects?filter=favoritesTotal:gte:1,name:eq:Liked&fields=id,favoritesTotal");
    expect((await pageOf(liked, "projects", "project")).items).toEqual([{ id, favoritesTotal: "1" }]);
    await ana.onSite(`/projects/${id}`, { method: "DELETE" });
    expect(await labels(ana)).not.toContain("Liked");
  });
});
