import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let elif: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  [ana, elif] = [await sandbox.administrator(), await sandbox.explorer()];
});
afterAll(() => sandbox.close());

const list = async (query: string, session = ana) => pageOf(await session.onSite(`/users?${query}`), "users", "user");
const add = (attributes: string, session = ana) =>
  session.onSite("/users", { method: "POST", body: `<tsRequest><user ${attributes}/></tsRequest>` });
const update = (id: unknown, user: object, session = ana) =>
  session.onSite(`/users/${id}`, {
    method: "PUT",
    body: JSON.stringify({ user }),
    headers: { "content-type": "application/json" },
  });
const remove = (id: unknown, query = "") => ana.onSite(`/users/${id}${query}`, { method: "DELETE" });
const codeOf = async (answer: Promise<Response>) => (await errorOf(await answer)).code;
const newUser = async (name: string, siteRole = "Viewer") =>
  String((await objectOf(await add(`name="${name}" siteRole="${siteRole}"`), "user")).id);

describe("the users of a site", () => {
  test("are 1,200 with names of their own, the people with credentials first", async () => {
    const { pagination, items } = await list("pageSize=1000&fields=name,fullName,email");
    expect(Number(pagination?.totalAvailable)).toBeGreaterThanOrEqual(1200);
    expect(items.slice(0, 3).map(({ fullName }) => fullName)).toEqual(["Ana Silva", "Elif Demir", "Victor Lange"]);
    expect(new Set(items.map(({ name }) => name)).size).toBe(items.length);
    expect(items.every(({ email }) => /^[a-z.]+\d*@acme\.example$/.test(String(email)))).toBe(true);
  });

  test("are found by name in any letter case, role, friendly name and last login, and sorted", async () => {
    const names = async (query: string) => (await list(query)).items.map(({ name }) => name);
    expect(await names("filter=name:cieq:ANA.Silva@acme.example")).toEqual(["ana.silva@acme.example"]);
    expect(await names("filter=friendlyName:eq:Victor+Lange")).toEqual(["victor.lange@acme.example"]);
    expect((await names("filter=siteRole:in:[Creator,ExplorerCanPublish]&pageSize=1000")).length).toBeGreaterThan(50);
    const sorted = await names("sort=name:desc&pageSize=1000");
    expect(sorted).toEqual([...sorted].sort().reverse());
    const { items } = await list("filter=lastLogin:gt:2020-01-01T00:00:00Z,siteRole:eq:Unlicensed");
    expect(items).toEqual([]);
  });

  test("show all that there is with fields=_all_, as TSC always asks", async () => {
    const { items } = await list("fields=_all_&pageSize=1");
    expect(items[0]).toMatchObject({ fullName: "Ana Silva", authSetting: "ServerDefault", domain: { name: "local" } });
  });
});

describe("adding a user", () => {
  test("answers 201 with the address of the user, who is listed then", async () => {
    const answer = await add('name="Nadia.New@acme.example" siteRole="ExplorerCanPublish"');
    const user = await objectOf(answer, "user");
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toContain(`/users/${user.id}`);
    expect(user).toMatchObject({ name: "Nadia.New@acme.example", siteRole: "ExplorerCanPublish" });
    expect((await ana.onSite(`/users/${user.id}`)).status).toBe(200);
  });

  test("is refused without a name or with a role that can't be given, twice, and to everybody else", async () => {
    await newUser("twice@acme.example");
    expect(await codeOf(add('siteRole="Viewer"'))).toBe("400003");
    expect(await codeOf(add('name="a@acme.example"'))).toBe("400013");
    expect(await codeOf(add('name="a@acme.example" siteRole="King"'))).toBe("400013");
    expect(await codeOf(add('name="a@acme.example" siteRole="ServerAdministrator"'))).toBe("400013");
    expect(await codeOf(add('name="a@acme.example" siteRole="Guest"'))).toBe("409005");
    expect(await codeOf(add('name="TWICE@acme.example" siteRole="Viewer"'))).toBe("409017");
    expect(await codeOf(add('name="a@acme.example" siteRole="Viewer"', elif))).toBe("403004");
  });
});

describe("updating a user", () => {
  test("changes the site role; on Cloud the name stays, whatever is sent back", async () => {
    const id = await newUser("ulla@acme.example");
    const updated = await objectOf(
      await update(id, { siteRole: "Creator", fullName: "Ulla", authSetting: "SAML" }),
      "user",
    );
    expect(updated).toMatchObject({ siteRole: "Creator", fullName: "ulla@acme.example", authSetting: "SAML" });
  });

  test("is refused for one's own role, for roles that there are not, and to everybody else", async () => {
    const id = await newUser("otto@acme.example");
    expect(await codeOf(update(ana.user.id, { siteRole: "Viewer" }))).toBe("403009");
    expect((await update(ana.user.id, { siteRole: "SiteAdministratorCreator" })).status).toBe(200);
    expect(await codeOf(update(id, { siteRole: "King" }))).toBe("400013");
    expect(await codeOf(update("nobody", { siteRole: "Viewer" }))).toBe("404002");
    expect(await codeOf(update(elif.user.id, { siteRole: "Creator" }, elif))).toBe("403004");
  });
});

describe("removing a user", () => {
  test("is refused while they own content, unless somebody else gets it", async () => {
    const owner = await newUser("owner@acme.example", "Creator");
    const heir = await newUser("heir@acme.example", "Creator");
    const body = `<tsRequest><project name="Theirs"/></tsRequest>`;
    const project = await objectOf(await ana.onSite("/projects", { method: "POST", body }), "project");
    await ana.onSite(`/projects/${project.id}`, {
      method: "PUT",
      body: `<tsRequest><project><owner id="${owner}"/></project></tsRequest>`,
    });
    expect(await codeOf(remove(owner))).toBe("409003");
    expect(await codeOf(remove(owner, "?mapAssetsTo=nobody"))).toBe("404002");
    expect((await remove(owner, `?mapAssetsTo=${heir}`)).status).toBe(204);
    const { items } = await pageOf(await ana.onSite("/projects?filter=name:eq:Theirs"), "projects", "project");
    expect(items[0]).toMatchObject({ owner: { id: heir } });
    expect(await codeOf(ana.onSite(`/users/${owner}`))).toBe("404002");
    expect(await codeOf(remove(ana.user.id))).toBe("400000");
  });

  test("ends their sessions and takes them out of groups and permissions", async () => {
    const made = await sandbox.make("people", { name: "gone@acme.example", patName: "gone", password: "gone" });
    expect(made.status).toBeLessThan(300);
    const gone = await sandbox.as({ name: "gone@acme.example", password: "gone" });
    const groups = async (query: string) => pageOf(await ana.onSite(`/groups?${query}`), "groups", "group");
    const [sales] = (await groups("filter=name:eq:Sales&fields=_all_")).items;
    const body = `<tsRequest><user id="${gone.user.id}"/></tsRequest>`;
    expect((await ana.onSite(`/groups/${sales?.id}/users`, { method: "POST", body })).status).toBe(200);
    expect((await gone.onSite(`/users/${gone.user.id}`)).status).toBe(200);
    expect((await remove(gone.user.id)).status).toBe(204);
    expect(await codeOf(gone.onSite("/workbooks"))).toBe("401002");
    expect((await groups("filter=name:eq:Sales&fields=_all_")).items).toEqual([sales]);
  });
});

describe("what belongs to a user", () => {
  test("are their groups and the workbooks that they see or own", async () => {
    const own = `/users/${elif.user.id}`;
    const groups = await pageOf(await elif.onSite(`${own}/groups`), "groups", "group");
    expect(groups.items.map(({ name }) => name)).toEqual(expect.arrayContaining(["All Users", "Web analysts"]));
    const total = async (path: string) =>
      (await pageOf(await elif.onSite(path), "workbooks", "workbook")).pagination?.totalAvailable;
    expect(await total(`${own}/workbooks`)).toBe(await total("/workbooks"));
    expect(await total(`${own}/workbooks?ownedBy=true`)).toBe("0");
  });

  test("is read by themselves and by administrators only", async () => {
    for (const path of ["", "/groups", "/workbooks"]) {
      expect(await codeOf(elif.onSite(`/users/${ana.user.id}${path}`))).toBe("403133");
      expect((await ana.onSite(`/users/${elif.user.id}${path}`)).status).toBe(200);
    }
  });
});
