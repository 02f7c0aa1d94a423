import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox({ edition: "server" });
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const analytics = "/api/-/settings/site/extensions/analytics";
const dashboard = "/api/-/settings/site/extensions/dashboard";

const briefSchema = z.strictObject({
  connection_luid: z.string(),
  connection_brief: z.strictObject({ connection_name: z.string(), connection_type: z.string() }),
});
const listSchema = z.strictObject({
  connectionMetadataList: z.array(briefSchema),
  connectionList: z.array(briefSchema),
});
const errorSchema = z.strictObject({ httpErrorCode: z.string().regex(/^\d{3}$/), message: z.string().min(1) });

const tabPy = {
  host: "tabpy.example",
  port: 9004,
  is_auth_enabled: "true", // as PowerShell clients write it
  username: "py",
  password: "never shown",
  is_ssl_enabled: false,
  connection_brief: { connection_name: "TabPy", connection_type: "TABPY" },
};

async function listOf(response: Response) {
  return listSchema.parse(await response.json()).connectionMetadataList;
}

async function addConnection(more: object = {}): Promise<string> {
  const response = await ana.ask(`${analytics}/connections`, "POST", { ...tabPy, ...more });
  expect(response.status).toBe(201);
  const [added] = await listOf(response);
  return added?.connection_luid ?? "";
}

async function refusedWith(status: number, response: Response) {
  expect(response.status).toBe(status);
  expect(errorSchema.parse(await response.json()).httpErrorCode).toBe(String(status));
}

async function firstWorkbook(): Promise<string> {
  const { items } = await pageOf(await ana.onSite("/workbooks?pageSize=1"), "workbooks", "workbook");
  return z.string().parse(items[0]?.id);
}

describe("analytics extensions", () => {
  test("are switched for a site and for the server", async () => {
    for (const level of ["site", "server"]) {
      const path = `/api/-/settings/${level}/extensions/analytics`;
      expect(await (await ana.ask(path, "PUT", { enabled: false })).json()).toEqual({ enabled: false });
      expect(await (await ana.ask(path)).json()).toEqual({ enabled: false });
      expect(await (await ana.ask(path, "PUT", { enabled: "true" })).json()).toEqual({ enabled: true });
    }
  });

  test("are connected to, changed, and removed; a password is never told", async () => {
    const id = await addConnection();
    const one = `${analytics}/connections/${id}`;
    const { password: _, ...shown } = { ...tabPy, is_auth_enabled: true };
    expect(await (await ana.ask(one)).json()).toEqual({ connection_luid: id, ...shown });
    const changed = await ana.ask(one, "PUT", { ...tabPy, port: 9005 });
    expect(await changed.json()).toMatchObject({ connection_luid: id, port: 9005 });
    expect((await ana.ask(one, "DELETE")).status).toBe(204);
    await refusedWith(404, await ana.ask(one));
    const left = await listOf(await ana.ask(`${analytics}/connections`));
    expect(left.map(({ connection_luid }) => connection_luid)).not.toContain(id);
  });

  test.each([
    { port: 0 },
    { port: 65_536 },
    { host: "" },
    { connection_brief: { connection_name: "X", connection_type: "UNDEFINED" } },
    { connection_brief: undefined },
  ])("are refused with %j", async (wrong) => {
    await refusedWith(400, await ana.ask(`${analytics}/connections`, "POST", { ...tabPy, ...wrong }));
  });

  test("are chosen by a workbook, until they are removed", async () => {
    const id = await addConnection({ connection_brief: { connection_name: "R", connection_type: "RSERVE" } });
    const workbookId = await firstWorkbook();
    const chosen = `${analytics}/workbooks/${workbookId}/selected_connection`;
    expect(await listOf(await ana.ask(chosen))).toEqual([]);
    const mapping = { workbook_luid: workbookId, connection_luid: id };
    expect(await (await ana.ask(chosen, "PUT", mapping)).json()).toEqual(mapping);
    expect(await listOf(await ana.ask(chosen))).toMatchObject([{ connection_luid: id }]);
    expect(await listOf(await ana.ask(`${analytics}/workbooks/${workbookId}/connections`))).toEqual(
      expect.arrayContaining([
        { connection_luid: id, connection_brief: { connection_name: "R", connection_type: "RSERVE" } },
      ]),
    );
    await ana.ask(`${analytics}/connections/${id}`, "DELETE");
    expect(await listOf(await ana.ask(chosen))).toEqual([]);
    await refusedWith(404, await ana.ask(chosen, "PUT", mapping));
    expect((await ana.ask(chosen, "DELETE")).status).toBe(204);
  });

  test("are an administrator's to set up", async () => {
    const victor = await sandbox.viewer();
    await refusedWith(403, await victor.ask(analytics));
    await refusedWith(403, await victor.ask(`${analytics}/connections`, "POST", tabPy));
    await refusedWith(401, await sandbox.call(analytics));
    await refusedWith(404, await ana.ask(`${analytics}/nothing`));
  });
});

describe("dashboard extensions, as older clients ask for them,", () => {
  test("are the ones of the newer address", async () => {
    const url = "https://safe.example/a.trex";
    const added = await bodyOf(await ana.ask(`${dashboard}/safeListItems`, "POST", { url, allow_full_data: true }));
    expect(added).toEqual({
      safe_list_item_luid: expect.any(String),
      url,
      allow_full_data: true,
      prompt_needed: true,
    });
    const one = `${dashboard}/safeListItems/${added.safe_list_item_luid}`;
    expect(await (await ana.ask(one)).json()).toEqual(added);
    const newer = await objectOf(await ana.onSite("/settings/extensions"), "extensionsSiteSettings");
    expect(newer.safeList).toEqual([{ url, fullDataAllowed: true, promptNeeded: true }]);
    const changed = await ana.ask(one, "PUT", { url, allow_full_data: false, prompt_needed: false });
    expect(await changed.json()).toEqual({ ...added, allow_full_data: false, prompt_needed: false });
    await refusedWith(400, await ana.ask(`${dashboard}/safeListItems`, "POST", { url }));
    expect((await ana.ask(one, "DELETE")).status).toBe(200);
    await refusedWith(404, await ana.ask(one));
    expect(await (await ana.ask(`${dashboard}/safeListItems`)).json()).toEqual({ safe_list_items: [] });
  });

  test("are switched together with their list", async () => {
    const settings = {
      extensions_enabled: false,
      allow_sandboxed: false,
      safe_list_items: [{ url: "https://b.example" }],
    };
    const answer = await (await ana.ask(dashboard, "PUT", settings)).json();
    expect(answer).toMatchObject(settings);
    expect(await (await ana.ask(dashboard)).json()).toEqual(answer);
    // What is not said stays.
    expect(await (await ana.ask(dashboard, "PUT", { extensions_enabled: true })).json()).toMatchObject({
      ...settings,
      extensions_enabled: true,
    });
  });

  test("are blocked for a whole server", async () => {
    const server = "/api/-/settings/server/extensions/dashboard";
    const url = "https://blocked.example";
    const item = await bodyOf(await ana.ask(`${server}/blockListItems`, "POST", { url }));
    expect(await (await ana.ask(server)).json()).toEqual({ extensions_enabled: true, block_list_items: [item] });
    expect((await ana.ask(`${server}/blockListItems/${item.block_list_item_luid}`, "DELETE")).status).toBe(200);
    expect(await (await ana.ask(`${server}/blockListItems`)).json()).toEqual({ block_list_items: [] });
  });
});

async function bodyOf(response: Response) {
  return z.record(z.string(), z.unknown()).parse(await response.json());
}

test("Tableau Cloud has the settings of a site, and none of a server", async () => {
  const cloud = await openTestSandbox();
  const administrator = await cloud.administrator();
  expect((await administrator.ask(analytics)).status).toBe(200);
  await refusedWith(404, await administrator.ask("/api/-/settings/server/extensions/analytics"));
  await refusedWith(404, await administrator.ask("/api/-/settings/server/extensions/dashboard"));
  await cloud.close();
});
