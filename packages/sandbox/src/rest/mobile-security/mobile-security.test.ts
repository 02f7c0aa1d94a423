import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, openTestSandbox, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const path = "/settings/mobilesecuritysettings";

const policySchema = z.strictObject({ enabled: z.boolean(), severity: z.string(), valueList: z.array(z.string()) });
const settingsSchema = z.strictObject({
  mobileSecuritySettingsList: z.strictObject({
    mobileSecuritySettings: z.array(
      z.strictObject({ name: z.string(), enabled: z.boolean(), iosConfig: policySchema, androidConfig: policySchema }),
    ),
  }),
});

async function settingsOf(response: Response) {
  expect(response.status).toBe(200);
  const { mobileSecuritySettings } = settingsSchema.parse(await response.json()).mobileSecuritySettingsList;
  return new Map(mobileSecuritySettings.map((setting) => [setting.name, setting]));
}

const put = (body: unknown) => ana.onSite(path, { method: "PUT", body: JSON.stringify(body), headers: asJson });
const asJson = { "content-type": "application/json" };

describe("mobile security", () => {
  test("is at first as Tableau's reference says", async () => {
    const settings = await settingsOf(await ana.onSite(path));
    expect(settings.get("mobile.security.jailbroken_device")).toMatchObject({
      enabled: true,
      iosConfig: { severity: "critical" },
      androidConfig: { severity: "critical" },
    });
    expect(settings.get("mobile.security.screenshot")).toMatchObject({ androidConfig: { severity: "warn" } });
    expect(settings.get("mobile.security.max_offline_days")).toMatchObject({ iosConfig: { valueList: ["14"] } });
  });

  test("of a whole server is as that of a site, for who administers the server", async () => {
    const server = await openTestSandbox({ edition: "server" });
    try {
      const administrator = await server.administrator();
      const ofServer = await settingsOf(await administrator.call(path));
      expect(ofServer).toEqual(await settingsOf(await administrator.onSite(path)));
      expect(await errorOf(await (await server.viewer()).call(path))).toMatchObject({ code: "403004" });
    } finally {
      await server.close();
    }
  });

  test("is changed setting by setting; what a request leaves out stays", async () => {
    const name = "mobile.security.malware_detection";
    const before = await settingsOf(await ana.onSite(path));
    const androidConfig = { enabled: "false", severity: "warn" }; // text, as PowerShell clients write it
    const after = await settingsOf(
      await put({
        mobileSecuritySettingsList: { mobileSecuritySettings: [{ name, enabled: "false", androidConfig }] },
      }),
    );
    expect(after.get(name)).toEqual({
      ...before.get(name),
      enabled: false,
      androidConfig: { enabled: false, severity: "warn", valueList: ["true"] },
    });
    after.delete(name);
    before.delete(name);
    expect(after).toEqual(before);
  });

  test("is changed by XML, with several values", async () => {
    const ios =
      '<iosConfig enabled="true" severity="error"><valueList>7</valueList><valueList>8</valueList></iosConfig>';
    const setting = `<mobileSecuritySettings name="mobile.security.max_offline_days" enabled="true">${ios}</mobileSecuritySettings>`;
    const body = `<tsRequest><mobileSecuritySettingsList>${setting}</mobileSecuritySettingsList></tsRequest>`;
    await settingsOf(await ana.onSite(path, { method: "PUT", body }));
    const settings = await settingsOf(await ana.onSite(path));
    expect(settings.get("mobile.security.max_offline_days")).toMatchObject({
      iosConfig: { enabled: true, severity: "error", valueList: ["7", "8"] },
      androidConfig: { severity: "critical", valueList: ["14"] },
    });
  });

  test("knows no other settings and severities", async () => {
    const setting = { name: "mobile.security.battery", enabled: true };
    const unknown = await put({ mobileSecuritySettingsList: { mobileSecuritySettings: [setting] } });
    expect(await errorOf(unknown)).toMatchObject({ code: "400003" });
    const severe = { name: "mobile.security.screenshot", enabled: true, androidConfig: { severity: "fatal" } };
    const wrong = await put({ mobileSecuritySettingsList: { mobileSecuritySettings: [severe] } });
    expect(await errorOf(wrong)).toMatchObject({ code: "400000" });
  });

  test("is for administrators, and for no connected app to change", async () => {
    const victor = await sandbox.viewer();
    expect(await errorOf(await victor.onSite(path))).toMatchObject({ code: "403004" });
    const app = await sandbox.byJwt(["tableau:mobile_security_site_settings:read"]);
    expect((await app.onSite(path)).status).toBe(200);
    const body = JSON.stringify({ mobileSecuritySettingsList: {} });
    expect((await app.onSite(path, { method: "PUT", body, headers: asJson })).status).toBe(401);
  });
});
