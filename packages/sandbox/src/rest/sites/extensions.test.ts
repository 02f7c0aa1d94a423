import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox({ edition: "server" });
});
afterAll(() => sandbox.close());

const put = (body: string) => ({ method: "PUT", body: `<tsRequest>${body}</tsRequest>` });

describe("dashboard extensions", () => {
  test("of a site are switched, and listed as safe; what a request leaves out stays", async () => {
    const ana = await sandbox.administrator();
    const safe = "<safeList><url>https://a.example</url><fullDataAllowed>True</fullDataAllowed></safeList>";
    const request = `<extensionsSiteSettings><extensionsEnabled>false</extensionsEnabled>${safe}</extensionsSiteSettings>`;
    const updated = await objectOf(await ana.onSite("/settings/extensions", put(request)), "extensionsSiteSettings");
    expect(updated).toEqual({
      extensionsEnabled: false,
      useDefaultSetting: true,
      allowTrusted: true,
      includeSandboxed: true,
      includeTableauBuilt: true,
      includePartnerBuilt: true,
      safeList: [{ url: "https://a.example", fullDataAllowed: true, promptNeeded: true }],
    });
    const read = await objectOf(await ana.onSite("/settings/extensions"), "extensionsSiteSettings");
    expect(read).toEqual(updated);
  });

  test("may be told as TSC tells several: all in one element", async () => {
    const ana = await sandbox.administrator();
    const safe = "<safeList><url>https://a.example</url><url>https://b.example</url></safeList>";
    const request = put(`<extensionsSiteSettings>${safe}</extensionsSiteSettings>`);
    const { safeList } = await objectOf(await ana.onSite("/settings/extensions", request), "extensionsSiteSettings");
    expect(safeList).toMatchObject([{ url: "https://a.example" }, { url: "https://b.example" }]);
  });

  test("of a server are blocked by its administrators, and Tableau Cloud has no such address", async () => {
    const ana = await sandbox.administrator();
    const blocked = "<blockList>https://x.example</blockList><blockList>https://y.example</blockList>";
    const request = put(`<extensionsServerSettings>${blocked}</extensionsServerSettings>`);
    expect(await objectOf(await ana.call("/settings/extensions", request), "extensionsServerSettings")).toEqual({
      extensionsGloballyEnabled: true,
      blockList: ["https://x.example", "https://y.example"],
    });
    const victor = await sandbox.viewer();
    expect(await errorOf(await victor.call("/settings/extensions"))).toMatchObject({ code: "403004" });
    const cloud = await openTestSandbox();
    const there = await cloud.administrator();
    expect(await errorOf(await there.call("/settings/extensions"))).toMatchObject({ code: "404003" });
    await cloud.close();
  });
});
