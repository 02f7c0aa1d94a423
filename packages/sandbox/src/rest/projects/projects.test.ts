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

const list = async (query: string, session = ana) =>
  (await pageOf(await session.onSite(`/projects?${query}`), "projects", "project")).items;
const named = async (name: string) => (await list(`filter=name:eq:${encodeURIComponent(name)}`))[0];
const send = (method: string, path: string, attributes: string, inner = "", session = ana) =>
  session.onSite(path, { method, body: `<tsRequest><project ${attributes}>${inner}</project></tsRequest>` });
const create = (attributes: string, session = ana) =>
  send("POST", "/projects?publishSamples=False", attributes, "", session);
const made = async (attributes: string) => String((await objectOf(await create(attributes), "project")).id);
const update = async (id: string, attributes: string, inner = "", session = ana) =>
  send("PUT", `/projects/${id}`, attributes, inner, session);
const remove = (id: unknown, session = ana) => session.onSite(`/projects/${id}`, { method: "DELETE" });
const codeOf = async (answer: Promise<Response>) => (await errorOf(await answer)).code;

describe("the projects of a site", () => {
  test("are more than forty, nested, and found by parent, level, owner and name", async () => {
    const all = await list("fields=_all_");
    expect(all.length).toBeGreaterThan(40);
    const sales = all.find(({ name }) => name === "Sales");
    const top = await list("filter=topLevelProject:eq:true&fields=_all_");
    expect(top.map(({ id }) => id)).toEqual(all.filter((one) => one.parentProjectId === undefined).map(({ id }) => id));
    const nested = await list(`filter=parentProjectId:eq:${sales?.id}`);
    expect(nested.map(({ name }) => name)).toEqual(expect.arrayContaining(["West", "East", "Canada"]));
    expect(await list("filter=ownerEmail:eq:nobody@acme.example")).toEqual([]);
    const sorted = (await list("sort=name:asc")).map(({ name }) => String(name));
    expect(sorted).toEqual([...sorted].sort());
  });

  test("count what they hold, and say whether one may publish to them", async () => {
    const [sales] = await list("filter=name:eq:Sales&fields=id,writeable,contentsCounts");
    const holding = async (path: string, element: string) =>
      (await pageOf(await ana.onSite(`/${path}?filter=projectName:eq:Sales`), path, element)).pagination
        ?.totalAvailable;
    expect(sales).toMatchObject({
      writeable: true,
      contentsCounts: {
        projectCount: String((await list(`filter=parentProjectId:eq:${sales?.id}`)).length),
        workbookCount: await holding("workbooks", "workbook"),
        viewCount: await holding("views", "view"),
      },
    });
    expect((await list("filter=name:eq:Sales&fields=writeable", elif))[0]).toEqual({ writeable: false });
  });

  test("have no address of their own for reading", async () => {
    expect(await codeOf(ana.onSite(`/projects/${(await named("Sales"))?.id}`))).toBe("405000");
  });
});

describe("updating a project", () => {
  test("changes what is sent and leaves the rest", async () => {
    const id = await made('name="Before" description="Old"');
    const updated = await objectOf(await update(id, 'name="After"'), "project");
    expect(updated).toMatchObject({ id, name: "After", description: "Old", contentPermissions: "ManagedByOwner" });
    const owned = await update(id, "", `<owner id="${elif.user.id}"/>`);
    expect(await objectOf(owned, "project")).toMatchObject({ owner: { id: elif.user.id } });
    expect(await codeOf(update(id, "", '<owner id="nobody"/>'))).toBe("404002");
    expect(await codeOf(update(id, 'contentPermissions="Nobodys"'))).toBe("400000");
    expect(await codeOf(update(id, 'id="other" name="A"'))).toBe("404009");
  });

  test("moves it, never into itself, and not where its name is taken", async () => {
    const outer = await made('name="Outer"');
    const inner = await made(`name="Inner" parentProjectId="${outer}"`);
    expect(await codeOf(update(outer, `parentProjectId="${inner}"`))).toBe("400003");
    expect(await codeOf(update(outer, `parentProjectId="${outer}"`))).toBe("400003");
    expect(await codeOf(update(inner, 'parentProjectId="nowhere"'))).toBe("404005");
    await made('name="inner"');
    expect(await codeOf(update(inner, 'parentProjectId=""'))).toBe("409006");
    const moved = await objectOf(await update(inner, 'parentProjectId="" name="Free"'), "project");
    expect(moved).not.toHaveProperty("parentProjectId");
  });

  test("nests a hundred deep and no deeper, also when what is nested is moved", async () => {
    let parent = await made('name="Deep"');
    const half = [];
    for (let depth = 2; depth <= 100; depth++) {
      parent = await made(`name="Deep ${depth}" parentProjectId="${parent}"`);
      half.push(parent);
    }
    expect(await codeOf(create(`name="Deeper" parentProjectId="${parent}"`))).toBe("400003");
    const chain = await made('name="Chain"');
    await made(`name="Link" parentProjectId="${chain}"`);
    expect(await codeOf(update(chain, `parentProjectId="${half.at(-2)}"`))).toBe("400003");
    expect((await update(chain, `parentProjectId="${half.at(-3)}"`)).status).toBe(200);
  });

  test("locks what is nested too, names who controls it, and gives its rules back when it is unlocked", async () => {
    const outer = await made('name="Lockable"');
    const inner = await made(`name="Nested" parentProjectId="${outer}"`);
    const of = async () => (await list("filter=name:eq:Nested"))[0];
    expect(await of()).not.toHaveProperty("controllingPermissionsProjectId");
    await update(outer, 'contentPermissions="LockedToProject"');
    expect(await of()).toMatchObject({ contentPermissions: "LockedToProject", controllingPermissionsProjectId: outer });
    const allow = '<capabilities><capability name="Write" mode="Allow"/></capabilities>';
    const grantee = `<granteeCapabilities><user id="${elif.user.id}"/>${allow}</granteeCapabilities>`;
    const body = `<tsRequest><permissions>${grantee}</permissions></tsRequest>`;
    await ana.onSite(`/projects/${outer}/permissions`, { method: "PUT", body });
    await update(outer, 'contentPermissions="ManagedByOwner"');
    const permissions = await objectOf(await ana.onSite(`/projects/${inner}/permissions`), "permissions");
    expect(JSON.stringify(permissions)).toContain(elif.user.id);
    expect(permissions).not.toHaveProperty("parent");
  });
});

describe("who may", () => {
  test("change projects: administrators, and those who lead them", async () => {
    const sandboxProject = await named("Sandbox");
    const inLed = await create(`name="Elif's" parentProjectId="${sandboxProject?.id}"`, elif);
    expect(inLed.status).toBe(201);
    const { id } = await objectOf(inLed, "project");
    expect((await update(String(id), 'name="Elif renamed it"', "", elif)).status).toBe(200);
    expect(await codeOf(update(String(id), 'parentProjectId=""', "", elif))).toBe("403004");
    expect((await remove(id, elif)).status).toBe(204);
    const sales = await named("Sales");
    expect(await codeOf(create(`name="A" parentProjectId="${sales?.id}"`, elif))).toBe("403045");
    expect(await codeOf(update(String(sales?.id), 'name="A"', "", elif))).toBe("403004");
    expect(await codeOf(remove(sales?.id, elif))).toBe("403004");
  });

  test("rename or delete the default project: nobody", async () => {
    const id = String((await named("Default"))?.id);
    expect(await codeOf(remove(id))).toBe("403003");
    expect(await codeOf(update(id, 'name="Standard"'))).toBe("403005");
    expect((await update(id, 'description="Ours"')).status).toBe(200);
  });
});

test("deleting a project takes what is in it: its workbooks, views, data sources and flows", async () => {
  const projectOf = z.object({ project: z.object({ id: z.string() }) });
  const marketing = await named("Marketing");
  const nested = await list(`filter=parentProjectId:eq:${marketing?.id}`);
  const gone = new Set([marketing, ...nested].map((project) => project?.id));
  const holding = async (path: string, element: string) => {
    const { items } = await pageOf(await ana.onSite(`/${path}?pageSize=1000`), path, element);
    return items.filter((one) => gone.has(projectOf.parse(one).project.id)).length;
  };
  const kinds = [
    ["workbooks", "workbook"],
    ["views", "view"],
    ["datasources", "datasource"],
  ] as const;
  for (const [path, element] of kinds) expect(await holding(path, element)).toBeGreaterThan(0);
  expect((await remove(marketing?.id)).status).toBe(204);
  for (const [path, element] of [...kinds, ["flows", "flow"] as const]) expect(await holding(path, element)).toBe(0);
  expect(await list(`filter=parentProjectId:eq:${marketing?.id}`)).toEqual([]);
});
