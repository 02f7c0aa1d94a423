import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { zipOf } from "../../files/stored-zip.ts";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { publishBody, publishFile, seeded, twb, twbx, workbookOf } from "../../testing/publishing.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const put = (path: string, request: string, who = session) =>
  who.onSite(path, { method: "PUT", body: `<tsRequest>${request}</tsRequest>` });
const remove = (path: string, who = session) => who.onSite(path, { method: "DELETE" });
const bytesAt = async (path: string) => Buffer.from(await (await session.onSite(path)).arrayBuffer());
const fresh = async (name: string, content = twb("One", "Two")) =>
  workbookOf(await publishFile(session, name, { filename: "Book.twb", content }));

const validationSchema = z.object({
  uploadId: z.string().optional(),
  errors: z.array(z.unknown()),
  warnings: z.array(z.unknown()),
});

describe("downloads", () => {
  test("a workbook is as long as it says, the same each time, with Tableau's odd disposition", async () => {
    const { id, size } = await seeded(session, "workbooks", "Board Pack");
    const read = async () => {
      const answer = await session.onSite(`/workbooks/${id}/content`);
      expect(answer.headers.get("content-disposition")).toBe('name="tableau_workbook"; filename="Board Pack.twbx"');
      expect(answer.headers.get("content-type")).toBe("application/octet-stream");
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(answer.headers.get("content-length")).toBe(String(bytes.length));
      expect(bytes.length).toBe(Number(size) * 1024 * 1024);
      return createHash("sha256").update(bytes).digest("hex");
    };
    expect(await read()).toBe(await read());
  });

  test("what was downloaded can be published again and shows the same views", async () => {
    const { id } = await seeded(session, "workbooks", "Price/Volume Review");
    const answer = await session.onSite(`/workbooks/${id}/content`);
    expect(answer.headers.get("content-disposition")).toContain('filename="Price_Volume Review.twbx"');
    const content = Buffer.from(await answer.arrayBuffer());
    const original = await workbookOf(await session.onSite(`/workbooks/${id}`));
    const again = await workbookOf(await publishFile(session, "Copy", { filename: "Copy.twbx", content }));
    expect(again.views.map(({ name }) => name)).toEqual(original.views.map(({ name }) => name));
    expect((await bytesAt(`/workbooks/${again.id}/content`)).equals(content)).toBe(true);
    const csv = async (view: string | undefined) => (await bytesAt(`/views/${view}/data`)).toString();
    expect(await csv(again.views[1]?.id)).toBe(await csv(original.views[1]?.id));
  });

  test("without its extract a package is what is left of it", async () => {
    const document = twb("One");
    const content = twbx(document, "x".repeat(100_000));
    const workbook = await workbookOf(await publishFile(session, "Packed", { filename: "Packed.twbx", content }));
    const left = await bytesAt(`/workbooks/${workbook.id}/content?includeExtract=False`);
    expect(left.equals(zipOf([{ name: "Book.twb", content: Buffer.from(document) }]))).toBe(true);
    const { id } = await seeded(session, "workbooks", "Superstore");
    expect((await bytesAt(`/workbooks/${id}/content?includeExtract=false`)).length).toBeLessThan(100_000);
    expect(await errorOf(await session.onSite(`/workbooks/${id}/content?includeExtract=x`))).toMatchObject({
      code: "400008",
    });
  });

  test("a name outside of ASCII comes as RFC 5987 has it", async () => {
    const workbook = await fresh("Umsätze");
    const answer = await session.onSite(`/workbooks/${workbook.id}/content`);
    expect(answer.headers.get("content-disposition")).toBe(
      `name="tableau_workbook"; filename*=UTF-8''${encodeURIComponent("Umsätze.twb")}`,
    );
  });

  test("who may only look may not download", async () => {
    const { id } = await seeded(session, "workbooks", "Superstore");
    const viewer = await sandbox.viewer();
    expect((await errorOf(await viewer.onSite(`/workbooks/${id}/content`))).code).toMatch(/^4030/);
  });
});

describe("revisions", () => {
  test("each publish adds one; they are downloaded and removed, but for the current one", async () => {
    const contents = [twb("One"), twb("Two"), twb("Three")];
    const workbook = await fresh("Revised", contents[0]);
    for (const content of contents.slice(1)) {
      await publishFile(session, "Revised", { filename: "Book.twb", content }, "&overwrite=true");
    }
    const path = `/workbooks/${workbook.id}/revisions`;
    const list = async () => (await pageOf(await session.onSite(path), "revisions", "revision")).items;
    expect(await list()).toMatchObject([
      { revisionNumber: "1", current: false, deleted: false, publisher: { id: session.user.id } },
      { revisionNumber: "2", current: false },
      { revisionNumber: "3", current: true, sizeInBytes: String(contents[2]?.length) },
    ]);
    expect((await bytesAt(`${path}/1/content`)).toString()).toBe(contents[0]);
    expect((await remove(`${path}/1`)).status).toBe(204);
    expect(await errorOf(await session.onSite(`${path}/1/content`))).toMatchObject({ code: "404024" });
    expect((await list())[0]).toMatchObject({ revisionNumber: "1", deleted: true });
    expect(await errorOf(await remove(`${path}/3`))).toMatchObject({ code: "403055" });
    expect(await errorOf(await remove(`${path}/9`))).toMatchObject({ code: "404024" });
  });

  test("25 are kept", async () => {
    const workbook = await fresh("Often");
    for (let count = 0; count < 26; count++) {
      await publishFile(session, "Often", { filename: "Book.twb", content: twb("One") }, "&overwrite=true");
    }
    const answer = await session.onSite(`/workbooks/${workbook.id}/revisions`);
    const { items, pagination } = await pageOf(answer, "revisions", "revision");
    expect(pagination?.totalAvailable).toBe("25");
    expect([items[0]?.revisionNumber, items.at(-1)?.revisionNumber]).toEqual(["3", "27"]);
  });
});

describe("a workbook", () => {
  test("is found by its content URL, and lists its views with their usage when asked", async () => {
    const { id } = await seeded(session, "workbooks", "Superstore");
    expect(await objectOf(await session.onSite("/workbooks/Superstore?key=contentUrl"), "workbook")).toMatchObject({
      id,
    });
    expect(await errorOf(await session.onSite("/workbooks/Nothing?key=contentUrl"))).toMatchObject({ code: "404006" });
    const views = await objectOf(await session.onSite(`/workbooks/${id}/views?includeUsageStatistics=True`), "views");
    const schema = z.object({ view: z.array(z.object({ usage: z.object({ totalViewCount: z.string() }) })) });
    expect(schema.parse(views).view.length).toBeGreaterThan(2);
  });

  test("is changed in what a request says, and in nothing else", async () => {
    const { id } = await fresh("Before");
    const project = await seeded(session, "projects", "Sandbox");
    const policy =
      '<dataFreshnessPolicy option="FreshAt"><freshAtSchedule frequency="Week" time="22:00:00" timezone="UTC">';
    const days = '<intervals><interval weekDay="Monday"/></intervals></freshAtSchedule></dataFreshnessPolicy>';
    const attributes = 'name="After" showTabs="True" description="Ours" encryptExtracts="true"';
    const answer = await put(
      `/workbooks/${id}`,
      `<workbook ${attributes}><project id="${project.id}"/>${policy}${days}</workbook>`,
    );
    const changed = await objectOf(answer, "workbook");
    expect(changed).toMatchObject({
      name: "After",
      contentUrl: "Before",
      showTabs: "true",
      description: "Ours",
      encryptExtracts: "true",
      project: { name: "Sandbox" },
      dataFreshnessPolicy: { option: "FreshAt", freshAtSchedule: { intervals: { interval: [{ weekDay: "Monday" }] } } },
    });
    const json = JSON.stringify({ workbook: { dataAccelerationConfig: { accelerationEnabled: true } } });
    const headers = { "content-type": "application/json" };
    const again = await session.onSite(`/workbooks/${id}`, { method: "PUT", body: json, headers });
    expect(await objectOf(again, "workbook")).toMatchObject({
      ...changed,
      updatedAt: expect.any(String),
      dataAccelerationConfig: { accelerationEnabled: true },
    });
  });

  test("can't have a name that is taken, another's owner or a project that is not there", async () => {
    const { id } = await fresh("Lonely");
    await fresh("Neighbour");
    expect(await errorOf(await put(`/workbooks/${id}`, '<workbook name="neighbour"/>'))).toMatchObject({
      code: "409000",
    });
    expect(await errorOf(await put(`/workbooks/${id}`, '<workbook><owner id="x"/></workbook>'))).toMatchObject({
      code: "404002",
    });
    expect(await errorOf(await put(`/workbooks/${id}`, '<workbook><project id="x"/></workbook>'))).toMatchObject({
      code: "404005",
    });
    const explorer = await sandbox.explorer();
    const other = await seeded(session, "workbooks", "Superstore");
    expect((await errorOf(await put(`/workbooks/${other.id}`, '<workbook name="Mine"/>', explorer))).code).toBe(
      "403027",
    );
  });

  test("is deleted with its views", async () => {
    const workbook = await fresh("Gone");
    const viewer = await sandbox.viewer();
    expect((await remove(`/workbooks/${workbook.id}`, viewer)).status).toBe(403);
    expect((await remove(`/workbooks/${workbook.id}`)).status).toBe(204);
    expect(await errorOf(await session.onSite(`/workbooks/${workbook.id}`))).toMatchObject({ code: "404006" });
    expect((await session.onSite(`/views/${workbook.views[0]?.id}`)).status).toBe(404);
  });

  test("has connections that are changed one by one or several at once, without showing passwords", async () => {
    const content = twb("One").replace(
      "<worksheets>",
      "<datasources><datasource caption='Two databases' name='federated.1'><connection class='federated'><named-connections>" +
        "<named-connection name='a'><connection class='postgres' server='a.example' port='5432' username='u'/></named-connection>" +
        "<named-connection name='b'><connection class='sqlserver' server='b.example'/></named-connection>" +
        "</named-connections></connection></datasource></datasources><worksheets>",
    );
    const { id } = await fresh("Connected", content);
    const path = `/workbooks/${id}/connections`;
    const connectionSchema = z.looseObject({ id: z.string(), datasource: z.object({ name: z.string() }) });
    const schema = z.object({ connection: z.array(connectionSchema) });
    const read = async () => schema.parse(await objectOf(await session.onSite(path), "connections")).connection;
    const [first, second] = await read();
    expect(first).toMatchObject({ type: "postgres", serverAddress: "a.example", serverPort: "5432", userName: "u" });
    expect(second).toMatchObject({ type: "sqlserver", datasource: { name: "Two databases" } });
    const request = '<connection serverAddress="c.example" userName="v" password="s3cret-word" embedPassword="True"/>';
    const changed = await (await put(`${path}/${first?.id}`, request)).text();
    expect(JSON.parse(changed).connection).toMatchObject({
      serverAddress: "c.example",
      serverPort: "5432",
      embedPassword: true,
    });
    const luids = `<connectionLUIDs><connectionLUID>${first?.id}</connectionLUID><connectionLUID>${second?.id}</connectionLUID></connectionLUIDs>`;
    const several = await put(
      path,
      `${luids}<connection authenticationType="auth-keypair" userName="w" password="s3cret-word"/>`,
    );
    expect(several.status).toBe(200);
    const all = await read();
    expect(all).toMatchObject([{ authenticationType: "auth-keypair", userName: "w" }, { userName: "w" }]);
    expect(changed + JSON.stringify(all)).not.toContain("s3cret-word");
    expect(await errorOf(await put(`${path}/nothing`, request))).toMatchObject({ code: "404020" });
  });

  test("has extracts made and removed by jobs, where it has data sources of its own", async () => {
    const source =
      "<datasources><datasource caption='Own' name='a'><connection class='postgres' server='a'/></datasource></datasources>";
    const { id } = await fresh("Extracted", twb("One").replace("<worksheets>", `${source}<worksheets>`));
    const hasExtracts = async () =>
      (await objectOf(await session.onSite(`/workbooks/${id}?fields=hasExtracts`), "workbook")).hasExtracts;
    const run = async (what: string) => {
      const body = '<tsRequest><datasources includeAll="true"/></tsRequest>';
      const started = await session.onSite(`/workbooks/${id}/${what}`, { method: "POST", body });
      expect(started.status).toBe(202);
      await sandbox.order({ advanceClockMs: 60_000 });
    };
    expect(await hasExtracts()).toBe(false);
    await run("createExtract?encrypt=True");
    expect(await hasExtracts()).toBe(true);
    await run("deleteExtract");
    expect(await hasExtracts()).toBe(false);
    const { id: without } = await fresh("Without");
    const refused = await session.onSite(`/workbooks/${without}/createExtract`, { method: "POST" });
    expect(await errorOf(refused)).toMatchObject({ code: "409070" });
  });

  test("can be validated first, and is then an upload to publish", async () => {
    const validate = async (content: string) => {
      const request = publishBody("", { part: "tableau_workbook", filename: "Book.twb", content });
      const answer = await session.onSite("/workbooks/validateWorkbookAndUpload", request);
      return validationSchema.parse(await answer.json());
    };
    const wrong = await validate("<workbook><worksheets></workbook>");
    expect(wrong).toMatchObject({
      errors: [{ severity: "error", message: expect.stringContaining("worksheets"), line: 1 }],
    });
    expect(wrong).not.toHaveProperty("uploadId");
    const { uploadId, errors, warnings } = await validate(twb("Valid"));
    expect([errors, warnings]).toEqual([[], []]);
    const payload = publishBody('<tsRequest><workbook name="Validated"/></tsRequest>');
    const published = await session.onSite(`/workbooks?workbookType=twb&uploadSessionId=${uploadId}`, payload);
    expect((await workbookOf(published)).views.map(({ name }) => name)).toEqual(["Valid", "Board"]);
  });

  test("loses nothing in an older version that is one", async () => {
    const { id } = await seeded(session, "workbooks", "Superstore");
    const info = await session.onSite(`/workbooks/${id}/downGradeInfo?productVersion=2023.3`);
    expect(await info.json()).toEqual({ downgradeInfo: {} });
    expect(await errorOf(await session.onSite(`/workbooks/${id}/downGradeInfo`))).toMatchObject({ code: "400000" });
  });
});
