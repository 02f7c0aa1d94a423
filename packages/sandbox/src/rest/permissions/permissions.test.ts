import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let elif: SignedIn;
let victor: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  [ana, elif, victor] = [await sandbox.administrator(), await sandbox.explorer(), await sandbox.viewer()];
});
afterAll(() => sandbox.close());

const permissionsSchema = z.object({
  parent: z.object({ id: z.string(), type: z.literal("Project") }).optional(),
  granteeCapabilities: z
    .array(
      z.object({
        user: z.object({ id: z.string() }).optional(),
        group: z.object({ id: z.string() }).optional(),
        capabilities: z.object({ capability: z.array(z.object({ name: z.string(), mode: z.string() })) }),
      }),
    )
    .default([]),
});

const named = async (path: string, element: string, name: string, session = ana) => {
  const answer = await session.onSite(`/${path}?filter=name:eq:${encodeURIComponent(name)}`);
  return String((await pageOf(answer, path, element)).items[0]?.id);
};
const workbook = (name: string) => named("workbooks", "workbook", name);
const project = (name: string) => named("projects", "project", name);
const group = (name: string) => named("groups", "group", name);

/** What is set for a grantee, e.g. `{ Read: "Allow" }`. */
async function modesOf(path: string, id: string) {
  const permissions = permissionsSchema.parse(await objectOf(await ana.onSite(path), "permissions"));
  const rule = permissions.granteeCapabilities.find(({ user, group: of }) => (user ?? of)?.id === id);
  return Object.fromEntries((rule?.capabilities.capability ?? []).map(({ name, mode }) => [name, mode]));
}

const bodyOf = (grantee: string, modes: Record<string, string>) => {
  const capabilities = Object.entries(modes).map(([name, mode]) => `<capability name="${name}" mode="${mode}"/>`);
  const inner = `${grantee}<capabilities>${capabilities.join("")}</capabilities>`;
  return `<tsRequest><permissions><granteeCapabilities>${inner}</granteeCapabilities></permissions></tsRequest>`;
};
const set = (path: string, grantee: string, modes: Record<string, string>, method = "PUT", session = ana) =>
  session.onSite(path, { method, body: bodyOf(grantee, modes) });
const remove = (path: string) => ana.onSite(path, { method: "DELETE" });
const codeOf = async (answer: Response | Promise<Response>) => (await errorOf(await answer)).code;

describe("the permissions of a workbook", () => {
  test("are added in XML and in JSON, stay when others are added, and are taken away one by one", async () => {
    const path = `/workbooks/${await workbook("Superstore")}/permissions`;
    const id = victor.user.id;
    expect((await set(path, `<user id="${id.toUpperCase()}"/>`, { Read: "Allow", Write: "Deny" })).status).toBe(200);
    const capabilities = { capability: [{ name: "Delete", mode: "Deny" }] };
    const body = JSON.stringify({ permissions: { granteeCapabilities: [{ user: { id }, capabilities }] } });
    const added = await ana.onSite(path, { method: "PUT", body, headers: { "content-type": "application/json" } });
    expect(added.status).toBe(200);
    expect(await modesOf(path, id)).toEqual({ Read: "Allow", Write: "Deny", Delete: "Deny" });
    expect((await remove(`${path}/users/${id}/Write/Deny`)).status).toBe(204);
    expect(await codeOf(remove(`${path}/users/${id}/Write/Deny`))).toBe("404013");
    expect(await modesOf(path, id)).toEqual({ Read: "Allow", Delete: "Deny" });
  });

  test("are replaced by POST", async () => {
    const path = `/workbooks/${await workbook("Order Explorer")}/permissions`;
    const id = await group("Sales");
    expect((await set(path, `<group id="${id}"/>`, { Read: "Allow" }, "POST")).status).toBe(200);
    const { granteeCapabilities } = permissionsSchema.parse(await objectOf(await ana.onSite(path), "permissions"));
    expect(granteeCapabilities.map(({ group: of }) => of?.id)).toEqual([id]);
  });

  test("refuse what can't be", async () => {
    const path = `/workbooks/${await workbook("Superstore")}/permissions`;
    const elifs = `<user id="${elif.user.id}"/>`;
    expect((await set(path, elifs, { ExportData: "Allow" })).status).toBe(200);
    const refusals: [string, Promise<Response>][] = [
      ["409000", set(path, elifs, { ExportData: "Deny" })],
      ["400009", set(path, elifs, { Connect: "Allow" })],
      ["404013", set(path, elifs, { Nonsense: "Allow" })],
      ["404013", set(path, elifs, { Read: "Maybe" })],
      ["404002", set(path, '<user id="nobody"/>', { Read: "Allow" })],
      ["404012", set(path, '<group id="nobody"/>', { Read: "Allow" })],
      ["404120", set(path, '<groupSet id="nobody"/>', { Read: "Allow" })],
      ["400000", set(path, "", { Read: "Allow" })],
      ["400000", ana.onSite(path, { method: "PUT", body: "<tsRequest><permissions/></tsRequest>" })],
      ["404006", set("/workbooks/nothing/permissions", elifs, { Read: "Allow" })],
      ["403004", set(path, elifs, { Read: "Allow" }, "PUT", elif)],
      ["404013", remove(`${path}/users/${elif.user.id}/Nonsense/Allow`)],
      ["404003", remove(`${path}/strangers/${elif.user.id}/Read/Allow`)],
    ];
    for (const [code, answer] of refusals) expect(await codeOf(answer)).toBe(code);
    const body = bodyOf(elifs, { Read: "Allow" }).replace("<permissions>", '<permissions><workbook id="elsewhere"/>');
    expect(await codeOf(ana.onSite(path, { method: "PUT", body }))).toBe("404009");
  });
});

describe("what people see", () => {
  const count = async (session: SignedIn, path: string, element: string) =>
    Number((await pageOf(await session.onSite(`/${path}`), path, element)).pagination?.totalAvailable);

  test("is less than what administrators see: nothing of People and Executive, by lists and by ids", async () => {
    for (const [path, element, name] of [
      ["workbooks", "workbook", "Sales Team Overview"],
      ["workbooks", "workbook", "Board Pack"],
      ["projects", "project", "People"],
      ["projects", "project", "Compensation"],
      ["datasources", "datasource", "Commissions"],
    ] as const) {
      const id = await named(path, element, name);
      for (const session of [elif, victor]) {
        expect(await named(path, element, name, session)).toBe("undefined");
        if (path !== "projects") expect(await codeOf(session.onSite(`/${path}/${id}`))).toBe("403004");
        expect(await codeOf(session.onSite(`/${path}/${id}/permissions`))).toBe("403004");
      }
    }
    for (const [path, element] of [
      ["workbooks", "workbook"],
      ["views", "view"],
      ["datasources", "datasource"],
      ["projects", "project"],
    ] as const) {
      expect(await count(elif, path, element)).toBeLessThan(await count(ana, path, element));
    }
  });

  test("follows rules as they change: a group's denial, a user's allowance on top, and their end", async () => {
    const id = await workbook("Sales Overview");
    const path = `/workbooks/${id}/permissions`;
    const read = async (session: SignedIn) => (await session.onSite(`/workbooks/${id}`)).status;
    expect([await read(elif), await read(victor)]).toEqual([200, 200]);
    await set(path, `<group id="${await group("Contractors")}"/>`, { Read: "Deny" });
    expect([await read(elif), await read(victor)]).toEqual([200, 403]);
    await set(path, `<user id="${victor.user.id}"/>`, { Read: "Allow" });
    expect(await read(victor)).toBe(200);
    await remove(`${path}/users/${victor.user.id}/Read/Allow`);
    expect(await read(victor)).toBe(403);
  });
});

describe("a project's default permissions", () => {
  test("hold for what has no rules of its own until they change, and then for new content only", async () => {
    const sales = await project("Sales");
    const id = await workbook("Price/Volume Review");
    const path = `/projects/${sales}/default-permissions/Workbooks`;
    const before = await modesOf(`/workbooks/${id}/permissions`, await group("All Users"));
    expect(await modesOf(path, await group("All Users"))).toEqual(before);
    expect((await set(path, `<user id="${victor.user.id}"/>`, { Read: "Deny" })).status).toBe(200);
    expect(await modesOf(`/workbooks/${id}/permissions`, victor.user.id)).toEqual({});
    expect((await remove(`${path}/users/${victor.user.id}/Read/Deny`)).status).toBe(204);
  });

  test("hold for everything where the project is locked, and nothing in it can be set then", async () => {
    const people = await project("People");
    const id = await workbook("Sales Team Overview");
    const answer = await objectOf(await ana.onSite(`/workbooks/${id}/permissions`), "permissions");
    expect(permissionsSchema.parse(answer).parent).toEqual({ id: people, type: "Project" });
    const elifs = `<user id="${elif.user.id}"/>`;
    expect(await codeOf(set(`/workbooks/${id}/permissions`, elifs, { Read: "Allow" }))).toBe("403039");
    const nested = await project("Compensation");
    expect(await codeOf(set(`/projects/${nested}/permissions`, elifs, { Read: "Allow" }))).toBe("403039");
    expect(await codeOf(set(`/projects/${nested}/default-permissions/flows`, elifs, { Read: "Allow" }))).toBe("403039");
    await set(`/projects/${people}/default-permissions/workbooks`, elifs, { Read: "Allow" });
    for (const name of ["Sales Team Overview", "Commission Statements"]) {
      expect((await elif.onSite(`/workbooks/${await workbook(name)}`)).status).toBe(200);
    }
  });

  test("are there for nine kinds, and for those who lead the project", async () => {
    const path = `/projects/${await project("Default")}/default-permissions`;
    const kinds = ["workbooks", "datasources", "flows", "metrics", "lenses", "dataroles", "databases", "tables"];
    for (const kind of [...kinds, "virtualConnections", "virtualconnections"]) {
      expect((await ana.onSite(`${path}/${kind}`)).status).toBe(200);
    }
    expect(await codeOf(ana.onSite(`${path}/colours`))).toBe("404003");
    expect(await codeOf(elif.onSite(`${path}/workbooks`))).toBe("403036");
    expect(await codeOf(elif.onSite(`${path}/flows`))).toBe("403035");
  });
});

test("a view has permissions of its own only where its workbook does not show tabs", async () => {
  const { items } = await pageOf(await ana.onSite("/workbooks?pageSize=1000"), "workbooks", "workbook");
  for (const [showTabs, status] of [
    ["true", 403],
    ["false", 200],
  ] as const) {
    const found = items.find((one) => one.showTabs === showTabs || String(one.showTabs) === showTabs);
    const answer = await ana.onSite(`/workbooks/${found?.id}/views`);
    const views = z.object({ view: z.array(z.object({ id: z.string() })) }).parse(await objectOf(answer, "views"));
    const path = `/views/${views.view[0]?.id}/permissions`;
    const changed = await set(path, `<user id="${elif.user.id}"/>`, { ExportImage: "Deny" });
    expect(changed.status).toBe(status);
    if (status === 403) expect(await codeOf(changed)).toBe("403096");
    else expect(await modesOf(path, elif.user.id)).toMatchObject({ ExportImage: "Deny" });
  }
});

test("ProjectLeader is never denied, and makes who has it lead", async () => {
  const id = await project("Marketing");
  const path = `/projects/${id}/permissions`;
  const elifs = `<user id="${elif.user.id}"/>`;
  const create = (name: string) =>
    elif.onSite("/projects", {
      method: "POST",
      body: `<tsRequest><project name="${name}" parentProjectId="${id}"/></tsRequest>`,
    });
  expect(await codeOf(set(path, elifs, { ProjectLeader: "Deny" }))).toBe("400009");
  expect(await codeOf(create("Before"))).toBe("403045");
  await set(path, elifs, { ProjectLeader: "Allow" });
  expect((await create("After")).status).toBe(201);
});
