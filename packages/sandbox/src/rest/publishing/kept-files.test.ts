import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { objectOf, openTestSandbox } from "../../testing/client.ts";
import { publishFile, seeded, twb, workbookOf } from "../../testing/publishing.ts";

const directory = await mkdtemp(join(tmpdir(), "easel-kept-files-test-"));
afterAll(() => rm(directory, { recursive: true, force: true }));

test("published files and what jobs are still to publish survive a restart; unfinished uploads don't", async () => {
  const stateFile = join(directory, "site.state");
  const before = await openTestSandbox({ stateFile });
  const session = await before.administrator();
  const content = twb("One");
  const { id } = await workbookOf(await publishFile(session, "Kept", { filename: "Book.twb", content }));
  await publishFile(session, "Coming", { filename: "a.hyper", content: "HyPer and rows" }, "&asJob=true");
  const upload = await objectOf(await session.onSite("/fileUploads", { method: "POST" }), "fileUpload");
  await session.onSite(`/fileUploads/${upload.uploadSessionId}`, { method: "PUT", body: "left behind" });
  expect((await readdir(`${stateFile}.files`)).length).toBe(3);
  await before.close();

  const after = await openTestSandbox({ stateFile });
  const again = await after.administrator();
  expect((await readdir(`${stateFile}.files`)).length).toBe(2);
  expect(await (await again.onSite(`/workbooks/${id}/content`)).text()).toBe(content);
  await after.order({ advanceClockMs: 60_000 });
  const coming = await seeded(again, "datasources", "Coming");
  expect(await (await again.onSite(`/datasources/${coming.id}/content`)).text()).toBe("HyPer and rows");
  await after.close();
});
