import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { payloads, setOwnTrust } from "../testing/sign-in-methods.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

/** How far the server's clock is ahead, in ms. Time goes one way in the tests too. */
let ahead = 0;
let easel: TestEasel;
let control: SandboxControl;
let project: TestProject;
beforeAll(async () => {
  easel = await startTestEasel({ clock: () => Date.now() + ahead });
  control = sandboxControl(easel.sandbox);
});
afterAll(() => easel.close());
beforeEach(async () => {
  ahead += 60_000;
  await control.order({ restore: true });
  project = await easel.newProject();
});

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
}
async function call(user = "ana"): Promise<Answer> {
  const response = await project.call(user, "/sdk/proxy/tableau/projects?pageSize=1");
  return { ...((await response.json()) as object), status: response.status };
}

async function rows() {
  return sql<{ status: string; reason_code: string | null; refused_at: Date | null }>(
    easel.database.url,
    "select status, reason_code, refused_at from credentials where project_id = $1",
    [project.id],
  );
}

async function trustProblem(): Promise<{ code: string; at: string } | null> {
  const response = await project.manage(`/integrations/${project.integrationId}`);
  return ((await response.json()) as { trustProblem: { code: string; at: string } | null }).trustProblem;
}

describe("a person's own secret that Tableau refuses", () => {
  beforeEach(async () => {
    await project.connect("ana", { ...payloads(easel.sandbox).pat });
    await control.order({ revokePat: easel.sandbox.keys.pat.name });
  });

  test("is doubted first, and asked for once more after a minute before it is invalid", async () => {
    expect(await call()).toMatchObject({ status: 422, code: "tableau_sign_in_refused" });
    expect(await rows()).toMatchObject([{ status: "VALID", reason_code: "tableau_sign_in_refused" }]);

    const asked = await control.calls("POST /auth/signin");
    expect(await call()).toMatchObject({ status: 409, code: "credential_invalid" });
    expect(await control.calls("POST /auth/signin")).toBe(asked);

    ahead += 61_000;
    expect(await call()).toMatchObject({ status: 409, code: "credential_invalid" });
    expect(await control.calls("POST /auth/signin")).toBe(asked + 1);
    expect(await rows()).toMatchObject([{ status: "INVALID", reason_code: "tableau_sign_in_refused" }]);

    // From here on only the person can help.
    ahead += 3_600_000;
    expect(await call()).toMatchObject({ status: 409, message: expect.stringContaining("token secret") });
    expect(await control.calls("POST /auth/signin")).toBe(asked + 1);
  });

  test("is trusted again when Tableau takes it after all", async () => {
    await call();
    await control.order({ restore: true });
    ahead += 61_000;
    expect(await call()).toMatchObject({ status: 200 });
    expect(await rows()).toMatchObject([{ status: "VALID", reason_code: null, refused_at: null }]);
  });

  test("asks once for all who call together", async () => {
    const asked = await control.calls("POST /auth/signin");
    const answers = await Promise.all(Array.from({ length: 16 }, () => call()));
    // Who comes when it is written down already reads it there.
    expect(answers.every(({ code }) => code === "tableau_sign_in_refused" || code === "credential_invalid")).toBe(true);
    expect(await rows()).toMatchObject([{ status: "VALID" }]);
    expect((await control.calls("POST /auth/signin")) - asked).toBe(1);
  });

  test("takes nothing from the secret that has replaced it", async () => {
    const [, explorer] = easel.sandbox.keys.users;
    await control.order({ signInDelayMs: 300 });
    const late = call();
    const other = { ...payloads(easel.sandbox).pat, tokenName: explorer?.pat.name, tokenSecret: explorer?.pat.secret };
    await project.connect("ana", other);
    await late;
    expect(await rows()).toMatchObject([{ status: "VALID", reason_code: null, refused_at: null }]);
    expect(await call()).toMatchObject({ status: 200 });
  });
});

describe.each(["own", "development"] as const)("%s keys that Tableau refuses for everyone", (kind) => {
  beforeEach(async () => {
    if (kind === "own") await setOwnTrust(project, easel.sandbox);
    for (const user of ["ana", "ben", "cleo"]) await project.connect(user, { ...payloads(easel.sandbox).connectedApp });
    await control.order({ deleteAppSecret: true, killSessions: true });
  });

  test("mark the trust, once, and no credential; and work again a minute after they were mended", async () => {
    const asked = await control.calls("POST /auth/signin");
    const answers = await Promise.all(Array.from({ length: 8 }, () => call("ana")));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(["trust_broken"]));
    const problem = await trustProblem();
    expect(problem).toMatchObject({ code: "tableau_app_refused" });

    // Nobody else asks Tableau within the minute.
    expect(await call("ben")).toMatchObject({ status: 409, code: "trust_broken" });
    expect((await control.calls("POST /auth/signin")) - asked).toBe(1);
    expect((await trustProblem())?.at).toBe(problem?.at);

    ahead += 61_000;
    expect(await call("cleo")).toMatchObject({ code: "trust_broken" });
    expect((await control.calls("POST /auth/signin")) - asked).toBe(2);
    expect(await rows()).toEqual(Array(3).fill({ status: "VALID", reason_code: null, refused_at: null }));

    await control.order({ restore: true });
    ahead += 61_000;
    expect(await call("ben")).toMatchObject({ status: 200 });
    expect(await trustProblem()).toBeNull();
    expect(await call("ana")).toMatchObject({ status: 200 });
  });

  test("are not taken for mended because somebody signs in with a token of their own", async () => {
    await project.connect("tom", { ...payloads(easel.sandbox).pat });
    await call("ana");
    expect(await trustProblem()).toMatchObject({ code: "tableau_app_refused" });
    await control.order({ killSessions: true });
    expect(await call("tom")).toMatchObject({ status: 200 });
    expect(await trustProblem()).toMatchObject({ code: "tableau_app_refused" });
  });

  test("work again at once when somebody connects with them", async () => {
    expect(await call("ana")).toMatchObject({ code: "trust_broken" });
    await control.order({ restore: true });
    await project.connect("dora", { ...payloads(easel.sandbox).connectedApp });
    expect(await call("ana")).toMatchObject({ status: 200 });
  });
});
