import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const json = { accept: "application/json" };
const signIn = (body: Uint8Array<ArrayBuffer>, contentType?: string) =>
  sandbox.call("/api/3.27/auth/signin", {
    method: "POST",
    body,
    headers: { ...json, ...(contentType === undefined ? {} : { "content-type": contentType }) },
  });
const bytes = (written: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(written);

describe("request bodies", () => {
  test.each([
    ["JSON sent as XML", '{"credentials":{}}', undefined],
    ["XML sent as JSON", "<tsRequest/>", "application/json"],
    ["XML that is cut off", '<tsRequest><credentials name="a"', "text/xml"],
    ["another root", "<other/>", "text/xml"],
    ["a document type", '<!DOCTYPE a [<!ENTITY b "c">]><tsRequest>&b;</tsRequest>', "text/xml"],
    ["deep nesting", `<tsRequest>${"<a>".repeat(50_000)}`, "text/xml"],
    ["JSON that is no object", "[]", "application/json"],
    ["hostile names", '<tsRequest><__proto__ a="b"/><constructor/></tsRequest>', "text/xml"],
    ["nothing", "", undefined],
  ])("%s is a malformed payload", async (_what, body, contentType) => {
    const answer = await signIn(bytes(body), contentType);
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatchObject({ code: "400000", summary: "Bad Request" });
  });

  test("what is null in JSON was left out, as tableau-api-lib signs in", async () => {
    const { name, secret } = sandbox.keys.pat;
    const credentials = { personalAccessTokenName: name, personalAccessTokenSecret: secret, user: { id: null } };
    const body = JSON.stringify({ credentials: { ...credentials, site: { contentUrl: "acme" } } });
    expect((await signIn(bytes(body), "application/json")).status).toBe(200);
  });

  test("more than 8 MB is refused, and the connection goes on", async () => {
    const answer = await signIn(new Uint8Array(9 * 1024 * 1024));
    expect(await errorOf(answer)).toMatchObject({ code: "413000" });
    expect((await signIn(bytes(""))).status).toBe(400);
  });

  test("any body, to any route, is answered in Tableau's shape and never by a failure", async () => {
    const paths = [
      ["POST", "/auth/signin"],
      ["POST", "/auth/switchSite"],
      ["POST", `/sites/${session.site.id}/projects`],
      ["PUT", `/sites/${session.site.id}/workbooks/${session.user.id}/tags`],
    ] as const;
    const piece = fc.constantFrom(
      "<tsRequest>",
      "</tsRequest>",
      "<project ",
      'name="',
      '"/>',
      "&amp;",
      "&#0;",
      "]]>",
      "<![CDATA[",
      '{"project":',
      "{}",
      "[1]",
      "null",
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.oneof(piece, fc.string())).map((parts) => bytes(parts.join(""))),
      fc.json().map(bytes),
    );
    const contentType = fc.constantFrom(
      "application/json",
      "text/xml",
      "application/xml",
      "multipart/mixed",
      ";;;",
      "text/plain; charset=x",
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), body, contentType, async ([method, path], content, type) => {
        const headers = { "content-type": type };
        const answer = await session.call(path, { method, body: Uint8Array.from(content), headers });
        expect(answer.status).toBeLessThan(500);
        if (!answer.ok) expect((await errorOf(answer)).code.slice(0, 3)).toBe(String(answer.status));
      }),
      { numRuns: 150 },
    );
  });

  test("any path and query is answered in Tableau's shape and never by a failure", async () => {
    const part = fc.oneof(
      fc.constantFrom("projects", "workbooks", "jobs", "sites", "..", "%2e%2e", "%zz", "%00", "%ff", session.site.id),
      fc.string().map(encodePart),
    );
    const query = fc.dictionary(
      fc.constantFrom("filter", "sort", "fields", "pageSize", "pageNumber", "key"),
      fc.oneof(
        fc.string(),
        fc.constantFrom("name:eq:a", "name:in:[a,b", "size:gt:x", "name:asc", "_all_", "owner.name", "0", "-1", "1e9"),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 3 }), query, async (parts, asked) => {
        const path = `/sites/${session.site.id}/${parts.join("/")}?${new URLSearchParams(asked)}`;
        const answer = await session.call(path);
        expect(answer.status, path).toBeLessThan(500);
        if (!answer.ok) expect((await errorOf(answer)).code.slice(0, 3)).toBe(String(answer.status));
        else await answer.arrayBuffer();
      }),
      { numRuns: 150 },
    );
  });
});

/** Lone surrogates have no encoding; a path can't hold them. */
function encodePart(written: string): string {
  return encodeURIComponent(written.toWellFormed());
}
