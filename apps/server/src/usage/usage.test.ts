import { randomUUID } from "node:crypto";
import { sql as query } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../database/database.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { row } from "./row.fixture.ts";
import type { UsageRow } from "./usage.ts";

let easel: TestEasel;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

interface Page {
  readonly calls: readonly (Omit<UsageRow, "at"> & { at: string; sub: string | null })[];
  readonly next: string | null;
}

async function page(project: TestProject, query = ""): Promise<Page> {
  const response = await project.manage(`/usage${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

async function requestIds(project: TestProject, query = ""): Promise<string[]> {
  return (await page(project, query)).calls.map(({ requestId }) => requestId);
}

describe("a call", () => {
  test("leaves a row with its route, never its address, the newest first", async () => {
    const project = await easel.newProject();
    await project.connect("ana");
    const first = await project.call("ana", "/sdk/proxy/tableau/projects?filter=name:eq:secret-plan", {
      claims: { org: "north" },
    });
    const text = await first.text();
    const second = await project.call("ana", `/sdk/proxy/tableau/workbooks/${randomUUID()}`);
    const refusal = await second.text();
    const { calls } = await page(project);
    expect(calls).toEqual([
      expect.objectContaining({
        route: expect.stringMatching(/^\/sites\/\{siteId\}\/workbooks\/\{[\w-]+\}$/),
        status: 404,
        sub: "ana",
        organisation: null,
        bytesOut: Buffer.byteLength(refusal),
        requestId: second.headers.get("x-request-id"),
      }),
      expect.objectContaining({
        route: "/sites/{siteId}/projects",
        method: "GET",
        status: 200,
        sub: "ana",
        organisation: "north",
        door: "sdk",
        bytesIn: 0,
        bytesOut: Buffer.byteLength(text),
        retries: 0,
        renewed: false,
        requestId: first.headers.get("x-request-id"),
      }),
    ]);
    expect(JSON.stringify(calls)).not.toContain("secret-plan");
  });

  test("counts the bytes of its own body and answer, on a connection that many share", async () => {
    const project = await easel.newProject();
    await project.connect("ana");
    const token = await project.token("ana");
    const sizes = [3, 300_000, 5];
    const answers = await Promise.all(
      sizes.map(async (size) => {
        const response = await project.call("ana", "/sdk/proxy/tableau/projects", {
          method: "POST",
          token,
          body: `<${"x".repeat(size - 1)}`,
          headers: { "content-type": "text/xml" },
        });
        return { id: response.headers.get("x-request-id"), size, bytes: Buffer.byteLength(await response.text()) };
      }),
    );
    const { calls } = await page(project);
    const found = calls.map(({ requestId, bytesIn, bytesOut }) => [requestId, bytesIn, bytesOut]);
    expect(found.sort()).toEqual(answers.map(({ id, size, bytes }) => [id, size, bytes]).sort());
  });
});

/** A project with these calls of two users. */
async function withCalls(rows: readonly Partial<UsageRow>[]): Promise<TestProject> {
  const project = await easel.newProject();
  const users = new Map<string, string>();
  for (const name of ["ana", "ben"]) {
    await project.call(name, "/sdk/me");
    users.set(name, (await idOf(project, name)) ?? "");
  }
  for (const said of rows) {
    const userId = users.get(said.userId ?? "") ?? said.userId ?? randomUUID();
    easel.easel.usage.record(row({ ...said, userId, projectId: project.id }));
  }
  return project;
}

async function idOf(project: TestProject, name: string): Promise<string | undefined> {
  const found = await sql<{ id: string }>(
    easel.database.url,
    "select id from users where project_id = $1 and subject = $2",
    [project.id, name],
  );
  return found[0]?.id;
}

describe("the list", () => {
  test("finds calls by each filter, and by several together", async () => {
    const at = Date.now() - 3_600_000;
    const credentialId = randomUUID();
    const project = await withCalls([
      { requestId: "1", at: at + 1, userId: "ana", credentialId },
      { requestId: "2", at: at + 2, userId: "ana", method: "POST", status: 201 },
      { requestId: "3", at: at + 3, userId: "ben", status: 404, route: "/sites/{siteId}/workbooks" },
      { requestId: "4", at: at + 4, userId: "ben", status: 502, ms: 5000, credentialId },
      { requestId: "5", at: at + 5, userId: "ben", renewed: true, attempts: 2 },
    ]);
    const iso = (ms: number) => new Date(ms).toISOString();
    const found: Record<string, string[]> = {};
    const expected: Record<string, string[]> = {
      "": ["5", "4", "3", "2", "1"],
      [`userId=${await idOf(project, "ana")}`]: ["2", "1"],
      "sub=ben": ["5", "4", "3"],
      "sub=nobody": [],
      [`credentialId=${credentialId}`]: ["4", "1"],
      [`credentialId=${credentialId.toUpperCase()}&sub=ana`]: ["1"],
      "method=POST": ["2"],
      [`route=${encodeURIComponent("/sites/{siteId}/workbooks")}`]: ["3"],
      "status=404": ["3"],
      "status=4xx": ["3"],
      "status=5xx": ["4"],
      "status=2xx": ["5", "2", "1"],
      "renewed=true": ["5"],
      "renewed=false": ["4", "3", "2", "1"],
      "slowerThan=4999": ["4"],
      "slowerThan=5000": [],
      [`from=${iso(at + 2)}&to=${iso(at + 4)}`]: ["3", "2"],
      "sub=ben&status=5xx&slowerThan=100": ["4"],
    };
    for (const query of Object.keys(expected)) found[query] = await requestIds(project, `?${query}`);
    expect(found).toEqual(expected);
    expect(await requestIds(await easel.newProject(), "?sub=ana")).toEqual([]);
  });

  test("walked page by page skips no call and repeats none, also among calls of one millisecond and while more come", async () => {
    const at = Date.now() - 1000;
    const rows = Array.from({ length: 57 }, (_, index) => ({ at: at + (index >> 4), requestId: randomUUID() }));
    const project = await withCalls(rows);
    const seen: string[] = [];
    let cursor = "";
    for (;;) {
      const { calls, next } = await page(project, `?limit=5${cursor}`);
      seen.push(...calls.map(({ requestId }) => requestId));
      easel.easel.usage.record(row({ projectId: project.id, at: Date.now() + 1000 }));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(seen).toHaveLength(57);
    expect(new Set(seen)).toEqual(new Set(rows.map(({ requestId }) => requestId)));
  });
});

test("a question that keeps the database busy for too long is given up, in words", { timeout: 40_000 }, async () => {
  const project = await easel.newProject();
  const database = openDatabase(easel.database.url, () => {});
  await database.db.transaction().execute(async (trx) => {
    await query`set local idle_in_transaction_session_timeout = 0`.execute(trx);
    await query`lock table usage in access exclusive mode`.execute(trx);
    const asked = await Promise.all(["/usage", "/usage/summary"].map((path) => project.manage(path)));
    for (const response of asked) {
      expect([response.status, await response.json()]).toMatchObject([422, { code: "usage_too_much" }]);
    }
  });
  await database.close();
  expect(await requestIds(project)).toEqual([]);
});

describe("the summary", () => {
  interface Summary {
    readonly totals: readonly Record<string, unknown>[];
    readonly isCut: boolean;
  }
  const summary = async (project: TestProject, query: string): Promise<Summary> => {
    const response = await project.manage(`/usage/summary?${query}`);
    expect(response.status).toBe(200);
    return (await response.json()) as Summary;
  };

  test("totals calls, errors, bytes and times: whole, by the hour, and by what is asked for", async () => {
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 2 * 3_600_000;
    const project = await withCalls([
      ...Array.from({ length: 100 }, (_, index) => ({ at: hour + index, ms: index + 1, bytesOut: 10 })),
      { at: hour + 3_600_000, ms: 1000, status: 500, route: "/sites/{siteId}/views", retries: 2 },
      { at: hour + 3_600_001, ms: 1000, status: 403, route: "/sites/{siteId}/views", renewed: true, bytesIn: 7 },
    ]);
    const [whole] = (await summary(project, "")).totals;
    expect(whole).toMatchObject({ start: null, key: null, calls: 102, clientErrors: 1, serverErrors: 1, renewed: 1 });
    expect(whole).toMatchObject({ retries: 2, bytesIn: 7, bytesOut: 1200, p50Ms: 51, p95Ms: 97, p99Ms: 1000 });
    const byHour = await summary(project, "interval=hour");
    expect(byHour.totals.map(({ start, calls }) => [start, calls])).toEqual([
      [new Date(hour).toISOString(), 100],
      [new Date(hour + 3_600_000).toISOString(), 2],
    ]);
    const byRoute = await summary(project, "by=route&interval=day&status=4xx");
    expect(byRoute).toMatchObject({ isCut: false, totals: [{ key: "/sites/{siteId}/views", calls: 1, p99Ms: 1000 }] });
    const byStatus = await summary(project, "by=status");
    expect(byStatus.totals.map(({ key, calls }) => [key, calls])).toEqual([
      ["200", 100],
      ["403", 1],
      ["500", 1],
    ]);
    expect((await summary(await easel.newProject(), "by=route")).totals).toEqual([]);
  });

  test("is refused for a time that would be too much, in words", async () => {
    const response = await easel.project.manage("/usage/summary?interval=hour&from=2026-01-01T00:00:00Z");
    expect([response.status, await response.json()]).toEqual([
      422,
      expect.objectContaining({ code: "usage_range_too_long" }),
    ]);
  });
});
