import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { metadataOf } from "../testing/metadata.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let victor: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  victor = await sandbox.viewer();
});
afterAll(() => sandbox.close());

async function seenBy(session: SignedIn): Promise<Set<string>> {
  const { items } = await pageOf(await session.onSite("/workbooks?pageSize=1000"), "workbooks", "workbook");
  return new Set(items.map(({ id }) => z.string().parse(id)));
}

describe("what somebody may not see", () => {
  test("is there without its words, as long as results are obfuscated", async () => {
    const seen = await seenBy(victor);
    const rows = await metadataOf(victor).rows(
      "{ workbooks { luid name description projectName createdAt owner { name } } }",
    );
    expect(rows).toHaveLength((await metadataOf(ana).rows("{ workbooks { luid } }")).length);
    const hidden = rows.filter(({ luid }) => !seen.has(String(luid)));
    expect(hidden.length).toBeGreaterThan(0);
    for (const row of hidden)
      expect(row).toMatchObject({ name: null, projectName: null, createdAt: expect.any(String) });
    for (const row of rows) if (seen.has(String(row.luid))) expect(row.name).toEqual(expect.any(String));
  });

  test("is left out when results are filtered", async () => {
    const { rows, connection } = metadataOf(victor);
    const filtered = await rows("{ workbooks(permissionMode: FILTER_RESULTS) { luid name } }");
    expect(new Set(filtered.map(({ luid }) => luid))).toEqual(await seenBy(victor));
    const { totalCount } = await connection(
      "{ workbooksConnection(permissionMode: FILTER_RESULTS, first: 1) { nodes { luid } totalCount pageInfo { hasNextPage endCursor } } }",
    );
    expect(totalCount).toBe(filtered.length);
  });

  test("can't be found out by filtering", async () => {
    const seen = await seenBy(victor);
    const hidden = (await metadataOf(ana).rows("{ workbooks { luid name } }")).find(
      ({ luid }) => !seen.has(String(luid)),
    );
    const name = JSON.stringify(hidden?.name);
    const { data, errors } = await metadataOf(victor).ask(`{ workbooks(filter: { name: ${name} }) { luid } }`);
    expect(data).toEqual({ workbooks: [] });
    expect(errors).toMatchObject([
      { extensions: { severity: "WARNING", code: "PERMISSIONS_MODE_SWITCHED", properties: { workbooks: ["name"] } } },
    ]);
    const luid = JSON.stringify(hidden?.luid);
    const byId = await metadataOf(victor).rows(`{ workbooks(filter: { luid: ${luid} }) { luid name } }`);
    expect(byId).toEqual([{ luid: hidden?.luid, name: null }]);
  });

  test("is nothing to an administrator", async () => {
    const { data, errors } = await metadataOf(ana).ask(
      '{ workbooks(filter: { nameWithin: ["Customer 360"] }) { name } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ workbooks: [{ name: "Customer 360" }] });
  });

  test("is hidden along the lineage, too", async () => {
    const seen = await seenBy(victor);
    const rows = await metadataOf(victor).rows("{ publishedDatasources { downstreamWorkbooks { luid name } } }");
    const workbooks = rows.flatMap(({ downstreamWorkbooks }) =>
      z.array(z.object({ luid: z.string(), name: z.string().nullable() })).parse(downstreamWorkbooks),
    );
    expect(workbooks.some(({ name }) => name === null)).toBe(true);
    for (const { luid, name } of workbooks) expect(name !== null).toBe(seen.has(luid));
  });
});
