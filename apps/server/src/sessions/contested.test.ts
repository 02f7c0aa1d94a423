import { afterAll, beforeAll, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

let easel: TestEasel;
let control: SandboxControl;
beforeAll(async () => {
  easel = await startTestEasel();
  control = sandboxControl(easel.sandbox);
  await easel.project.connect("ana");
});
afterAll(() => easel.close());

async function call(): Promise<{ status: number; code: string | undefined }> {
  const response = await easel.project.call("ana", "/sdk/proxy/tableau/projects?pageSize=1");
  const body = (await response.json()) as { code?: string };
  return { status: response.status, code: body.code };
}

/** What the portal shows of the credential. */
async function shown(): Promise<unknown> {
  const response = await easel.project.call("ana", "/sdk/portal");
  const { credentials } = (await response.json()) as { credentials: readonly unknown[] };
  return credentials[0];
}

/** Makes what happened in the contest as old as if so much time had gone by since. */
const age = (interval: string) =>
  sql(
    easel.database.url,
    `update sessions set contested_at = contested_at - $1::interval, allowance_at = allowance_at - $1::interval,
       signed_in_at = signed_in_at - $1::interval,
       young_kills = (select coalesce(array_agg(k - $1::interval), '{}') from unnest(young_kills) k)`,
    [interval],
  );

test("a token that is used somewhere else is rationed, said in words, and forgotten after two quiet minutes", async () => {
  expect(await call()).toMatchObject({ status: 200 });
  // Two kills of young sessions can be chance.
  for (let kill = 0; kill < 2; kill += 1) {
    await control.order({ killSessions: true });
    expect(await call()).toMatchObject({ status: 200 });
  }
  expect(JSON.stringify(await shown())).not.toContain("used somewhere else");

  // From the third on there are so many sign-ins at once, and then one every two seconds.
  const before = await control.signIns();
  const answers: (string | undefined)[] = [];
  for (let kill = 0; kill < 20; kill += 1) {
    await control.order({ killSessions: true });
    answers.push((await call()).code);
  }
  const rationed = answers.filter((code) => code === "tableau_session_contested").length;
  expect((await control.signIns()) - before).toBeLessThanOrEqual(12);
  expect(rationed).toBeGreaterThanOrEqual(8);
  expect(answers.every((code) => code === undefined || code === "tableau_session_contested")).toBe(true);

  // It stays connected, with a warning.
  expect(await shown()).toMatchObject({ status: "VALID" });
  expect(JSON.stringify(await shown())).toContain("also used somewhere else");
  await control.order({ killSessions: true });
  await call();
  expect((await call()).status).toBe(409);

  // The ration grows again.
  await age("3 seconds");
  expect(await call()).toMatchObject({ status: 200 });

  await age("121 seconds");
  expect(JSON.stringify(await shown())).not.toContain("also used somewhere else");
  const quiet = await control.signIns();
  for (let kill = 0; kill < 2; kill += 1) {
    await control.order({ killSessions: true });
    expect(await call()).toMatchObject({ status: 200 });
  }
  expect((await control.signIns()) - quiet).toBe(2);
});

test("sessions that lived for a while before they ended are no contest", async () => {
  await age("10 minutes");
  for (let kill = 0; kill < 15; kill += 1) {
    await sql(easel.database.url, "update sessions set signed_in_at = signed_in_at - interval '31 seconds'");
    await control.order({ killSessions: true });
    expect(await call()).toMatchObject({ status: 200 });
  }
});
