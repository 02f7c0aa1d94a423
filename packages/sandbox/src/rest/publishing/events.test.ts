import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openTestSandbox, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { publishFile, twb, workbookOf } from "../../testing/publishing.ts";
import { openReceiver, type Receiver } from "../../testing/receiver.ts";

let sandbox: TestSandbox;
let session: SignedIn;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(async () => {
  await sandbox.close();
  await receiver.close();
});

async function hook(event: string): Promise<void> {
  const url = `${receiver.url}/${event}`;
  const destination = { "webhook-destination-http": { method: "POST", url } };
  const body = JSON.stringify({ webhook: { name: event, event, "webhook-destination": destination } });
  const headers = { "content-type": "application/json" };
  expect((await session.onSite("/webhooks", { method: "POST", headers, body })).status).toBe(201);
}

const told = (event: string) => receiver.received.filter(({ path }) => path === `/${event}`);
const seen = (event: string, count: number) => vi.waitFor(() => expect(told(event).length, event).toBe(count), 15_000);

test("publishing, overwriting, changing and deleting are told to webhooks", async () => {
  for (const kind of ["Workbook", "Datasource"]) {
    for (const what of ["Created", "Updated", "Deleted"]) await hook(`${kind}${what}`);
  }
  await hook("ViewDeleted");

  const book = (...sheets: string[]) => ({ filename: "Book.twb", content: twb(...sheets) });
  const { id } = await workbookOf(await publishFile(session, "Told", book("One", "Two")));
  await seen("WorkbookCreated", 1);
  expect(JSON.parse(told("WorkbookCreated")[0]?.body ?? "")).toMatchObject({
    resource: "WORKBOOK",
    resource_name: "Told",
    resource_luid: id,
    site_luid: session.site.id,
  });
  await publishFile(session, "Told", book("One"), "&overwrite=true");
  await seen("WorkbookUpdated", 1);
  await seen("ViewDeleted", 1);
  await session.onSite(`/workbooks/${id}`, {
    method: "PUT",
    body: '<tsRequest><workbook name="Told twice"/></tsRequest>',
  });
  await seen("WorkbookUpdated", 2);
  await session.onSite(`/workbooks/${id}`, { method: "DELETE" });
  await seen("WorkbookDeleted", 1);
  await seen("ViewDeleted", 3);

  await publishFile(session, "Data", { filename: "a.hyper", content: "HyPer" }, "&asJob=true");
  expect(told("DatasourceCreated")).toEqual([]);
  await sandbox.order({ advanceClockMs: 60_000 });
  await seen("DatasourceCreated", 1);
  await publishFile(session, "Data", { filename: "a.hyper", content: "HyPer" }, "&append=true");
  await seen("DatasourceUpdated", 1);
});
