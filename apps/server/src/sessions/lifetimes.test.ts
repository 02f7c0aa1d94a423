import { startSandbox } from "@easel/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { payloads } from "../testing/sign-in-methods.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

/** How far everybody's clock is ahead, in ms. */
let ahead = 0;
let easel: TestEasel;
let control: SandboxControl;
let project: TestProject;
beforeAll(async () => {
  const clock = (): number => Date.now() + ahead;
  const sandbox = await startSandbox({ port: 0, host: "127.0.0.1", edition: "server", clock });
  easel = await startTestEasel({ clock, sandbox });
  control = sandboxControl(easel.sandbox);
});
afterAll(async () => {
  await easel.close();
  await easel.sandbox.close();
});
beforeEach(async () => {
  await control.order({ restore: true, killSessions: true });
  await sql(easel.database.url, "delete from sessions");
  await sql(easel.database.url, "delete from session_lifetimes");
  ahead += 3_600_000;
  project = await easel.newProject();
});

async function call(): Promise<number> {
  const response = await project.call("ana", "/sdk/proxy/tableau/projects?pageSize=1");
  await response.arrayBuffer();
  return response.status;
}

const MINUTE = 60_000;

/** The session's sign-in, and its last use, become so many minutes older, in the database and in memory. */
async function grow({ minutes, isUsed }: { minutes: number; isUsed: boolean }): Promise<void> {
  ahead += minutes * MINUTE;
  await sql(
    easel.database.url,
    "update sessions set signed_in_at = signed_in_at - $1::interval, used_at = used_at - $1::interval",
    [`${minutes} minutes`],
  );
  await sql(easel.database.url, "update session_lifetimes set strike_at = strike_at - $1::interval", [
    `${minutes} minutes`,
  ]);
  if (isUsed) expect(await call()).toBe(200);
}

/** Tableau ends the session, and the next call finds it out. */
async function end(): Promise<void> {
  await control.order({ killSessions: true });
  expect(await call()).toBe(200);
}

const learnt = () =>
  sql<{ kind: string; minutes: number | null }>(
    easel.database.url,
    "select kind, round(learnt_ms / 60000.0)::int as minutes from session_lifetimes order by kind",
  );
const strikes = (count: number) =>
  waitFor(async () => (await sql(easel.database.url, "select from session_lifetimes")).length === count);

/** What the session that lives now was given, in minutes. */
async function given(): Promise<{ life: number; renewed: number; idle: number }> {
  const [row] = await sql<{ life: number; renewed: number; idle: number }>(
    easel.database.url,
    `select extract(epoch from expires_at - signed_in_at)::float8 / 60 as life,
       extract(epoch from renew_at - signed_in_at)::float8 / 60 as renewed, idle_ms::float8 / 60000 as idle from sessions`,
  );
  if (row === undefined) throw new Error("There is no session.");
  return row;
}

test("a server of no known habits gets what its edition says", async () => {
  await project.connect("ana", { ...payloads(easel.sandbox).password });
  const { life, renewed, idle } = await given();
  expect(life).toBeCloseTo(239.5, 1);
  expect(idle).toBeCloseTo(239.5, 1);
  expect(renewed).toBeGreaterThan(240 * 0.85 - 0.1);
  expect(renewed).toBeLessThan(240 * 0.9 + 0.1);
});

describe("sessions that end while they are used", () => {
  test("teach their age, at the second time, and less of it as days go by", async () => {
    await project.connect("ana", { ...payloads(easel.sandbox).password });
    await grow({ minutes: 50, isUsed: true });
    await end();
    await strikes(1);
    // Chance: an administrator, a restart.
    expect(await learnt()).toEqual([{ kind: "age", minutes: null }]);
    expect((await given()).life).toBeCloseTo(239.5, 1);

    await grow({ minutes: 40, isUsed: true });
    await end();
    await waitFor(async () => (await learnt())[0]?.minutes === 50);
    await grow({ minutes: 11, isUsed: true });
    await end();
    const { life, renewed, idle } = await given();
    expect(life).toBeCloseTo(49.5, 0);
    expect(renewed).toBeLessThan(45.5);
    expect(idle).toBeCloseTo(239.5, 1);

    await sql(
      easel.database.url,
      "update session_lifetimes set learnt_at = now() - interval '2 days', learnt_ms = 3000000",
    );
    await end();
    expect((await given()).life).toBeCloseTo(99.5, 0);
    await sql(easel.database.url, "update session_lifetimes set learnt_at = now() - interval '9 days'");
    await end();
    expect((await given()).life).toBeCloseTo(239.5, 1);
  });

  test("teach nothing where they were young: somebody ended them", async () => {
    await project.connect("ana", { ...payloads(easel.sandbox).password });
    for (let count = 0; count < 3; count += 1) {
      await grow({ minutes: 12, isUsed: true });
      await end();
    }
    expect(await learnt()).toEqual([]);
  });

  test("of one token teach nothing, since a foreign sign-in ends them too", async () => {
    await project.connect("ana");
    for (let count = 0; count < 3; count += 1) {
      await grow({ minutes: 60, isUsed: true });
      await end();
    }
    await strikes(1);
    expect(await learnt()).toEqual([{ kind: "age", minutes: null }]);
  });

  test("all at once, as when a server is restarted, count for one", async () => {
    const users = ["ana", ...Array.from({ length: 10 }, (_, index) => `user-${index}`)];
    const { connectedApp } = payloads(easel.sandbox);
    const names = easel.sandbox.keys.users.map(({ name }) => name);
    for (const [index, user] of users.entries()) {
      const response = await project.call(user, "/sdk/credentials", {
        method: "POST",
        json: { integrationId: project.integrationId, payload: connectedApp },
        claims: { "tableau.username": names[index % names.length] },
      });
      expect(response.status).toBe(201);
    }
    await grow({ minutes: 60, isUsed: false });
    await control.order({ killSessions: true });
    for (const [index, user] of users.entries()) {
      const response = await project.call(user, "/sdk/proxy/tableau/projects?pageSize=1", {
        claims: { "tableau.username": names[index % names.length] },
      });
      expect(response.status).toBe(200);
    }
    await strikes(1);
    expect((await learnt()).map(({ minutes }) => minutes)).toEqual([null]);
  });
});

test("sessions that ended while nobody used them teach how long that may be", async () => {
  await project.connect("ana", { ...payloads(easel.sandbox).password });
  for (const minutes of [45, 30]) {
    await grow({ minutes, isUsed: false });
    await end();
  }
  await waitFor(async () => (await learnt())[0]?.minutes === 45);
  expect(await learnt()).toEqual([{ kind: "idle", minutes: 45 }]);
  await grow({ minutes: 12, isUsed: false });
  await end();
  const { life, idle } = await given();
  expect(idle).toBeCloseTo(44.5, 0);
  // It may still be used for as long as ever.
  expect(life).toBeCloseTo(239.5, 1);
});

describe("what nobody uses", () => {
  const sealed = async () => (await sql(easel.database.url, "select from sessions where sealed is not null")).length;
  const liveAtTableau = async (): Promise<number> =>
    ((await (await fetch(`${easel.sandbox.url}/__sandbox/stats`)).json()) as { sessions: number }).sessions;

  test("leaves memory after ten minutes, and is read again", async () => {
    await project.connect("ana");
    const signIns = await control.signIns();
    expect(await call()).toBe(200);
    ahead += 11 * MINUTE;
    await easel.easel.upkeep.run();
    // Gone from the database alone, it would be used from memory for as long as Tableau takes it.
    await sql(easel.database.url, "update sessions set used_at = now()");
    expect(await call()).toBe(200);
    expect(await control.signIns()).toBe(signIns);
    await sql(easel.database.url, "update sessions set sealed = null");
    expect(await call()).toBe(200);
    expect(await control.signIns()).toBe(signIns);
    ahead += 11 * MINUTE;
    await easel.easel.upkeep.run();
    expect(await call()).toBe(200);
    expect(await control.signIns()).toBe(signIns + 1);
  });

  test("leaves the database when Tableau has ended it, and is signed out nowhere", async () => {
    await project.connect("ana");
    const signOuts = await control.calls("POST /auth/signout");
    await grow({ minutes: 235, isUsed: false });
    await easel.easel.upkeep.run();
    expect(await sealed()).toBe(1);
    await grow({ minutes: 5, isUsed: false });
    await easel.easel.upkeep.run();
    expect(await sealed()).toBe(0);
    expect(await control.calls("POST /auth/signout")).toBe(signOuts);
    expect(await call()).toBe(200);
    expect(await liveAtTableau()).toBe(1);
  });

  test("is told to the others by who uses it, so that they leave it", async () => {
    await project.connect("ana");
    await grow({ minutes: 120, isUsed: true });
    await easel.easel.upkeep.run();
    const [row] = await sql<{ ago: number }>(
      easel.database.url,
      "select extract(epoch from clock_timestamp() - used_at)::float8 as ago from sessions",
    );
    expect(row?.ago).toBeLessThan(60);
  });
});
