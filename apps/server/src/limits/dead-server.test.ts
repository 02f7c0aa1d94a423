import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type BreakableWay, breakableWay } from "../testing/breakable-way.ts";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

/** How far the server's clock is ahead, in milliseconds. */
let ahead = 0;
let easel: TestEasel;
let tableau: FakeTableau;
let way: BreakableWay;
beforeAll(async () => {
  tableau = await startFakeTableau();
  tableau.answer((_request, response) => json(response, 200, {}));
  way = await breakableWay(tableau.url);
  easel = await startTestEasel({
    egressAllow: [way.host],
    clock: () => Date.now() + ahead,
    patience: { firstByteTimeoutMs: 30_000 },
  });
  await easel.project.connect("of-the-dead", {
    serverUrl: way.url,
    site: "acme",
    method: "pat",
    tokenName: "easel",
    tokenSecret: "the secret",
  });
  await easel.project.connect("of-the-good");
});
beforeEach(async () => {
  await way.be("open");
  await waitFor(async () => {
    ahead += 60_000;
    return (await callDead()).status === 200;
  });
});
afterAll(async () => {
  await easel.close();
  await way.close();
  await tableau.close();
});

const callDead = (init: RequestInit = {}): Promise<Response> =>
  easel.project.call("of-the-dead", "/sdk/proxy/tableau/projects", init);
const callGood = (): Promise<Response> => easel.project.call("of-the-good", "/sdk/proxy/tableau/projects?pageSize=1");

async function refusalOf(response: Response): Promise<{ status: number; code: string; seconds: number; text: string }> {
  const { code, message } = (await response.json()) as { code: string; message: string };
  return { status: response.status, code, seconds: Number(response.headers.get("retry-after")), text: message };
}

describe("A server that takes no connection", () => {
  test("is left alone after five calls, and the refusal says which and until when", async () => {
    await way.be("refusing");
    // Each GET is tried three times.
    expect((await callDead()).status).toBe(502);
    expect((await callDead()).status).toBe(502);
    const refused = await refusalOf(await callDead());
    expect(refused).toMatchObject({ status: 503, code: "server_unavailable" });
    expect(refused.text).toContain(way.host);
    expect(refused.seconds).toBeGreaterThan(0);
    expect(refused.seconds).toBeLessThanOrEqual(5);
    expect((await callGood()).status).toBe(200);
  });

  test("is asked once the time is over, by one call of many, and used again when it is back", async () => {
    await way.be("refusing");
    await waitFor(async () => (await callDead()).status === 503);
    await way.be("open");
    expect((await callDead()).status).toBe(503);
    ahead += 5001;
    const before = tableau.received.filter(({ url }) => url.endsWith("/serverinfo")).length;
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => callDead()))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    expect(tableau.received.filter(({ url }) => url.endsWith("/serverinfo")).length).toBe(before + 1);
    expect((await callDead()).status).toBe(200);
  });
});

describe("A server that takes connections and says nothing", () => {
  test("is found out while its calls wait, costs others nothing, and is told truthfully", {
    timeout: 60_000,
  }, async () => {
    await way.be("silent");
    const waiting = Array.from({ length: 40 }, () => callDead({ method: "POST", body: "{}" }));
    await waitFor(() => way.open() >= 40);
    const latencies: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      const began = performance.now();
      expect((await callGood()).status).toBe(200);
      latencies.push(performance.now() - began);
    }
    expect(Math.min(...latencies)).toBeLessThan(1000);
    ahead += 10_001;
    // The call that comes now makes Easel ask; nobody waits for that but the breaker.
    const caller = new AbortController();
    const asking = callDead({ signal: caller.signal }).catch(() => null);
    const refused = await waitFor(async () => {
      const answer = await callDead({ signal: AbortSignal.timeout(500) }).catch(() => null);
      const found = answer && (await refusalOf(answer));
      return found?.status === 503 && found;
    });
    expect(refused.code).toBe("server_unavailable");
    caller.abort();
    await asking;
    expect((await callGood()).status).toBe(200);
    await way.be("refusing");
    const ended = await Promise.all(waiting);
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set([502]));
  });

  test("lives, where it answers others: calls that take long open nothing", async () => {
    const held: (() => void)[] = [];
    tableau.answer((_request, response) => void held.push(() => json(response, 200, {})));
    const slow = Array.from({ length: 20 }, () => callDead());
    await waitFor(() => held.length === 20);
    ahead += 10_001;
    const asked = callDead();
    await waitFor(() => held.length === 21);
    tableau.answer((_request, response) => json(response, 200, {}));
    expect((await callDead()).status).toBe(200);
    for (const answer of held) answer();
    const statuses = (await Promise.all([...slow, asked])).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

test("a server that answers only errors is called all the same", async () => {
  tableau.answer((_request, response) => json(response, 500, {}));
  for (let count = 0; count < 20; count += 1) expect((await callDead()).status).toBe(500);
  tableau.answer((_request, response) => json(response, 200, {}));
});
