import { afterAll, beforeAll, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const send = (method: string, path: string, body = "") => ana.onSite(path, { method, ...(body && { body }) });
const named = (name: string) => `<tsRequest><groupSet name="${name}"/></tsRequest>`;
const made = async (name: string) =>
  String((await objectOf(await send("POST", "/groupsets", named(name)), "groupSet")).id);
const group = async (name: string) => {
  const answer = await ana.onSite(`/groups?filter=name:eq:${encodeURIComponent(name)}`);
  return (await pageOf(answer, "groups", "group")).items[0];
};
const codeOf = async (answer: Promise<Response>) => (await errorOf(await answer)).code;

test("a group set is made, holds groups, is renamed and deleted", async () => {
  const created = await send("POST", "/groupsets", named("Both"));
  expect(created.status).toBe(201);
  const { id, groupCount } = await objectOf(created, "groupSet");
  expect(groupCount).toBe("0");
  expect(created.headers.get("location")).toContain(`/groupsets/${id}`);
  const sales = await group("Sales");
  expect((await send("PUT", `/groupsets/${id}/groups/${sales?.id}`)).status).toBe(204);
  expect(await objectOf(await ana.onSite(`/groupsets/${id}`), "groupSet")).toMatchObject({
    groupCount: "1",
    group: [{ id: sales?.id, name: "Sales" }],
  });
  const { items } = await pageOf(await ana.onSite("/groupSets?resultlevel=local"), "groupSets", "groupSet");
  expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(["Both", "Canadian sales managers"]));
  expect(await objectOf(await send("PUT", `/groupsets/${id}`, named("Same")), "groupSet")).toMatchObject({
    name: "Same",
  });
  expect((await send("DELETE", `/groupsets/${id}/groups/${sales?.id}`)).status).toBe(204);
  expect(await objectOf(await ana.onSite(`/groupsets/${id}`), "groupSet")).not.toHaveProperty("group");
  expect((await send("DELETE", `/groupsets/${id}`)).status).toBe(204);
  expect(await codeOf(ana.onSite(`/groupsets/${id}`))).toMatch(/^404/);
});

test("a group set is refused without a name, and with a taken one", async () => {
  await made("Taken");
  expect(await codeOf(send("POST", "/groupsets", named("taken")))).toBe("409120");
  expect(await codeOf(send("POST", "/groupsets", named(" ")))).toBe("400003");
  const id = await made("Other");
  expect(await codeOf(send("PUT", `/groupsets/${id}`, named("TAKEN")))).toBe("409120");
  expect(await codeOf(send("PUT", `/groupsets/${id}/groups/nothing`))).toBe("404012");
});

test("permissions for a group set hold for who is in all of its groups, and go with it", async () => {
  const victor = await sandbox.viewer();
  const id = await made("Sales contractors");
  const answer = await ana.onSite("/workbooks?filter=name:eq:Superstore");
  const workbook = (await pageOf(answer, "workbooks", "workbook")).items[0];
  const deny = '<capabilities><capability name="Read" mode="Deny"/></capabilities>';
  const rule = `<granteeCapabilities><groupSet id="${id}"/>${deny}</granteeCapabilities>`;
  const body = `<tsRequest><permissions>${rule}</permissions></tsRequest>`;
  expect((await send("PUT", `/workbooks/${workbook?.id}/permissions`, body)).status).toBe(200);
  const read = async () => (await victor.onSite(`/workbooks/${workbook?.id}`)).status;
  for (const [name, status] of [
    ["Contractors", 403],
    ["Marketing", 200],
  ] as const) {
    await send("PUT", `/groupsets/${id}/groups/${(await group(name))?.id}`);
    expect(await read()).toBe(status);
  }
  await send("DELETE", `/groupsets/${id}/groups/${(await group("Marketing"))?.id}`);
  expect(await read()).toBe(403);
  await send("DELETE", `/groupsets/${id}`);
  expect(await read()).toBe(200);
});
