import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { publishBody, publishFile, seeded, twb, twbx, workbookOf } from "../../testing/publishing.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const book = (content: string | Uint8Array = twb("One", "Two"), filename = "Book.twb") => ({ filename, content });
const namesOf = ({ views }: { views: { name: string }[] }) => views.map(({ name }) => name);
const listed = async (name: string) =>
  (await pageOf(await session.onSite(`/workbooks?filter=name:eq:${name}`), "workbooks", "workbook")).items;

describe("publishing", () => {
  test("a workbook is created with 201, its address, and its sheets as views", async () => {
    const answer = await publishFile(session, "First", book());
    expect(answer.status).toBe(201);
    const workbook = await workbookOf(answer);
    expect(answer.headers.get("location")).toMatch(new RegExp(`/workbooks/${workbook.id}$`));
    expect(namesOf(workbook)).toEqual(["One", "Two", "Board"]);
    expect(workbook).toMatchObject({
      name: "First",
      contentUrl: "First",
      showTabs: "false",
      size: "1",
      project: { name: "Default" },
      owner: { id: session.user.id },
    });
    const views = await pageOf(await session.onSite("/views?filter=workbookName:eq:First"), "views", "view");
    expect(views.items.map(({ contentUrl }) => contentUrl)).toEqual([
      "First/sheets/One",
      "First/sheets/Two",
      "First/sheets/Board",
    ]);
  });

  test("JSON as good as XML: with nulls for what is not said, and views that are hidden", async () => {
    const project = await seeded(session, "projects", "Sandbox");
    const payload = JSON.stringify({
      workbook: {
        name: "From JSON",
        showTabs: true,
        description: null,
        project: { id: project.id },
        views: { view: [{ name: "Two", hidden: "true" }] },
        connections: {
          connection: [{ serverAddress: null, serverPort: null, connectionCredentials: { name: "me", password: "x" } }],
        },
      },
    });
    const file = { part: "tableau_workbook", ...book() };
    const answer = await session.onSite("/workbooks?overwrite=true", publishBody(payload, file, "application/json"));
    const workbook = await workbookOf(answer);
    expect(workbook).toMatchObject({ name: "From JSON", showTabs: "true", project: { name: "Sandbox" } });
    expect(namesOf(workbook)).toEqual(["One", "Board"]);
  });

  test("overwriting keeps the workbook and the views that are still there, and tells of the others", async () => {
    const first = await workbookOf(await publishFile(session, "Again", book()));
    const taken = await publishFile(session, "again", book());
    expect(await errorOf(taken)).toMatchObject({ code: "403007" });
    const second = await workbookOf(await publishFile(session, "Again", book(twb("Two", "Three")), "&overwrite=True"));
    expect(second.id).toBe(first.id);
    expect(namesOf(second)).toEqual(["Two", "Three", "Board"]);
    expect(second.views[0]?.id).toBe(first.views[1]?.id);
    expect((await session.onSite(`/views/${first.views[0]?.id}`)).status).toBe(404);
  });

  test("as a job, it is there when the job is done and not before", async () => {
    const started = await publishFile(session, "Later", book(twbx(twb("One")), "Book.twbx"), "&asJob=TRUE");
    expect(started.status).toBe(202);
    const job = await objectOf(started, "job");
    expect(job).toMatchObject({ mode: "Asynchronous", type: "PublishWorkbook", progress: "0" });
    expect(await listed("Later")).toEqual([]);
    await sandbox.order({ advanceClockMs: 2_000 });
    const running = await objectOf(await session.onSite(`/jobs/${job.id}`), "job");
    expect(running).not.toHaveProperty("finishCode");
    await sandbox.order({ advanceClockMs: 60_000 });
    expect(await objectOf(await session.onSite(`/jobs/${job.id}`), "job")).toMatchObject({ finishCode: "0" });
    expect(await listed("Later")).toMatchObject([{ name: "Later" }]);
  });

  test("what is wrong with the file, the job finds; what is wrong with the request, its sender is told", async () => {
    const started = await publishFile(session, "Broken", book("<workbook>"), "&asJob=true");
    const job = await objectOf(started, "job");
    await sandbox.order({ advanceClockMs: 60_000 });
    expect(await objectOf(await session.onSite(`/jobs/${job.id}`), "job")).toMatchObject({ finishCode: "1" });
    expect(await listed("Broken")).toEqual([]);
    await publishFile(session, "Taken", book());
    expect(await errorOf(await publishFile(session, "Taken", book(), "&asJob=true"))).toMatchObject({ code: "403007" });
  });

  test("one job at a time publishes a workbook, and a cancelled one publishes nothing", async () => {
    const job = await objectOf(await publishFile(session, "Busy", book(), "&asJob=true"), "job");
    expect(await errorOf(await publishFile(session, "busy", book(), "&overwrite=true"))).toMatchObject({
      code: "403131",
    });
    expect((await session.onSite(`/jobs/${job.id}`, { method: "PUT" })).status).toBe(200);
    await sandbox.order({ advanceClockMs: 60_000 });
    expect(await listed("Busy")).toEqual([]);
    expect((await publishFile(session, "Busy", book())).status).toBe(201);
  });

  test("credentials are used and never shown", async () => {
    const document = `<datasource formatted-name='db'><connection class='postgres' server='db.example' port='5432' username='old'/></datasource>`;
    const credentials = `<connectionCredentials name="reader" password="s3cret-word" embed="true"/>`;
    const payload = `<tsRequest><datasource name="Signed in">${credentials}</datasource></tsRequest>`;
    const file = { part: "tableau_datasource", filename: "db.tds", content: document };
    const answer = await session.onSite("/datasources", publishBody(payload, file));
    const { id } = await objectOf(answer, "datasource");
    const connections = await (await session.onSite(`/datasources/${id}/connections`)).text();
    expect(connections).toContain('"userName":"reader","embedPassword":true');
    const everything = await (await session.onSite(`/datasources/${id}?fields=_all_`)).text();
    expect(connections + everything).not.toContain("s3cret-word");
  });
});

describe("what can't be published", () => {
  const workbookPayload = '<tsRequest><workbook name="Nope"/></tsRequest>';
  const asWorkbook = (filename: string, content: string | Uint8Array) => ({
    part: "tableau_workbook",
    filename,
    content,
  });

  test.each([
    ["no file", "", publishBody(workbookPayload), "400000"],
    ["no name", "", publishBody("<tsRequest><workbook/></tsRequest>", asWorkbook("a.twb", twb("A"))), "400000"],
    ["a broken payload", "", publishBody("<tsRequest><workbook", asWorkbook("a.twb", twb("A"))), "400000"],
    ["another type of file", "", publishBody(workbookPayload, asWorkbook("a.tds", twb("A"))), "400020"],
    ["an upload without a type", "?uploadSessionId=1:a-1:0", publishBody(workbookPayload), "404015"],
    [
      "a flag that is no boolean",
      "?overwrite=maybe",
      publishBody(workbookPayload, asWorkbook("a.twb", twb("A"))),
      "400008",
    ],
    ["overwrite and append", "?overwrite=true&append=true", publishBody(workbookPayload), "400055"],
    ["a zip that says it is none", "", publishBody(workbookPayload, asWorkbook("a.twb", twbx(twb("A")))), "400011"],
    ["a .twb that says it is packed", "", publishBody(workbookPayload, asWorkbook("a.twbx", twb("A"))), "400011"],
    ["a data source as a workbook", "", publishBody(workbookPayload, asWorkbook("a.twb", "<datasource/>")), "400011"],
    ["text", "", publishBody(workbookPayload, asWorkbook("a.twb", "Hello.")), "400011"],
    ["nothing", "", publishBody(workbookPayload, asWorkbook("a.twb", "")), "400011"],
    ["a cut zip", "", publishBody(workbookPayload, asWorkbook("a.twbx", twbx(twb("A")).subarray(0, 200))), "400011"],
    [
      "entities",
      "",
      publishBody(workbookPayload, asWorkbook("a.twb", "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>")),
      "400011",
    ],
  ])("%s is refused", async (_what, query, request, code) => {
    expect(await errorOf(await session.onSite(`/workbooks${query}`, request))).toMatchObject({ code });
    expect(await listed("Nope")).toEqual([]);
  });

  test("who may not publish here is told so", async () => {
    const viewer = await sandbox.viewer();
    expect(await errorOf(await publishFile(viewer, "Mine", book()))).toMatchObject({ code: "403007" });
    const explorer = await sandbox.explorer();
    expect(await errorOf(await publishFile(explorer, "Mine", book()))).toMatchObject({ code: "403007" });
    const jwt = await sandbox.byJwt(["tableau:content:read"]);
    expect(await errorOf(await publishFile(jwt, "Mine", book()))).toMatchObject({ code: "401002" });
  });

  test("a project that is not there, and a source that is not there unless nobody is to look", async () => {
    const id = "00000000-0000-0000-0000-000000000000";
    const payload = `<tsRequest><workbook name="Lost"><project id="${id}"/></workbook></tsRequest>`;
    const lost = await session.onSite("/workbooks", publishBody(payload, asWorkbook("a.twb", twb("A"))));
    expect(await errorOf(lost)).toMatchObject({ code: "404005" });
    const source =
      "<datasource caption='X' name='sqlproxy.1'><connection class='sqlproxy' dbname='NotHere'/></datasource>";
    const document = twb("A").replace("<worksheets>", `<datasources>${source}</datasources><worksheets>`);
    expect(await errorOf(await publishFile(session, "Lost", book(document)))).toMatchObject({ code: "403132" });
    expect((await publishFile(session, "Lost", book(document), "&skipConnectionCheck=true")).status).toBe(201);
  });

  test("any bytes at all are answered in Tableau's shape and never by a failure", async () => {
    const start = fc.constantFrom(
      "PK\u0003\u0004",
      "<workbook>",
      "<?xml version='1.0'?>",
      "HyPer",
      "PAR1",
      "\ufeff<",
      "",
    );
    const type = fc.constantFrom("twb", "twbx", "tds", "tdsx", "hyper");
    await fc.assert(
      fc.asyncProperty(type, start, fc.uint8Array({ maxLength: 300 }), async (extension, first, rest) => {
        const content = Buffer.concat([Buffer.from(first), rest]);
        const answer = await publishFile(session, "Noise", { filename: `a.${extension}`, content }, "&overwrite=true");
        expect(answer.status).toBeLessThan(500);
        if (!answer.ok) expect((await errorOf(answer)).code).toBe("400011");
      }),
      { numRuns: 60 },
    );
  });
});
