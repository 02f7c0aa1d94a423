import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let elif: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  elif = await sandbox.explorer();
});
afterAll(() => sandbox.close());

const list = async (session: SignedIn, query = "") =>
  (await pageOf(await session.onSite(`/customviews?pageSize=1000&${query}`), "customViews", "customView")).items;
const exp = (session: SignedIn, path: string, init: RequestInit = {}) =>
  fetch(`${sandbox.url}/api/exp/sites/${session.site.id}/customviews${path}`, {
    ...init,
    headers: { "x-tableau-auth": session.token, accept: "application/json", ...init.headers },
  });

async function superstore() {
  const { items } = await pageOf(await ana.onSite("/views?filter=workbookName:eq:Superstore"), "views", "view");
  const view = items.find(({ name }) => name === "Sales by Region");
  const { workbook } = await objectOf(await ana.onSite(`/views/${view?.id}`), "view");
  return { viewId: String(view?.id), workbookId: JSON.parse(JSON.stringify(workbook)).id };
}

/** Publishes a custom view of Superstore's "Sales by Region" as clients do. */
async function publish(session: SignedIn, attributes: string, content: string, ownerId = session.user.id) {
  const { workbookId } = await superstore();
  const payload = `<tsRequest><customView ${attributes}><owner id="${ownerId}"/><workbook id="${workbookId}"/></customView></tsRequest>`;
  const body = [
    '--part\r\nContent-Disposition: name="request_payload"; filename=""\r\nContent-Type: text/xml\r\n\r\n',
    `${payload}\r\n--part\r\nContent-Disposition: name="tableau_customview"; filename="mine"\r\n\r\n`,
    `${content}\r\n--part--\r\n`,
  ].join("");
  return exp(session, "", { method: "POST", body, headers: { "content-type": "multipart/mixed; boundary=part" } });
}

const definition = (filters: string, viewName = "Sales by Region") => {
  const xml = `<customized-view><worksheet name="Sales by Region"><table><view>${filters}</view></table></worksheet></customized-view>`;
  return JSON.stringify([{ isSourceView: true, viewName, tcv: Buffer.from(xml).toString("base64") }]);
};
const west = definition(
  '<filter class="categorical" column="Region"><groupfilter function="member" member="West"/></filter>',
);

describe("lists", () => {
  test("show all to administrators, and to others their own", async () => {
    const all = await list(ana);
    expect(all.length).toBeGreaterThan(15);
    expect(all[0]).toMatchObject({ view: { id: expect.any(String) }, workbook: { name: expect.any(String) } });
    expect((await list(elif)).every(({ owner }) => JSON.stringify(owner).includes(elif.user.id))).toBe(true);
  });

  test("are filtered by view, workbook and owner", async () => {
    const [one] = await list(ana);
    const { view, workbook, owner } = JSON.parse(JSON.stringify(one));
    for (const filter of [`viewId:eq:${view.id}`, `workbookId:eq:${workbook.id}`, `ownerId:eq:${owner.id}`]) {
      const found = await list(ana, `filter=${filter}`);
      expect(found.map(({ id }) => id)).toContain(one?.id);
      expect(found.length).toBeLessThan((await list(ana)).length);
    }
    expect((await errorOf(await ana.onSite("/customviews?filter=viewName:eq:x"))).code).toBe("400065");
  });

  test("of one view show what others share", async () => {
    const { viewId } = await superstore();
    await publish(ana, 'name="Shared" shared="true"', west);
    await publish(ana, 'name="Secret" shared="false"', west);
    const seen = (await list(elif, `filter=viewId:eq:${viewId}`)).map(({ name }) => name);
    expect(seen).toContain("Shared");
    expect(seen).not.toContain("Secret");
    const secret = (await list(ana)).find(({ name }) => name === "Secret");
    expect((await errorOf(await elif.onSite(`/customviews/${secret?.id}`))).code).toBe("403004");
  });
});

describe("a custom view", () => {
  test("gives its view's data and pictures with the filter that it keeps, unless others are asked for", async () => {
    const { viewId } = await superstore();
    const made = await objectOf(await publish(ana, 'name="West"', west), "customView");
    const text = async (path: string) => (await ana.onSite(path)).text();
    expect(await text(`/customviews/${made.id}/data`)).toBe(await text(`/views/${viewId}/data?vf_Region=West`));
    expect(await text(`/customviews/${made.id}/data?vf_Region=East`)).toBe(
      await text(`/views/${viewId}/data?vf_Region=East`),
    );
    expect(await text(`/customviews/${made.id}/data?vf_Region=`)).toBe(await text(`/views/${viewId}/data`));
    const bytes = async (path: string) => Buffer.from(await (await ana.onSite(path)).arrayBuffer());
    const image = await bytes(`/customviews/${made.id}/image`);
    expect(image.equals(await bytes(`/views/${viewId}/image?vf_Region=West`))).toBe(true);
    expect((await bytes(`/customviews/${made.id}/pdf?type=a4`)).toString("latin1", 0, 5)).toBe("%PDF-");
    expect(await objectOf(await ana.onSite(`/customviews/${made.id}`), "customView")).toMatchObject({
      lastAccessedAt: expect.any(String),
    });
  });

  test("is downloaded and published again as it was", async () => {
    const made = await objectOf(await publish(ana, 'name="Twice"', west), "customView");
    const content = await (await exp(ana, `/${made.id}/content`)).text();
    const again = await publish(ana, 'name="Again" shared="true"', content);
    expect(again.status).toBe(201);
    expect(again.headers.get("location")).toMatch(/\/customviews\/[0-9a-f-]{36}$/);
    const copy = await objectOf(again, "customView");
    expect(copy).toMatchObject({ name: "Again", view: made.view, owner: { id: ana.user.id } });
    const data = async (id: unknown) => (await ana.onSite(`/customviews/${id}/data`)).text();
    expect(await data(copy.id)).toBe(await data(made.id));
  });

  test.each([
    ["no JSON", "not a definition", "400011"],
    ["no views", "[]", "400011"],
    ["no XML", JSON.stringify([{ isSourceView: true, viewName: "Sales by Region", tcv: "AAAA" }]), "400011"],
    ["another view", definition("", "Nothing"), "404011"],
  ])("is not published of %s", async (_what, content, code) => {
    expect((await errorOf(await publish(ana, 'name="Broken"', content))).code).toBe(code);
  });

  test("is renamed, handed over and deleted by its owner and by administrators", async () => {
    const made = await objectOf(await publish(elif, 'name="Mine" shared="true"', west), "customView");
    const victor = await sandbox.viewer();
    const change = (session: SignedIn, body: string) =>
      session.onSite(`/customviews/${made.id}`, { method: "PUT", body: `<tsRequest>${body}</tsRequest>` });
    expect((await errorOf(await change(victor, '<customView name="Taken"/>'))).code).toBe("403004");
    expect(await objectOf(await change(elif, '<customView name="Ours"/>'), "customView")).toMatchObject({
      name: "Ours",
    });
    expect((await errorOf(await change(elif, '<customView name=" "/>'))).code).toBe("400003");
    expect((await errorOf(await change(elif, '<customView><owner id="nobody"/></customView>'))).code).toBe("404002");
    const handed = await change(elif, `<customView><owner id="${ana.user.id}"/></customView>`);
    expect(await objectOf(handed, "customView")).toMatchObject({ owner: { id: ana.user.id }, name: "Ours" });
    expect((await errorOf(await elif.onSite(`/customviews/${made.id}`, { method: "DELETE" }))).code).toBe("403004");
    expect((await ana.onSite(`/customviews/${made.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await errorOf(await ana.onSite(`/customviews/${made.id}`))).code).toBe("404011");
  });

  test("is what a workbook opens with for the users that are set, each with one", async () => {
    const users = async (id: unknown) =>
      (await pageOf(await ana.onSite(`/customviews/${id}/default/users`), "users", "user")).items.map(
        (user) => user.id,
      );
    const set = (id: unknown) =>
      ana.onSite(`/customviews/${id}/default/users`, {
        method: "POST",
        body: JSON.stringify({ users: { user: [{ id: elif.user.id }, { id: "nobody" }] } }),
        headers: { "content-type": "application/json" },
      });
    const [one, other] = await Promise.all(
      ["One", "Other"].map(
        async (name) => (await objectOf(await publish(ana, `name="${name}"`, west), "customView")).id,
      ),
    );
    expect(await (await set(one)).json()).toMatchObject({
      customViewAsUserDefaultResults: {
        customViewAsUserDefaultViewResult: [
          { success: true, user: { id: elif.user.id } },
          { success: false, error: { code: "404002" } },
        ],
      },
    });
    expect(await users(one)).toEqual([elif.user.id]);
    await set(other);
    expect([await users(one), await users(other)]).toEqual([[], [elif.user.id]]);
  });

  test("goes with its view", async () => {
    const [one] = await list(ana, `filter=viewId:eq:${(await superstore()).viewId}`);
    const { view } = JSON.parse(JSON.stringify(one));
    expect((await ana.onSite(`/views/${view.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await errorOf(await ana.onSite(`/customviews/${one?.id}`))).code).toBe("404011");
  });
});
