import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../src/rest/table.ts";
import { openTestSandbox, type SignedIn, type TestSandbox } from "../src/testing/client.ts";
import { problemsOf, whyUnchecked, type XmlAnswer } from "../src/testing/schema.ts";
import { answersBytes, walk } from "../src/testing/walk.ts";
import { type Life, live } from "./life.ts";

/** GET routes that have nothing to show even after the writes, each with the reason. */
const nothingToShow = new Map<string, string>([
  ["/sites", "a list for server administrators, which Tableau Cloud has none of"],
  ["/sites/{siteId}/site-oidc-configuration/{configurationId}", "no identity provider is set up"],
  ["/sites/{siteId}/site-oidc-configuration", "no identity provider is set up"],
  ["/sites/{siteId}/workbooks/{id}/downGradeInfo", "needs the version to go back to"],
  ["/connected-apps/external-authorization-servers/{serverId}", "those of the whole server: as those of a site"],
]);

const skipped = whyUnchecked === undefined ? "" : ` (skipped: ${whyUnchecked})`;

describe.skipIf(whyUnchecked !== undefined)(`Tableau's own schema${skipped}`, () => {
  describe.each(["cloud", "server"] as const)("for the edition %s", (edition) => {
    let sandbox: TestSandbox;
    let session: SignedIn;
    let life: Life;
    beforeAll(async () => {
      sandbox = await openTestSandbox({ edition });
      session = await sandbox.administrator();
      life = await live(session, edition);
    }, 60_000);
    afterAll(() => sandbox.close());

    test("accepts the answer of every GET route", { timeout: 120_000 }, async () => {
      const answers: XmlAnswer[] = [];
      const unseen: string[] = [];
      const { known } = life;
      const addresses = await walk(routes, { edition, siteId: session.site.id, read: session.call, known });
      for (const [template, found] of addresses) {
        if (answersBytes.test(template)) continue;
        const seen = await Promise.all(found.map(({ path }) => xmlAnswersOf(session, template, path)));
        if (!seen.some(({ isThere }) => isThere) && !nothingToShow.has(template)) unseen.push(template);
        for (const { xml } of seen) answers.push(...xml);
      }
      expect(new Set(await problemsOf(answers))).toEqual(new Set());
      expect(unseen).toEqual([]);
    });

    test("accepts the answers to a life of writes", async () => {
      await life.end();
      expect(new Set(await problemsOf(life.answers))).toEqual(new Set());
      expect(life.answers.length).toBeGreaterThan(50);
    });
  });

  test("would tell what is wrong", async () => {
    const envelope = (content: string) => `<tsResponse xmlns="http://tableau.com/api">${content}</tsResponse>`;
    const problems = await problemsOf([
      { name: "right", xml: envelope('<tags><tag label="a"/></tags>') },
      { name: "wrong", xml: envelope('<tags><tag name="a"/></tags>') },
      { name: "cut off", xml: envelope("<tags") },
    ]);
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(expect.arrayContaining(["wrong", "cut off"]));
    expect(problems.some((problem) => problem.startsWith("right"))).toBe(false);
  });
});

/** What an address answers by default, and with everything that it can be asked for. */
async function xmlAnswersOf(session: SignedIn, template: string, path: string) {
  const xml: XmlAnswer[] = [];
  let isThere = false;
  for (const query of ["", "?fields=_all_&pageSize=1000"]) {
    const answer = await session.call(path + query, { headers: { accept: "application/xml" } });
    isThere ||= answer.ok;
    if (!answer.headers.get("content-type")?.startsWith("application/xml")) {
      await answer.body?.cancel();
      break;
    }
    xml.push({ name: `GET ${template}${query}`, xml: await answer.text() });
  }
  return { xml, isThere };
}
