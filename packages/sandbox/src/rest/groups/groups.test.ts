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

const list = async (query: string) => (await pageOf(await ana.onSite(`/groups?${query}`), "groups", "group")).items;
const send = (method: string, path: string, inner: string, session = ana) =>
  session.onSite(path, { method, body: `<tsRequest>${inner}</tsRequest>` });
const create = (attributes: string, inner = "") => send("POST", "/groups", `<group ${attributes}>${inner}</group>`);
const made = async (attributes: string) => String((await objectOf(await create(attributes), "group")).id);
const codeOf = async (answer: Promise<Response>) => (await errorOf(await answer)).code;
const members = async (id: string) => {
  const answer = await ana.onSite(`/groups/${id}/users?pageSize=1000`);
  return (await pageOf(answer, "users", "user")).items.map((user) => user.id);
};
const userIds = async (count: number) =>
  (await pageOf(await ana.onSite(`/users?pageSize=${count}`), "users", "user")).items.map(({ id }) => String(id));
const usersElement = (ids: readonly string[]) => `<users>${ids.map((id) => `<user id="${id}"/>`).join("")}</users>`;

describe("the groups of a site", () => {
  test("are sixty, one of which holds everybody", async () => {
    const groups = await list("fields=_all_");
    expect(groups).toHaveLength(60);
    const total = (await pageOf(await ana.onSite("/users"), "users", "user")).pagination?.totalAvailable;
    expect(groups[0]).toMatchObject({ name: "All Users", userCount: total, domain: { name: "local" } });
  });

  test("are found by name, size and minimum site role", async () => {
    expect((await list("filter=name:cieq:sales")).map(({ name }) => name)).toEqual(["Sales"]);
    expect((await list("filter=minimumSiteRole:eq:ExplorerCanPublish")).map(({ name }) => name)).toEqual([
      "Content creators",
    ]);
    const large = await list("filter=userCount:gte:50&fields=name,userCount&sort=userCount:desc");
    const sizes = large.map(({ userCount }) => Number(userCount));
    expect(sizes.length).toBeGreaterThan(5);
    expect(sizes).toEqual(sizes.filter((size) => size >= 50).sort((one, other) => other - one));
  });
});

describe("a group", () => {
  test("is created with 201 and Location, renamed, given a minimum site role, and deleted", async () => {
    const answer = await create('name="Chess &amp; go" minimumSiteRole="Viewer"');
    const group = await objectOf(answer, "group");
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toContain(`/groups/${group.id}`);
    expect(group).toMatchObject({ name: "Chess & go", minimumSiteRole: "Viewer", import: { siteRole: "Viewer" } });
    const path = `/groups/${group.id}`;
    const renamed = await send("PUT", path, '<group name="Chess" minimumSiteRole="Unlicensed"/>');
    expect(await objectOf(renamed, "group")).not.toHaveProperty("minimumSiteRole");
    expect((await ana.onSite(path, { method: "DELETE" })).status).toBe(204);
    expect(await codeOf(ana.onSite(path, { method: "DELETE" }))).toBe("404012");
  });

  test("is refused for names that are taken, roles that there are not, and Active Directory", async () => {
    await made('name="Taken"');
    expect(await codeOf(create('name="TAKEN"'))).toBe("409009");
    expect(await codeOf(create(""))).toBe("400003");
    expect(await codeOf(create('name="A" minimumSiteRole="King"'))).toBe("400013");
    expect(await codeOf(create('name="A"', '<import source="ActiveDirectory"/>'))).toBe("400019");
    const full = '<import source="ActiveDirectory" domainName="corp" siteRole="Viewer" grantLicenseMode="onLogin"/>';
    expect(await codeOf(create('name="A"', full))).toBe("403011");
    expect(await codeOf(send("POST", "/groups", '<group name="A"/>', elif))).toBe("403004");
  });

  test("takes members one by one or in a list, and lets them go", async () => {
    const id = await made('name="Members"');
    const users = await userIds(5);
    const add = (inner: string) => send("POST", `/groups/${id}/users`, inner);
    expect(await objectOf(await add(`<user id="${users[0]}"/>`), "user")).toMatchObject({ id: users[0] });
    expect(await codeOf(add(`<user id="${users[0]}"/>`))).toBe("409011");
    const added = await pageOf(await add(usersElement(users)), "users", "user");
    expect(added.items.map((user) => user.id)).toEqual(users.slice(1));
    expect(await members(id)).toEqual(users);
    expect((await ana.onSite(`/groups/${id}/users/${users[1]}`, { method: "DELETE" })).status).toBe(204);
    expect((await send("PUT", `/groups/${id}/users/remove`, usersElement(users.slice(2, 4)))).status).toBe(204);
    expect(await members(id)).toEqual([users[0], users[4]]);
    expect(await codeOf(ana.onSite(`/groups/${id}/users/${users[1]}`, { method: "DELETE" }))).toBe("404002");
    expect(await codeOf(add('<user id="nobody"/>'))).toBe("404002");
    expect(await codeOf(add(""))).toBe("400000");
  });

  test("of everybody stays as it is", async () => {
    const [all] = await list("filter=name:eq:All+Users");
    const path = `/groups/${all?.id}`;
    expect(await codeOf(ana.onSite(path, { method: "DELETE" }))).toBe("403004");
    expect(await codeOf(send("PUT", path, '<group name="Most users"/>'))).toBe("403004");
    expect(await codeOf(send("POST", `${path}/users`, `<user id="${elif.user.id}"/>`))).toBe("409011");
    expect(await codeOf(ana.onSite(`${path}/users/${elif.user.id}`, { method: "DELETE" }))).toBe("400032");
  });

  test("grants its minimum site role to members who sign in with less", async () => {
    const id = await made('name="Licensed" minimumSiteRole="Explorer"');
    const password = "a password";
    await sandbox.make("people", { name: "waiting@acme.example", siteRole: "Unlicensed", password });
    const signIn = () => sandbox.signIn({ name: "waiting@acme.example", password });
    expect((await signIn()).status).toBe(401);
    const found = await ana.onSite("/users?filter=name:eq:waiting@acme.example");
    const user = (await pageOf(found, "users", "user")).items[0];
    await send("POST", `/groups/${id}/users`, `<user id="${user?.id}"/>`);
    expect((await signIn()).status).toBe(200);
    expect(await objectOf(await ana.onSite(`/users/${user?.id}`), "user")).toMatchObject({ siteRole: "Explorer" });
  });
});
