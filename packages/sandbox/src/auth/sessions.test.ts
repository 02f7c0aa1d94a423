import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pat, type TestSandbox } from "../testing/client.ts";

const objectSchema = z.object({ id: z.string() });

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

describe("a session", () => {
  test("is asked for: no token is 401000, an unknown one 401002", async () => {
    const path = "/api/3.27/sessions/current";
    const headers = { accept: "application/json" };
    expect(await errorOf(await sandbox.call(path, { headers }))).toMatchObject({ code: "401000" });
    const unknown = await sandbox.call(path, { headers: { ...headers, "x-tableau-auth": "a|b|c" } });
    expect(await errorOf(unknown)).toMatchObject({ code: "401002" });
  });

  test("of a personal access token ends when the token signs in again, on the same site or another", async () => {
    const first = await sandbox.explorer();
    const second = await sandbox.explorer();
    expect(await errorOf(await first.onSite("/projects"))).toMatchObject({ code: "401002" });
    expect((await second.onSite("/projects")).status).toBe(200);
    const elsewhere = await sandbox.signIn({ ...pat(sandbox, 1), site: { contentUrl: "acme-labs" } });
    expect(elsewhere.status).toBe(200);
    expect(await errorOf(await second.onSite("/projects"))).toMatchObject({ code: "401002" });
  });

  test("of one token leaves another token's alone", async () => {
    const administrator = await sandbox.administrator();
    await sandbox.viewer();
    expect((await administrator.onSite("/projects")).status).toBe(200);
  });

  test("ends by signout, with 204 and no body", async () => {
    const session = await sandbox.viewer();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await session.call("/auth/signout", { method: "POST", headers });
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
  });

  test("ends after two idle hours, and not while it is used", async () => {
    const session = await sandbox.administrator();
    for (let hours = 0; hours < 4; hours++) {
      sandbox.advance(60 * 60 * 1000);
      expect((await session.onSite("/projects")).status).toBe(200);
    }
    sandbox.advance(120 * 60 * 1000);
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
  });

  test("ends a day after it began, however much it is used", async () => {
    const session = await sandbox.viewer();
    for (let hours = 0; hours < 23; hours++) {
      sandbox.advance(60 * 60 * 1000);
      expect((await session.onSite("/projects")).status).toBe(200);
    }
    sandbox.advance(60 * 60 * 1000);
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
  });

  test("opens its own site only", async () => {
    const session = await sandbox.administrator();
    const labs = await sandbox.signIn({ ...pat(sandbox, 1), site: { contentUrl: "acme-labs" } });
    const { site } = await objectOf(labs, "credentials");
    const other = await session.call(`/sites/${objectSchema.parse(site).id}/projects`);
    expect(await errorOf(other)).toMatchObject({ code: "403004" });
    const none = await session.call("/sites/00000000-0000-0000-0000-000000000000/projects");
    expect(await errorOf(none)).toMatchObject({ code: "404000" });
    expect((await session.call(`/sites/${session.site.id.toUpperCase()}/projects`)).status).toBe(200);
  });
});
