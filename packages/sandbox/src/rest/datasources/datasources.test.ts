import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { publishBody, publishFile, seeded } from "../../testing/publishing.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const hyper = { filename: "rows.hyper", content: "HyPer\b and rows" };
const tds = `<?xml version='1.0'?><datasource formatted-name='Sales db'>
  <connection class='federated'><named-connections><named-connection name='a'>
    <connection class='postgres' dbname='sales' server='db.example' port='5432' username='reader'/>
  </named-connection></named-connections></connection>
  <column caption='Net sales' datatype='real' name='[net]' role='measure' type='quantitative'/>
  <column datatype='string' name='[Region]' role='dimension' type='nominal'/>
</datasource>`;
const fresh = async (name: string, file = hyper): Promise<Record<string, unknown> & { id: string }> => {
  const datasource = await objectOf(await publishFile(session, name, file), "datasource");
  return { ...datasource, id: String(datasource.id) };
};
const show = async (id: string) => objectOf(await session.onSite(`/datasources/${id}`), "datasource");
const put = (id: string, request: string) =>
  session.onSite(`/datasources/${id}`, { method: "PUT", body: `<tsRequest>${request}</tsRequest>` });
const patch = (path: string, actions: unknown, requestId?: string) =>
  session.onSite(`/datasources/${path}`, {
    method: "PATCH",
    body: JSON.stringify({ actions }),
    headers: { "content-type": "application/json", ...(requestId === undefined ? {} : { requestid: requestId }) },
  });

const connectionsSchema = z.object({ connection: z.array(z.looseObject({ id: z.string() })) });
const connectionsOf = async (id: string) =>
  connectionsSchema.parse(await objectOf(await session.onSite(`/datasources/${id}/connections`), "connections"))
    .connection;

describe("data sources", () => {
  test("of each kind are published, and downloads are the same bytes", async () => {
    const described = await objectOf(
      await publishFile(session, "Described", { filename: "a.tds", content: tds }),
      "datasource",
    );
    expect(described).toMatchObject({ type: "postgres", contentUrl: "Described", hasExtracts: false, size: "1" });
    expect(await connectionsOf(String(described.id))).toMatchObject([
      { type: "postgres", serverAddress: "db.example", serverPort: "5432", userName: "reader" },
    ]);
    const data = await fresh("Data alone");
    expect(data).toMatchObject({ type: "hyper", hasExtracts: true });
    const answer = await session.onSite(`/datasources/${data.id}/content`);
    expect(answer.headers.get("content-disposition")).toBe('name="tableau_datasource"; filename="Data alone.hyper"');
    expect(await answer.text()).toBe(hyper.content);
    const parquet = { filename: "rows.parquet", content: "PAR1 and rows PAR1" };
    expect((await fresh("Columns", parquet)).type).toBe("parquet");
  });

  test("the seed's are downloaded as packages that can be published again", async () => {
    const orders = await seeded(session, "datasources", "Orders");
    const answer = await session.onSite(`/datasources/${orders.id}/content`);
    const content = Buffer.from(await answer.arrayBuffer());
    expect(content.length).toBe(Number(orders.size) * 1024 * 1024);
    const again = await publishFile(session, "Orders again", { filename: "Orders.tdsx", content });
    expect(await objectOf(again, "datasource")).toMatchObject({ type: orders.type, hasExtracts: orders.hasExtracts });
  });

  test("are overwritten with their id, and appended to without a new revision", async () => {
    const { id, updatedAt } = await fresh("Growing");
    expect(await errorOf(await publishFile(session, "Growing", hyper))).toMatchObject({ code: "403007" });
    sandbox.advance(5_000);
    const appended = await objectOf(await publishFile(session, "Growing", hyper, "&append=true"), "datasource");
    expect(appended.id).toBe(id);
    expect(appended.updatedAt).not.toBe(updatedAt);
    await publishFile(session, "Growing", { filename: "a.tds", content: tds }, "&overwrite=true");
    const { items } = await pageOf(await session.onSite(`/datasources/${id}/revisions`), "revisions", "revision");
    expect(items.map(({ revisionNumber }) => revisionNumber)).toEqual(["1", "2"]);
    expect(await show(id)).toMatchObject({ type: "postgres" });
    const nothing = await publishFile(session, "Not there", hyper, "&append=true");
    expect(await errorOf(nothing)).toMatchObject({ code: "404004" });
  });

  test("as a job, it is there when the job is done", async () => {
    const started = await publishFile(session, "By a job", hyper, "&asJob=True");
    const job = await objectOf(started, "job");
    expect(job).toMatchObject({ mode: "Asynchronous", type: "PublishDatasource" });
    await sandbox.order({ advanceClockMs: 60_000 });
    expect(await seeded(session, "datasources", "By a job")).toMatchObject({ type: "hyper" });
  });

  test.each([
    ["of another kind", "rows.hyper", tds, "400011"],
    ["that is no .tds", "a.tds", "<workbook/>", "400011"],
    ["with another extension", "a.csv", "a,b", "400010"],
  ])("a file %s is refused", async (_what, filename, content, code) => {
    const file = { part: "tableau_datasource", filename, content };
    const request = publishBody('<tsRequest><datasource name="No"/></tsRequest>', file);
    expect(await errorOf(await session.onSite("/datasources", request))).toMatchObject({ code });
  });

  test("are certified, moved and renamed by what a request says", async () => {
    const { id } = await fresh("To certify");
    const project = await seeded(session, "projects", "Sandbox");
    const attributes = 'isCertified="True" certificationNote="Checked" encryptExtracts="true" name="Certified"';
    const changed = await objectOf(
      await put(id, `<datasource ${attributes}><project id="${project.id}"/></datasource>`),
      "datasource",
    );
    expect(changed).toMatchObject({
      name: "Certified",
      isCertified: true,
      certificationNote: "Checked",
      encryptExtracts: "true",
      project: { name: "Sandbox" },
    });
    expect(await objectOf(await put(id, '<datasource isCertified="false"/>'), "datasource")).not.toHaveProperty(
      "certificationNote",
    );
    await fresh("Taken here");
    const back = await seeded(session, "projects", "Default");
    const conflict = await put(id, `<datasource name="TAKEN HERE"><project id="${back.id}"/></datasource>`);
    expect(await errorOf(conflict)).toMatchObject({ code: "409015" });
  });

  test("are found by what they connect to, and by how many workbooks connect to them", async () => {
    const count = async (filter: string) =>
      (await pageOf(await session.onSite(`/datasources?filter=${filter}`), "datasources", "datasource")).items.length;
    expect(await count("connectionType:eq:snowflake")).toBeGreaterThan(2);
    expect(await count("serverPort:eq:443,connectionType:eq:snowflake")).toBeGreaterThan(2);
    expect(await count("connectedWorkbooksCount:gt:0")).toBeGreaterThan(5);
    expect(await count("hasEmbeddedPassword:eq:true,isPublished:eq:true,isCertified:eq:true")).toBeGreaterThan(2);
    const superstore = await session.onSite("/datasources?filter=name:eq:Superstore+Datasource&fields=_all_");
    expect((await pageOf(superstore, "datasources", "datasource")).items[0]).toMatchObject({
      connectedWorkbooksCount: expect.stringMatching(/^[1-9]/),
      serverName: "localhost",
      isPublished: true,
    });
  });

  test("are deleted, and workbooks no longer lead to them", async () => {
    const { id } = await fresh("Going");
    expect((await session.onSite(`/datasources/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await session.onSite(`/datasources/${id}`))).toMatchObject({ code: "404004" });
  });
});

describe("changing rows", () => {
  const insert = { action: "insert", "source-table": "new", "target-schema": "Extract", "target-table": "Extract" };

  test("is a job that one RequestID starts once", async () => {
    const { id } = await fresh("Rows");
    const started = await patch(`${id}/data`, [insert], "request-1");
    expect(started.status).toBe(202);
    const job = await objectOf(started, "job");
    const [connection] = await connectionsOf(id);
    expect(job).toMatchObject({
      type: "UpdateUploadedFile",
      updateUploadedFileJob: { datasource: { id, name: "Rows" }, connectionLuid: connection?.id },
    });
    expect(await objectOf(await patch(`${id}/data`, [insert], "request-1"), "job")).toMatchObject({ id: job.id });
    const other = await patch(`${id}/connections/${connection?.id}/data`, [insert], "request-2");
    expect((await objectOf(other, "job")).id).not.toBe(job.id);
    const before = await show(id);
    await sandbox.order({ advanceClockMs: 60_000 });
    expect((await show(id)).updatedAt).not.toBe(before.updatedAt);
  });

  test("needs a RequestID, actions that are some, an upload and a connection that are there", async () => {
    const { id } = await fresh("Strict");
    expect(await errorOf(await patch(`${id}/data`, [insert]))).toMatchObject({ code: "400000" });
    for (const actions of [
      [],
      "x",
      [{ action: "explode" }],
      [{ ...insert, "target-table": undefined }],
      [{ action: "update" }],
    ]) {
      expect(await errorOf(await patch(`${id}/data`, actions, "r")), JSON.stringify(actions)).toMatchObject({
        code: "400000",
      });
    }
    expect(await errorOf(await patch(`${id}/data?uploadSessionId=1:a-1:0`, [insert], "r"))).toMatchObject({
      code: "404015",
    });
    expect(await errorOf(await patch(`${id}/connections/x/data`, [insert], "r"))).toMatchObject({ code: "404020" });
    expect(await errorOf(await patch("x/data", [insert], "r"))).toMatchObject({ code: "404004" });
  });
});
