import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

let now = 0;
let easel: TestEasel;
let tableau: FakeTableau;
let project: TestProject;
/** Calls that the fake Tableau has not answered yet. */
let open: ServerResponse[];

beforeAll(async () => {
  tableau = await startFakeTableau();
  easel = await startTestEasel({ egressAllow: [tableau.host], clock: () => Date.now() + now });
});
beforeEach(async () => {
  now = 0;
  open = [];
  tableau.answer((_request, response) => json(response, 200, {}));
  project = await easel.newProject();
  for (const user of ["ana", "elif"]) await project.connect(user, payload(`acme-${user}`));
});
afterAll(async () => {
  await easel.close();
  await tableau.close();
});

function payload(site: string) {
  return { serverUrl: tableau.url, site, method: "pat", tokenName: "easel", tokenSecret: `secret of ${site}` };
}

const call = (user: string, init: RequestInit = {}): Promise<Response> =>
  project.call(user, "/sdk/proxy/tableau/projects", init);

const setLimits = async (limits: unknown): Promise<unknown> => {
  const response = await project.manage("", { method: "PATCH", json: { limits } });
  return { status: response.status, limits: ((await response.json()) as { limits?: unknown }).limits };
};

/** A call that Tableau keeps waiting until `open` is answered. */
function begin(user: string): Promise<Response> {
  tableau.answer((_request, response) => void open.push(response));
  return call(user);
}

async function answerAll(calls: readonly Promise<Response>[]): Promise<number[]> {
  tableau.answer((_request, response) => json(response, 200, {}));
  for (const response of open.splice(0)) json(response, 200, {});
  return (await Promise.all(calls)).map(({ status }) => status);
}

describe("A limit on calls at a time", () => {
  test("of a user refuses what is too much, and says what, how much and when; others go on", async () => {
    await setLimits({ user: { atOnce: 2 } });
    const two = [begin("ana"), begin("ana")];
    await waitFor(() => open.length === 2);
    const refused = await call("ana", { headers: { origin: "http://localhost:1" } });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("ratelimit-policy")).toBe('"user-at-once";q=2;qu="concurrent-requests"');
    expect(refused.headers.get("ratelimit")).toBe('"user-at-once";r=0');
    expect(refused.headers.get("access-control-expose-headers")).toContain("ratelimit-policy");
    expect(await refused.json()).toMatchObject({
      code: "limit_reached",
      message: "This user has reached a limit that is set in Easel: 2 calls at a time.",
    });
    tableau.answer((_request, response) => json(response, 200, {}));
    expect((await call("elif")).status).toBe(200);
    expect(await answerAll(two)).toEqual([200, 200]);
    expect((await call("ana")).status).toBe(200);
  });

  test.each([
    ["project", "elif", "This project has reached"],
    ["site", "ana", "This project's use of the Tableau site has reached"],
  ] as const)("of a %s counts all its users", async (which, second, message) => {
    await setLimits({ [which]: { atOnce: 1 } });
    const first = begin("ana");
    await waitFor(() => open.length === 1);
    const refused = await call(second);
    expect(refused.status).toBe(429);
    expect(((await refused.json()) as { message: string }).message).toContain(message);
    expect(await answerAll([first])).toEqual([200]);
  });

  test("is free again after calls that failed, and after callers that went away", async () => {
    await setLimits({ user: { atOnce: 1 } });
    tableau.answer((request) => void request.socket.destroy());
    for (let count = 0; count < 3; count += 1) expect((await call("ana", { method: "POST" })).status).toBe(502);
    for (let count = 0; count < 3; count += 1) {
      const caller = new AbortController();
      tableau.answer((_request, response) => {
        open.push(response);
        caller.abort();
      });
      await expect(call("ana", { signal: caller.signal })).rejects.toThrow();
      await waitFor(() => open.at(-1)?.destroyed);
    }
    tableau.answer((_request, response) => json(response, 200, {}));
    expect(await waitFor(async () => (await call("ana")).status === 200)).toBe(true);
  });
});

describe("A limit on calls a minute", () => {
  test("lets a minute's through at once, refuses the next, and says when it will not", async () => {
    await setLimits({ user: { perMinute: 6 } });
    for (let count = 0; count < 6; count += 1) expect((await call("ana")).status).toBe(200);
    const refused = await call("ana");
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(7);
    expect(seconds).toBeLessThanOrEqual(10);
    expect(refused.headers.get("ratelimit-policy")).toBe('"user-per-minute";q=6;w=60');
    expect(refused.headers.get("ratelimit")).toBe(`"user-per-minute";r=0;t=${seconds}`);
    expect((await call("elif")).status).toBe(200);
    now += seconds * 1000;
    expect((await call("ana")).status).toBe(200);
    expect((await call("ana")).status).toBe(429);
  });

  test("that refuses uses up nothing of the others", async () => {
    await setLimits({ user: { perMinute: 1 }, project: { perMinute: 2 } });
    expect((await call("ana")).status).toBe(200);
    for (let count = 0; count < 5; count += 1) expect((await call("ana")).status).toBe(429);
    expect((await call("elif")).status).toBe(200);
  });

  test("leaves usage rows of what was refused, and nothing went to Tableau", async () => {
    await setLimits({ user: { perMinute: 1 } });
    await call("ana");
    const before = tableau.received.length;
    await call("ana");
    expect(tableau.received.length).toBe(before);
    const { calls } = (await (await project.manage("/usage?limit=1")).json()) as { calls: unknown[] };
    expect(calls[0]).toMatchObject({ status: 429, attempts: 0, retries: 0 });
  });
});

describe("The settings", () => {
  const DEFAULTS = {
    project: { atOnce: 4096, perMinute: null },
    user: { atOnce: 512, perMinute: null },
    site: { atOnce: 1024, perMinute: null },
  };

  test("begin with the defaults, keep what is left out, and go back by null", async () => {
    expect(((await (await project.manage("")).json()) as { limits: unknown }).limits).toEqual(DEFAULTS);
    await setLimits({ user: { atOnce: 3, perMinute: 100 } });
    expect(await setLimits({ user: { perMinute: 200 }, site: { atOnce: 5 } })).toEqual({
      status: 200,
      limits: { ...DEFAULTS, user: { atOnce: 3, perMinute: 200 }, site: { atOnce: 5, perMinute: null } },
    });
    expect(await setLimits({ user: { atOnce: null, perMinute: null }, site: { atOnce: null } })).toEqual({
      status: 200,
      limits: DEFAULTS,
    });
  });

  test("that are changed at the same time are all kept", async () => {
    await Promise.all([
      setLimits({ user: { atOnce: 7 } }),
      setLimits({ user: { perMinute: 70 } }),
      setLimits({ site: { atOnce: 8 } }),
    ]);
    expect(await setLimits({})).toMatchObject({
      limits: { user: { atOnce: 7, perMinute: 70 }, site: { atOnce: 8 } },
    });
  });

  test.each([
    { user: { atOnce: 0 } },
    { user: { perMinute: -1 } },
    { user: { atOnce: 1.5 } },
    { users: { atOnce: 1 } },
    { user: { atOnce: 1e9 } },
  ])("refuse %j", async (limits) => {
    expect(await setLimits(limits)).toMatchObject({ status: 400 });
  });
});
