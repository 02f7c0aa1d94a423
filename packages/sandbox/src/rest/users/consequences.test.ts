import { afterEach, expect, test, vi } from "vitest";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { openReceiver } from "../../testing/receiver.ts";

let sandbox: TestSandbox;
let ana: SignedIn;

const open = async (edition: "cloud" | "server") => {
  sandbox = await openTestSandbox({ edition });
  ana = await sandbox.administrator();
};
afterEach(() => sandbox.close());

const add = async (name: string, siteRole: string) => {
  const body = `<tsRequest><user name="${name}" siteRole="${siteRole}"/></tsRequest>`;
  return String((await objectOf(await ana.onSite("/users", { method: "POST", body }), "user")).id);
};
const update = (id: string, attributes: string) =>
  ana.onSite(`/users/${id}`, { method: "PUT", body: `<tsRequest><user ${attributes}/></tsRequest>` });

test("webhooks hear of who is made an administrator, is one no more, or is removed", async () => {
  await open("cloud");
  const receiver = await openReceiver();
  for (const event of ["AdminPromoted", "AdminDemoted", "UserDeleted"]) {
    const destination = { "webhook-destination-http": { method: "POST", url: receiver.url } };
    const webhook = { name: event, event, "webhook-destination": destination };
    const headers = { "content-type": "application/json" };
    await ana.onSite("/webhooks", { method: "POST", headers, body: JSON.stringify({ webhook }) });
  }
  const id = await add("rising@acme.example", "Viewer");
  const heard = (count: number) => vi.waitFor(() => expect(receiver.received).toHaveLength(count), 15_000);
  await update(id, 'siteRole="Explorer"');
  await update(id, 'siteRole="SiteAdministratorExplorer"');
  await heard(1);
  await update(id, 'siteRole="SiteAdministratorCreator"');
  await update(id, 'siteRole="Viewer"');
  await heard(2);
  await ana.onSite(`/users/${id}`, { method: "DELETE" });
  await heard(3);
  const payloads = receiver.received.map(({ body }) => JSON.parse(body));
  expect(payloads).toMatchObject(
    ["AdminPromoted", "AdminDemoted", "UserDeleted"].map((event_type) => ({
      ...{ event_type, resource: "USER", resource_name: "rising@acme.example", resource_luid: id },
    })),
  );
  await receiver.close();
});

test("whoever is to sign in another way loses their personal access tokens", async () => {
  await open("cloud");
  const elif = await sandbox.explorer();
  await update(elif.user.id, 'authSetting="ServerDefault"');
  await sandbox.explorer();
  await update(elif.user.id, 'authSetting="SAML"');
  await expect(sandbox.explorer()).rejects.toThrow("401001");
});

test("on Tableau Server names, addresses and passwords are changed, and files bring passwords", async () => {
  await open("server");
  const id = await add("hand", "Viewer");
  const changed = await update(id, 'fullName="Hand Made" email="hand@acme.example" password="first"');
  expect(await objectOf(changed, "user")).toMatchObject({ fullName: "Hand Made", email: "hand@acme.example" });
  expect((await sandbox.signIn({ name: "hand", password: "first" })).status).toBe(200);
  expect((await sandbox.signIn({ name: "hand", password: "other" })).status).toBe(401);
  expect(await errorOf(await update(id, 'email="nowhere"'))).toMatchObject({ code: "400000" });

  const form = new FormData();
  form.append("tableau_user_import", new Blob(["filed,secret,Filed,Explorer,,,\n"]), "users.csv");
  expect((await ana.onSite("/users/import", { method: "POST", body: form })).status).toBe(202);
  await sandbox.order({ advanceClockMs: 10_000 });
  expect((await sandbox.signIn({ name: "filed", password: "secret" })).status).toBe(200);
  const { items } = await pageOf(await ana.onSite("/users?filter=name:eq:filed"), "users", "user");
  expect(items[0]).toMatchObject({ siteRole: "Explorer" });
});
