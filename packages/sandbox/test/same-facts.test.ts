import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../src/rest/table.ts";
import { openTestSandbox, type SignedIn, type TestSandbox } from "../src/testing/client.ts";
import { factsOfJson, factsOfXml } from "../src/testing/facts.ts";
import { answersBytes, walk } from "../src/testing/walk.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  // The clock stands still, so that nothing changes between an answer's two formats.
  const now = Date.now();
  sandbox = await openTestSandbox({ clock: () => now });
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

describe("one answer in both formats", () => {
  test("XML and JSON of every list and every item carry the same facts", { timeout: 120_000 }, async () => {
    const addresses = await walk(routes, { edition: "cloud", siteId: session.site.id, read: session.call });
    const differing: string[] = [];
    let compared = 0;
    for (const [template, found] of addresses) {
      if (answersBytes.test(template)) continue;
      for (const { path } of found) {
        for (const query of ["", "?fields=_all_&pageSize=1000"]) {
          const written = await session.call(path + query, { headers: { accept: "application/xml" } });
          if (!written.headers.get("content-type")?.startsWith("application/xml")) {
            await written.body?.cancel();
            break;
          }
          const [xml, json] = [await written.text(), await (await session.call(path + query)).text()];
          differing.push(...difference(factsOfXml(xml), factsOfJson(json)).map((fact) => `${path}${query}: ${fact}`));
          compared++;
        }
      }
    }
    expect(differing.slice(0, 20)).toEqual([]);
    expect(compared).toBeGreaterThan(100);
  });
});

/** What only one of the two says, each with the format that says it. */
function difference(inXml: readonly string[], inJson: readonly string[]): string[] {
  const [xml, json] = [new Set(inXml), new Set(inJson)];
  const only = (format: string, facts: Set<string>, other: Set<string>) =>
    [...facts].filter((fact) => !other.has(fact)).map((fact) => `only in ${format}: ${fact}`);
  return [...only("XML", xml, json), ...only("JSON", json, xml)];
}
