import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { contentOfXml, factsOfJson, factsOfXml } from "../testing/facts.ts";
import { formatFor } from "./accept.ts";
import { type Element, list, record, text } from "./element.ts";
import { toJson } from "./json.ts";
import { toXml } from "./xml.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

describe("formats", () => {
  test("XML is the default, JSON only when Accept names it", async () => {
    for (const [accept, type] of [
      ["*/*", "xml"],
      ["application/xml", "xml"],
      ["text/html,application/xml;q=0.9,*/*;q=0.8", "xml"],
      ["application/json", "json"],
      ["application/json, text/plain, */*", "json"],
      ["application/xml;q=0.5, APPLICATION/JSON", "json"],
      ["application/json;q=0", "xml"],
    ] as const) {
      const answer = await sandbox.call("/api/3.27/serverinfo", { headers: { accept } });
      expect(answer.headers.get("content-type"), accept).toContain(`application/${type}`);
    }
  });

  test("any Accept header gives one of the two", () => {
    fc.assert(
      fc.property(fc.string(), (accept) => ["xml", "json"].includes(formatFor(accept))),
      { examples: [["__proto__"], ["constructor"]] },
    );
  });

  test("serverinfo answers at any version, in any letter case, to anybody, with text beside attributes as value", async () => {
    for (const path of [
      "/api/2.4/serverInfo",
      "/api/3.24/serverinfo",
      "/API/9.99/ServerInfo/",
      "/api/3.27/serverinfo",
    ]) {
      const answer = await sandbox.call(path, { headers: { accept: "application/json" } });
      const serverInfo = await objectOf(answer, "serverInfo");
      expect(serverInfo.restApiVersion).toBe("3.27");
      expect(serverInfo.productVersion).toEqual({ value: "2025.3.0", build: expect.stringMatching(/^20253\./) });
    }
  });

  test.each([
    "/projects",
    "/workbooks?fields=_all_",
    "/views?includeUsageStatistics=true",
    "/datasources",
    "/users?fields=_all_",
    "/jobs",
    "/workbooks?filter=name:eq:Superstore",
    "",
  ])("XML and JSON of %s carry the same facts", async (path) => {
    const xml = await (await session.onSite(path, { headers: { accept: "*/*" } })).text();
    const json = await (await session.onSite(path)).text();
    expect(factsOfXml(xml)).toEqual(factsOfJson(json));
  });

  test("errors come in both formats, on binary routes too", async () => {
    const path = "/views/00000000-0000-0000-0000-000000000000/data";
    expect(await (await session.onSite(path)).json()).toEqual({
      error: { code: "404011", summary: "Resource Not Found", detail: expect.any(String) },
    });
    const xml = await (await session.onSite(path, { headers: { accept: "*/*" } })).text();
    expect(xml).toMatch(/<error code="404011"><summary>Resource Not Found<\/summary><detail>[^<]+<\/detail><\/error>/);
  });

  test("what has no address is 404003, what has another method 405000", async () => {
    const code = async (path: string, method: string) => (await errorOf(await session.call(path, { method }))).code;
    expect(await code("/nothing/here", "GET")).toBe("404003");
    expect(await code("/serverinfo", "DELETE")).toBe("405000");
    expect((await sandbox.call("/api/3.99/auth/signout", { method: "POST" })).status).toBe(404);
  });

  test("any text in any element survives XML, but for what XML can't hold", () => {
    const value = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const element: Element = record("project", { name: one }, [text("notes", other), list("tags", "tag", [])]);
        expect(contentOfXml(toXml([element])).project).toEqual({ name: one, notes: other, tags: "" });
        expect(JSON.parse(toJson([element])).project).toEqual({ name: one, notes: other, tags: {} });
      }),
    );
  });
});
