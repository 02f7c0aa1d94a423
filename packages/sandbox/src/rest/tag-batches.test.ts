import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import {
  errorOf,
  labelsOf,
  objectOf,
  openTestSandbox,
  pageOf,
  type SignedIn,
  type TestSandbox,
} from "../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

/** What can be tagged, by the names of TSC's requests: list, element, content type. */
const kinds = [
  ["workbooks", "workbook", "workbook"],
  ["views", "view", "view"],
  ["datasources", "datasource", "datasource"],
  ["flows", "flow", "flow"],
  ["virtualConnections", "virtualConnection", "virtualConnection"],
  ["databases", "database", "database"],
  ["tables", "table", "table"],
] as const;

type Target = { path: string; id: string; element: string; contentType: string };

async function oneOfEach(): Promise<Target[]> {
  return Promise.all(
    kinds.map(async ([path, element, contentType]) => {
      const { items } = await pageOf(await ana.onSite(`/${path}?pageSize=3`), path, element);
      return { path: `/${path}`, id: z.string().parse(items[0]?.id), element, contentType };
    }),
  );
}

function bodyOf(labels: string[], targets: Pick<Target, "id" | "contentType">[]): string {
  const tags = labels.map((label) => `<tag label="${label}"/>`).join("");
  const contents = targets.map(({ id, contentType }) => `<content id="${id}" contentType="${contentType}"/>`).join("");
  return `<tsRequest><tagBatch><tags>${tags}</tags><contents>${contents}</contents></tagBatch></tsRequest>`;
}

const batch = (what: string, body: string, session = ana) => session.onSite(`/tags:${what}`, { method: "PUT", body });

async function tagsOn({ path, id, element }: Target): Promise<string[]> {
  const answer = await ana.onSite(`${path}/${id}`);
  return labelsOf((await objectOf(answer, element)).tags);
}

describe("tags of many things at once", () => {
  test("are added to things of every kind, and removed again", async () => {
    const targets = await oneOfEach();
    const before = await Promise.all(targets.map(tagsOn));
    const created = await objectOf(await batch("batchCreate", bodyOf(["blue", "two words"], targets)), "tagBatch");
    expect(labelsOf(created.tags)).toEqual(["blue", "two words"]);
    const contents = z.object({ content: z.array(z.object({ id: z.string(), contentType: z.string() })) });
    expect(contents.parse(created.contents).content).toEqual(
      targets.map(({ id, contentType }) => ({ id, contentType })),
    );
    for (const target of targets) expect(await tagsOn(target)).toEqual(expect.arrayContaining(["blue", "two words"]));
    await batch("batchDelete", bodyOf(["BLUE", "two words", "never there"], targets));
    expect(await Promise.all(targets.map(tagsOn))).toEqual(before);
  });

  test("are also asked for without the site, with the colon encoded, and deleted by DELETE", async () => {
    const [workbook] = await oneOfEach();
    if (workbook === undefined) throw new Error("There are no workbooks.");
    const body = bodyOf(["mine"], [workbook]);
    expect((await ana.call("/tags:batchCreate", { method: "PUT", body })).status).toBe(200);
    expect(await tagsOn(workbook)).toContain("mine");
    expect((await ana.onSite("/tags%3AbatchDelete", { method: "DELETE", body })).status).toBe(200);
    expect(await tagsOn(workbook)).not.toContain("mine");
  });

  test("are added to all of a request or to none", async () => {
    const [workbook] = await oneOfEach();
    if (workbook === undefined) throw new Error("There are no workbooks.");
    const lost = { id: "00000000-0000-4000-8000-000000000000", contentType: "workbook" };
    const answer = await batch("batchCreate", bodyOf(["half"], [workbook, lost]));
    expect(await errorOf(answer)).toMatchObject({ code: "404038" });
    expect(await tagsOn(workbook)).not.toContain("half");
  });

  test("are refused on what their author may not change, and to Viewers", async () => {
    const database = (await oneOfEach()).filter(({ element }) => element === "database");
    const elif = await sandbox.explorer();
    expect(await errorOf(await batch("batchCreate", bodyOf(["x"], database), elif))).toMatchObject({ code: "403004" });
    const victor = await sandbox.viewer();
    expect(await errorOf(await batch("batchCreate", bodyOf(["x"], database), victor))).toMatchObject({
      code: "403004",
    });
  });
});
