import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorOf, openTestSandbox, pat, signJwt, type TestSandbox } from "../testing/client.ts";

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await openTestSandbox();
});
afterEach(() => sandbox.close());

const stats = async () => (await sandbox.call("/__sandbox/stats")).json();

describe("stats", () => {
  test("count sign-ins that worked by identity, calls by route, and live sessions", async () => {
    const session = await sandbox.administrator();
    const { name, password } = sandbox.keys.user;
    await sandbox.signIn({ name, password });
    await sandbox.signIn({ name, password: "wrong" });
    await sandbox.byJwt([]);
    await session.onSite("/projects");
    await sandbox.call(`/API/3.1/Sites/${session.site.id}/PROJECTS/`);
    expect(await stats()).toEqual({
      signIns: { "pat:ana-automation": 1, [`password:${name}`]: 1, [`jwt:${name}`]: 1 },
      calls: { "POST /auth/signin": 4, "GET /sites/{siteId}/projects": 2 },
      sessions: 3,
    });
  });
});

describe("faults", () => {
  test("killSessions ends every session, and signing in works again", async () => {
    const session = await sandbox.administrator();
    expect((await sandbox.order({ killSessions: true })).status).toBe(200);
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
    expect(await stats()).toMatchObject({ sessions: 0 });
    await sandbox.administrator();
  });

  test("delays hold sign-ins and answers back for as long as they say", async () => {
    await sandbox.order({ signInDelayMs: 120, slowMs: 60 });
    const start = performance.now();
    const session = await sandbox.administrator();
    expect(performance.now() - start).toBeGreaterThanOrEqual(175);
    const between = performance.now();
    await session.onSite("/projects");
    expect(performance.now() - between).toBeGreaterThanOrEqual(55);
  });

  test("a deleted app secret and a revoked token fail sign-ins until restored", async () => {
    const session = await sandbox.administrator();
    await sandbox.order({ deleteAppSecret: true, revokePat: "ana-automation" });
    const byJwt = async () => sandbox.signIn({ jwt: await signJwt(sandbox, sandbox.now()) });
    expect(await errorOf(await byJwt())).toMatchObject({ code: "401001", detail: expect.stringContaining("(10085)") });
    expect(await errorOf(await sandbox.signIn(pat(sandbox, 0)))).toMatchObject({ code: "401001" });
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
    await sandbox.viewer();
    await sandbox.order({ restore: true });
    expect((await byJwt()).status).toBe(200);
    await sandbox.administrator();
  });

  test("the clock moves sessions to their end, and JWTs still sign in", async () => {
    const session = await sandbox.byJwt(["tableau:content:read"]);
    await sandbox.order({ advanceClockMs: 121 * 60 * 1000 });
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
    await sandbox.byJwt([]);
  });

  test.each([{ unknown: 1 }, { signInDelayMs: "5" }, { slowMs: -1 }, { killSessions: false }, []])(
    "%j is refused, in JSON",
    async (order) => {
      const answer = await sandbox.order(order);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({ message: expect.any(String) });
    },
  );
});
