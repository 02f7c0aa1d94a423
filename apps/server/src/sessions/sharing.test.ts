import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { METHODS, payloads } from "../testing/sign-in-methods.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

let easel: TestEasel;
let control: SandboxControl;
beforeAll(async () => {
  easel = await startTestEasel();
  control = sandboxControl(easel.sandbox);
});
afterAll(() => easel.close());

const SLOW_SIGN_IN_MS = 500;
const CALLERS = 32;

/** Calls at once; the statuses, each with how often it came. */
async function callTogether(
  project: TestProject,
  user: string,
  { path = "/projects?pageSize=1", callers = CALLERS } = {},
): Promise<Record<string, number>> {
  const token = await project.token(user);
  const statuses = await Promise.all(
    Array.from({ length: callers }, async () => {
      const response = await project.call(user, `/sdk/proxy/tableau${path}`, { token });
      await response.arrayBuffer();
      return response.status;
    }),
  );
  return Object.fromEntries(
    Map.groupBy(statuses, String)
      .entries()
      .map(([status, all]) => [status, all.length]),
  );
}

/** Another server on the same database: as empty as after a restart. */
const restarted = () => startTestEasel({ sandbox: easel.sandbox, database: easel.database });

describe.each(METHODS)("by %s", (method) => {
  let project: TestProject;
  beforeEach(async () => {
    await control.order({ restore: true, signInDelayMs: SLOW_SIGN_IN_MS });
    project = await easel.newProject();
    await project.connect("ana", { ...payloads(easel.sandbox)[method] });
    await control.order({ killSessions: true });
    // As if nobody had signed in yet.
    await sql(easel.database.url, "delete from sessions");
  });

  test("first calls that come together sign in once", async () => {
    const other = await restarted();
    try {
      const before = await control.signIns();
      expect(await callTogether(project.at(other.origin), "ana")).toEqual({ 200: CALLERS });
      expect((await control.signIns()) - before).toBe(1);
    } finally {
      await other.close();
    }
  });

  test("calls that find the session gone together sign in once, and none of them fails", async () => {
    expect(await callTogether(project, "ana", { callers: 1 })).toEqual({ 200: 1 });
    const before = await control.signIns();
    await control.order({ killSessions: true });
    expect(await callTogether(project, "ana")).toEqual({ 200: CALLERS });
    expect((await control.signIns()) - before).toBe(1);
  });

  test("a server that starts takes over the session that is there", async () => {
    expect(await callTogether(project, "ana", { callers: 1 })).toEqual({ 200: 1 });
    const before = await control.signIns();
    const other = await restarted();
    try {
      expect(await callTogether(project.at(other.origin), "ana")).toEqual({ 200: CALLERS });
      expect(await control.signIns()).toBe(before);
    } finally {
      await other.close();
    }
  });
});

describe("whose session it is", () => {
  beforeEach(() => control.order({ restore: true }));

  test("who knows a token's name and not its secret gets nothing, also while its session lives", async () => {
    const { project } = easel;
    const { pat } = payloads(easel.sandbox);
    await project.connect("owner", { ...pat });
    const before = await control.signIns();
    const response = await project.call("thief", "/sdk/credentials", {
      method: "POST",
      json: { integrationId: project.integrationId, payload: { ...pat, tokenSecret: "guessed" } },
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: "tableau_sign_in_refused" });
    const call = await project.call("thief", "/sdk/proxy/tableau/projects");
    expect(await call.json()).toMatchObject({ code: "credential_none" });
    expect(await callTogether(project, "owner", { callers: 1 })).toEqual({ 200: 1 });
    expect(await control.signIns()).toBe(before);
  });

  test("two people who know the same token share its one session", async () => {
    const { project } = easel;
    const { pat } = payloads(easel.sandbox);
    await project.connect("one", { ...pat });
    const before = await control.signIns();
    await project.connect("two", { ...pat });
    expect(await callTogether(project, "one", { callers: 4 })).toEqual({ 200: 4 });
    expect(await callTogether(project, "two", { callers: 4 })).toEqual({ 200: 4 });
    expect(await control.signIns()).toBe(before);
  });

  test("connecting asks for a token that Tableau has revoked, though its session was in memory", async () => {
    const { project, sandbox } = easel;
    const { pat } = payloads(sandbox);
    await project.connect("revoked", { ...pat });
    await control.order({ revokePat: sandbox.keys.pat.name });
    await expect(project.connect("revoked", { ...pat })).rejects.toThrow("tableau_sign_in_refused");
  });
});

describe("a session that is ended at random", () => {
  test.each(["password", "connectedApp"] as const)("by %s: nobody is refused", async (method) => {
    await control.order({ restore: true });
    const project = await easel.newProject();
    await project.connect("ana", { ...payloads(easel.sandbox)[method] });
    let isOver = false;
    const callers = Array.from({ length: 16 }, async () => {
      const seen: Record<string, number>[] = [];
      while (!isOver) seen.push(await callTogether(project, "ana", { callers: 1 }));
      return seen;
    });
    for (let kill = 0; kill < 10; kill += 1) {
      await control.order({ killSessions: true });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    }
    isOver = true;
    const seen = new Set((await Promise.all(callers)).flat().flatMap((statuses) => Object.keys(statuses)));
    expect([...seen]).toEqual(["200"]);
  });

  test("by pat: no caller sees a 401, whatever the contest does", async () => {
    await control.order({ restore: true });
    const project = await easel.newProject();
    await project.connect("ana", { ...payloads(easel.sandbox).pat });
    let isOver = false;
    const callers = Array.from({ length: 16 }, async () => {
      const seen: string[] = [];
      while (!isOver) seen.push(...Object.keys(await callTogether(project, "ana", { callers: 1 })));
      return seen;
    });
    for (let kill = 0; kill < 10; kill += 1) {
      await control.order({ killSessions: true });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    }
    isOver = true;
    const seen = new Set((await Promise.all(callers)).flat());
    seen.delete("409");
    expect([...seen]).toEqual(["200"]);
  });
});
