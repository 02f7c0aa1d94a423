import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const list = async (who: SignedIn = session) =>
  (await pageOf(await who.onSite("/dataAlerts?pageSize=1000"), "dataAlerts", "dataAlert")).items;
const send = (method: string, path: string, request: string) =>
  session.onSite(path, { method, body: `<tsRequest>${request}</tsRequest>` });

describe("data alerts", () => {
  test("are on views, whose workbook and project they name", async () => {
    const [alert] = await list();
    const named = { id: expect.any(String), name: expect.any(String) };
    expect(alert).toMatchObject({
      public: expect.any(Boolean),
      owner: named,
      view: { ...named, workbook: named, project: named },
    });
    const alone = await objectOf(await session.onSite(`/dataAlerts/${alert?.id}`), "dataAlert");
    expect(alone).toMatchObject({
      ...alert,
      alertThreshold: expect.any(String),
      recipients: { recipient: expect.any(Array) },
    });
  });

  test("are made, changed and deleted", async () => {
    const view = (await pageOf(await session.onSite("/views"), "views", "view")).items[0];
    const create = (attributes: string) =>
      send("POST", "/dataAlerts", `<dataAlertCreateAlert subject="Too low" alertCondition="below" ${attributes}/>`);
    const place = `alertThreshold="1000" worksheetName="Sheet" viewId="${view?.id}" frequency="once" visibility="private"`;
    const answer = await create(place);
    const made = await objectOf(answer, "dataAlertCreateAlert");
    expect([answer.status, made]).toMatchObject([
      201,
      { subject: "Too low", frequency: "Once", visibility: "private" },
    ]);
    expect(await errorOf(await create(place.replace("1000", "many")))).toMatchObject({ code: "400003" });
    expect(await errorOf(await create(place.replace("once", "never")))).toMatchObject({ code: "400003" });

    const path = `/dataAlerts/${made.id}`;
    const owner = (await sandbox.explorer()).user.id;
    const changes = `<dataAlert subject="Very low" frequency="frequently" public="true"><owner id="${owner}"/></dataAlert>`;
    expect(await objectOf(await send("PUT", path, changes), "dataAlert")).toMatchObject({
      subject: "Very low",
      frequency: "AsFrequentlyAsPossible",
      public: true,
      owner: { id: owner },
      creatorId: session.user.id,
    });
    expect((await session.onSite(path, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await session.onSite(path))).toMatchObject({ code: "404030" });
  });

  test("have recipients that come and go", async () => {
    const [alert] = await list();
    const users = `/dataAlerts/${alert?.id}/users`;
    const added = await objectOf(await send("POST", users, `<user id="${session.user.id}"/>`), "user");
    expect(added).toMatchObject({ id: session.user.id, name: sandbox.keys.user.name, siteRole: expect.any(String) });
    const recipients = async () =>
      JSON.stringify((await objectOf(await session.onSite(`/dataAlerts/${alert?.id}`), "dataAlert")).recipients);
    expect(await recipients()).toContain(session.user.id);
    const remove = () => session.onSite(`${users}/${session.user.id}`, { method: "DELETE" });
    expect((await remove()).status).toBe(204);
    expect(await recipients()).not.toContain(session.user.id);
    expect(await errorOf(await remove())).toMatchObject({ code: "404002" });
  });

  test("of others are changed by administrators only", async () => {
    const [alert] = (await list()).filter(({ public: isPublic }) => isPublic === true);
    const explorer = await sandbox.explorer();
    const answer = await explorer.onSite(`/dataAlerts/${alert?.id}`, { method: "DELETE" });
    expect(await errorOf(answer)).toMatchObject({ code: "403004" });
    expect((await list(explorer)).length).toBeLessThan((await list()).length);
  });
});

describe("notification settings", () => {
  const preferences = async (filter = "") => {
    const answer = await session.onSite(`/settings/notifications?filter=${filter}`);
    return (await objectOf(answer, "userNotificationsPreferences")).userNotificationsPreference;
  };

  test("are found by channel and type, and changed one by one", async () => {
    expect(await preferences("channel:eq:slack")).toHaveLength(6);
    const change = `<userNotificationsPreferences>
      <userNotificationsPreference channel="email" notificationType="dataalerts" enabled="false"/>
      <userNotificationsPreference channel="pigeon" notificationType="dataalerts" enabled="false"/>
      </userNotificationsPreferences>`;
    const answer = await send("PATCH", "/settings/notifications", change);
    expect((await objectOf(answer, "notificationUpdateResult")).notificationUpdateStatus).toMatchObject([
      { status: "Success", userNotificationsPreference: { channel: "email" } },
      { status: "Failed", error: { code: "400003" } },
    ]);
    expect(await preferences("channel:eq:email,notificationType:eq:dataalerts")).toMatchObject([{ enabled: false }]);
  });

  test("are for administrators", async () => {
    const explorer = await sandbox.explorer();
    expect((await explorer.onSite("/settings/notifications")).status).toBe(403);
  });
});
