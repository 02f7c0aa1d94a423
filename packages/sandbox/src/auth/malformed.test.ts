import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox({ edition: "server" });
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const json = { "content-type": "application/json" };

/** What is not taken is refused in Tableau's shape, as the client's mistake. */
async function expectSane(answer: Response): Promise<void> {
  expect(answer.status).toBeLessThan(500);
  if (answer.status >= 400) expect((await errorOf(answer)).code.slice(0, 3)).toBe(String(answer.status));
}

describe("whatever is sent", () => {
  const fields = [
    "name",
    "password",
    "personalAccessTokenName",
    "personalAccessTokenSecret",
    "jwt",
    "isUat",
    "site",
    "user",
  ];
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("", "acme", { contentUrl: "acme" }, { contentUrl: null }, { id: "x" }, [[]], {}),
  );
  const credentials = fc.oneof(value, fc.dictionary(fc.constantFrom(...fields), value));

  test("as credentials, signing in answers", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.record({ credentials })), async (body) => {
        const init = { method: "POST", body: JSON.stringify(body), headers: { ...json, accept: "application/json" } };
        await expectSane(await sandbox.call("/api/3.27/auth/signin", init));
      }),
      { numRuns: 200 },
    );
  });

  test("as deep as it may be, signing in answers", async () => {
    for (const body of [
      `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
      `${'{"credentials":'.repeat(50_000)}1${"}".repeat(50_000)}`,
    ]) {
      const init = { method: "POST", body, headers: { ...json, accept: "application/json" } };
      expect((await sandbox.call("/api/3.27/auth/signin", init)).status).toBe(400);
    }
  });

  test("as a JWT, signing in refuses it", async () => {
    const part = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.jsonValue().map((one) => Buffer.from(JSON.stringify(one)).toString("base64url")),
      fc
        .record({ alg: fc.constantFrom("HS256", "RS256", "none", 5), kid: fc.jsonValue(), iss: fc.jsonValue() })
        .map((one) => Buffer.from(JSON.stringify(one)).toString("base64url")),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), fc.boolean(), async (parts, isUat) => {
        const answer = await sandbox.signIn({ jwt: parts.join("."), isUat });
        expect(await errorOf(answer)).toMatchObject({ code: "401001" });
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["PUT", ""],
    ["PUT", "/settings/embedding"],
    ["PUT", "/settings/mcp"],
    ["POST", "/connected-applications"],
    ["POST", "/connected-apps/external-authorization-servers"],
  ])("as the body of %s S%s, it answers", async (method, path) => {
    const names = ["site", "connectedApplication", "externalAuthorizationServer", "mcpSiteSettings"];
    const inner = [
      "settings",
      "name",
      "enabled",
      "projectIds",
      "projectId",
      "issuerUrl",
      "domainSafelist",
      "userQuota",
    ];
    const body = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.dictionary(fc.constantFrom(...inner), value))),
    );
    await fc.assert(
      fc.asyncProperty(body, async (content) => {
        await expectSane(await session.onSite(path, { method, body: JSON.stringify(content), headers: json }));
      }),
      { numRuns: 100 },
    );
  });
});
