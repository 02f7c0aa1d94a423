import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { readCsv, readCsvUser } from "./csv.ts";

const ownedSchema = z.object({ owner: z.object({ name: z.string() }) });

describe("a line of the CSV file", () => {
  const roleOf = (written: string) => readCsvUser(readCsv(written)?.[0] ?? [])?.siteRole;
  test.each([
    ["ana@acme.example,,Ana,Creator,None,1,", "Creator"],
    ["ana,,,Explorer,,yes", "ExplorerCanPublish"],
    ["ana,,,explorer,none,false", "Explorer"],
    ["ana,,,ExplorerCanPublish,,1", "ExplorerCanPublish"],
    ["ana,,,Creator,Site,1", "SiteAdministratorCreator"],
    ["ana,,,Explorer,System,1", "SiteAdministratorExplorer"],
    ["ana,,,Viewer", "Viewer"],
    ["ana", "Unlicensed"],
    ["ana,,,King", undefined],
    [",,Nobody,Viewer", undefined],
  ])("%s is %s", (written, siteRole) => {
    expect(roleOf(written)).toBe(siteRole);
  });

  test("may have quotes, a byte order mark and a domain", () => {
    const lines = readCsv('\ufeff"acme\\ana@acme.example","","Silva, Ana",Viewer,,,"ana@acme.example"\n\n');
    expect(lines?.map(readCsvUser)).toEqual([
      {
        name: "ana@acme.example",
        fullName: "Silva, Ana",
        email: "ana@acme.example",
        siteRole: "Viewer",
        authSetting: undefined,
        passwordHash: undefined,
      },
    ]);
    expect(readCsv('"open')).toBeUndefined();
  });
});

describe("importing a file", () => {
  let sandbox: TestSandbox;
  let ana: SignedIn;
  beforeAll(async () => {
    sandbox = await openTestSandbox();
    ana = await sandbox.administrator();
  });
  afterAll(() => sandbox.close());

  const send = (path: string, part: string, csv: string, payload?: string) => {
    const form = new FormData();
    form.append(part, new Blob([csv]), "people.csv");
    if (payload !== undefined) form.append("request_payload", new Blob([payload], { type: "text/xml" }));
    return ana.onSite(path, { method: "POST", body: form });
  };
  const named = async (name: string) =>
    (await pageOf(await ana.onSite(`/users?filter=name:eq:${name}&fields=_all_`), "users", "user")).items[0];

  test("is a job that adds and changes users when it ends, and says how many", async () => {
    const csv = "new@acme.example,,New,Viewer,,,\nvictor.lange@acme.example,,,Explorer,,,\nbad,,,King,,,\n";
    const payload = '<tsRequest><user name="new@acme.example" authSetting="SAML"/></tsRequest>';
    const started = await send("/users/import", "tableau_user_import", csv, payload);
    const job = await objectOf(started, "job");
    expect(job).toMatchObject({ mode: "Asynchronous", type: "CreateSiteUsersCsv" });
    expect(await named("new@acme.example")).toBeUndefined();
    await sandbox.order({ advanceClockMs: 10_000 });
    expect(await named("new@acme.example")).toMatchObject({ fullName: "New", siteRole: "Viewer", authSetting: "SAML" });
    expect(await named("victor.lange@acme.example")).toMatchObject({ siteRole: "Explorer" });
    const ended = await objectOf(await ana.onSite(`/jobs/${job.id}`), "job");
    expect(ended).toMatchObject({ finishCode: "0" });
    const notes = Object.fromEntries(
      [...JSON.stringify(ended).matchAll(/"type":"(CountOf\w+)","value":"(\d+)"/g)].map(([, type, value]) => [
        type,
        value,
      ]),
    );
    expect(notes).toEqual({
      CountOfUsersProcessed: "3",
      CountOfUsersAddedToSite: "1",
      CountOfUsersSiteRoleUpdated: "1",
      CountOfUsersSkipped: "1",
    });
  });

  test("deletes by a file too, at once; who owns content stays without a licence", async () => {
    await send("/users/import", "tableau_user_import", "leaver@acme.example,,,Viewer\n");
    await sandbox.order({ advanceClockMs: 10_000 });
    expect(await named("leaver@acme.example")).toBeDefined();
    const { items } = await pageOf(await ana.onSite("/workbooks"), "workbooks", "workbook");
    const owners = items.map((workbook) => ownedSchema.parse(workbook).owner.name);
    const owner = owners.find((name) => name !== "ana.silva@acme.example") ?? "";
    const csv = `acme\\leaver@acme.example,,,,,,\nana.silva@acme.example\nnobody\n${owner}\n`;
    expect((await send("/users/delete", "tableau_user_delete", csv)).status).toBe(204);
    expect(await named("leaver@acme.example")).toBeUndefined();
    expect(await named("ana.silva@acme.example")).toMatchObject({ siteRole: "SiteAdministratorCreator" });
    expect(await named(owner)).toMatchObject({ siteRole: "Unlicensed" });
  });

  test("is refused without a file, and for a file that is none", async () => {
    const codeOf = async (answer: Promise<Response>) => (await errorOf(await answer)).code;
    expect(await codeOf(send("/users/import", "something", "a"))).toBe("400000");
    expect(await codeOf(send("/users/import", "tableau_user_import", '"open'))).toBe("400000");
    expect(await codeOf(ana.onSite("/users/import", { method: "POST", body: "a,b" }))).toBe("400000");
    expect(await codeOf(send("/users/import", "tableau_user_import", "a", "<nothing"))).toBe("400000");
  });
});
