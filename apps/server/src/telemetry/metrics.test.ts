import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { metricTable } from "./metric-table.ts";

const TOKEN = "a-token-for-prometheus";
let tableau: FakeTableau;
let easel: TestEasel;
beforeAll(async () => {
  tableau = await startFakeTableau();
  easel = await startTestEasel({
    egressAllow: [tableau.host],
    environment: { EASEL_METRICS_TOKEN: TOKEN, EASEL_METRICS_LABELS: "route, project" },
  });
  await easel.project.connect("ana", {
    serverUrl: tableau.url,
    site: "acme",
    method: "pat",
    tokenName: "easel",
    tokenSecret: "the secret",
  });
});
afterAll(async () => {
  await easel.close();
  await tableau.close();
});

function ask(authorization?: string, origin = easel.origin): Promise<Response> {
  return fetch(`${origin}/metrics`, authorization === undefined ? {} : { headers: { authorization } });
}

async function scrape(): Promise<string> {
  const response = await ask(`Bearer ${TOKEN}`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  return response.text();
}

/** The value of a series, by its name and some of its labels; 0 where there is none. */
function value(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const lines = text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => Object.entries(labels).every(([label, is]) => line.includes(`${label}="${is}"`)));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

/** What a value grew by; a call is counted once its answer has left, which may be just after the caller has it. */
async function growth(run: () => Promise<unknown>, name: string, labels: Readonly<Record<string, string>>, by: number) {
  const before = value(await scrape(), name, labels);
  await run();
  await waitFor(async () => value(await scrape(), name, labels) - before >= by);
  expect(value(await scrape(), name, labels) - before).toBe(by);
}

const call = async (path = "/projects", init: RequestInit = {}): Promise<string> =>
  (await easel.project.call("ana", `/sdk/proxy/tableau${path}`, { ...init, body: init.body ?? null })).text();

describe("who may read metrics", () => {
  test("nobody, where neither a port nor a token is set", async () => {
    const usual = await startTestEasel();
    expect((await ask(`Bearer ${TOKEN}`, usual.origin)).status).toBe(404);
    expect(usual.easel.metricsServer).toBeNull();
    await usual.close();
  });

  test("on the server's own port whoever has the token", async () => {
    for (const wrong of [undefined, "Bearer", "Bearer x", `Basic ${TOKEN}`, `Bearer ${TOKEN}x`]) {
      const response = await ask(wrong);
      expect([wrong, response.status]).toEqual([wrong, 401]);
      expect(await response.json()).toMatchObject({ code: "metrics_token" });
    }
    await scrape();
  });

  test("on a port of its own whoever reaches it, and with a token only with it", async () => {
    for (const token of [null, TOKEN]) {
      const own = await startTestEasel({
        environment: { EASEL_METRICS_PORT: "9464", ...(token === null ? {} : { EASEL_METRICS_TOKEN: token }) },
      });
      const server = own.easel.metricsServer;
      if (server === null) throw new Error("There is no port for metrics.");
      await once(server.listen(0, "127.0.0.1"), "listening");
      const address = server.address();
      const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
      expect((await ask(undefined, origin)).status).toBe(token === null ? 200 : 401);
      expect((await ask(`Bearer ${TOKEN}`, origin)).status).toBe(200);
      expect((await fetch(`${origin}/`)).status).toBe(404);
      expect((await fetch(`${origin}/metrics`, { method: "POST" })).status).toBe(405);
      await own.close();
      await expect(ask(undefined, origin)).rejects.toThrow();
    }
  });
});

describe("what they say", () => {
  test("is every metric of the table, and those of the process", async () => {
    const text = await scrape();
    const told = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
    const own = told.filter(([name]) => name?.startsWith("easel_"));
    expect(own.sort()).toEqual(
      Object.entries(metricTable)
        .map(([name, { type }]) => [name, type])
        .sort(),
    );
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(text).toMatch(/^process_resident_memory_bytes /m);
    expect(value(text, "easel_info", { version: "0.1.0" })).toBe(1);
    expect(value(text, "easel_changes_listening")).toBe(1);
    expect(value(text, "easel_database_connections")).toBeGreaterThan(0);
  });

  test("calls, by class and route, with their times and bytes, and none under way once they have ended", async () => {
    const labels = {
      connector: "tableau",
      door: "sdk",
      method: "GET",
      status: "2xx",
      route: "/sites/{siteId}/projects",
    };
    await growth(() => call(), "easel_calls_total", { ...labels, project: easel.project.id }, 1);
    await growth(() => call(), "easel_call_seconds_count", { connector: "tableau" }, 1);
    await growth(() => call(), "easel_call_upstream_seconds_count", {}, 1);
    await growth(() => call(), "easel_call_own_seconds_count", {}, 1);
    await growth(() => call(), "easel_call_answered_bytes_total", {}, '{"output":{"projects":{}}}'.length);
    await growth(
      () => call("/projects", { method: "POST", body: "<tsRequest/>" }),
      "easel_call_received_bytes_total",
      {},
      12,
    );
    expect(value(await scrape(), "easel_calls_in_flight")).toBe(0);
  });

  test("a session that was lost: the replay, the sign-in and the time that it took", async () => {
    const lose = async () => {
      tableau.endSessions();
      await call();
    };
    await growth(lose, "easel_call_replays_total", {}, 1);
    await growth(lose, "easel_sign_ins_total", { method: "pat", result: "signedIn" }, 1);
    await growth(lose, "easel_call_session_seconds_count", {}, 1);
    expect(value(await scrape(), "easel_sessions")).toBe(1);
  });

  test("calls that Easel refuses, by code; Tableau's own errors are none of them", async () => {
    tableau.answer((_request, response) => response.destroy());
    const { code } = JSON.parse(await call());
    await growth(() => call(), "easel_call_refusals_total", { code }, 1);
    tableau.answer((_request, response) => json(response, 404, { error: { code: "404002", summary: "", detail: "" } }));
    await growth(() => call(), "easel_calls_total", { status: "4xx" }, 1);
    expect(await scrape()).not.toContain("tableau.404002");
    tableau.answer((_request, response) => json(response, 200, { projects: {} }));
  });

  test("nothing of users, secrets or addresses", async () => {
    await call("/projects?filter=name:eq:secret-plan");
    const text = await scrape();
    for (const secret of ["ana", "secret-plan", "the secret", "token-1", tableau.host, TOKEN]) {
      expect(text.replaceAll(/^# .*$/gm, "")).not.toMatch(new RegExp(`"[^"]*${secret}[^"]*"`));
    }
  });
});
