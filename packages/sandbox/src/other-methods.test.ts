import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "./testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

describe("methods that an address does not have", () => {
  test("are 405 with those that it has, in both formats", async () => {
    for (const method of ["PATCH", "DELETE"]) {
      const answer = await session.onSite("/projects", { method });
      expect(await errorOf(answer)).toMatchObject({ code: "405000" });
      expect(answer.headers.get("allow")).toBe("GET, HEAD, POST, OPTIONS");
    }
    const xml = await session.onSite("/projects", { method: "PATCH", headers: { accept: "*/*" } });
    expect([xml.status, await xml.text()]).toEqual([405, expect.stringContaining('<error code="405000">')]);
  });

  test("OPTIONS says which it has, to anybody", async () => {
    const answer = await sandbox.call("/api/3.27/auth/signin/", { method: "OPTIONS" });
    expect([answer.status, answer.headers.get("allow"), await answer.text()]).toEqual([200, "POST, OPTIONS", ""]);
  });

  test("HEAD is GET without its body, refusals and bytes included", async () => {
    const { items } = await pageOf(
      await session.onSite("/workbooks?filter=name:eq:Board+Pack"),
      "workbooks",
      "workbook",
    );
    for (const path of ["/projects", "/nothing", "/projects?filter=nothing", `/workbooks/${items[0]?.id}/content`]) {
      const [whole, head] = [await session.onSite(path), await session.onSite(path, { method: "HEAD" })];
      expect([head.status, head.headers.get("content-type")]).toEqual([
        whole.status,
        whole.headers.get("content-type"),
      ]);
      expect(head.headers.get("content-length")).toBe(whole.headers.get("content-length"));
      expect((await head.arrayBuffer()).byteLength).toBe(0);
      await whole.body?.cancel();
    }
    const withoutGet = await session.call("/auth/signout", { method: "HEAD" });
    expect(withoutGet.status).toBe(405);
    expect((await session.onSite("/projects")).status).toBe(200);
  });
});
