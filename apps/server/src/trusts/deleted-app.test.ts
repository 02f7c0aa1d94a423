import { afterAll, beforeAll, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { type ServerProcess, startServerProcess } from "../testing/server-process.ts";
import { payloads, setOwnTrust } from "../testing/sign-in-methods.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

let easel: TestEasel;
let control: SandboxControl;
let processes: [ServerProcess, ServerProcess];
let project: TestProject;
/** Two servers, on a machine that has other things to do. */
const STARTING_MS = 60_000;
beforeAll(async () => {
  easel = await startTestEasel();
  control = sandboxControl(easel.sandbox);
  const start = () => startServerProcess({ database: easel.database, egressAllow: [easel.sandbox.url] });
  processes = await Promise.all([start(), start()]);
  project = await easel.newProject();
}, STARTING_MS);
afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await easel.close();
});

const CREDENTIALS = 200;
const users = Array.from({ length: CREDENTIALS }, (_, index) => `user-${index}`);

/** Each as one of the sandbox's people. */
const claimsOf = (index: number) => {
  const people = easel.sandbox.keys.users;
  return { "tableau.username": people[index % people.length]?.name };
};

/** Everybody calls, at both processes; how often each answer came. */
async function everybodyCalls(): Promise<Record<string, number>> {
  const answers = await Promise.all(
    users.flatMap((user, index) =>
      processes.map(async ({ origin }) => {
        const claims = claimsOf(index);
        const response = await project.at(origin).call(user, "/sdk/proxy/tableau/projects?pageSize=1", { claims });
        const { code } = (await response.json()) as { code?: string };
        return `${response.status} ${code ?? ""}`.trim();
      }),
    ),
  );
  return Object.fromEntries(
    Map.groupBy(answers, String)
      .entries()
      .map(([answer, all]) => [answer, all.length]),
  );
}

const kinds = async (): Promise<string[]> => {
  const { events } = (await (await project.manage("/events")).json()) as { events: { kind: string }[] };
  return events.map(({ kind }) => kind);
};

test("an app whose secret is deleted is one broken trust and one event, and recovers with new keys", {
  timeout: 120_000,
}, async () => {
  await setOwnTrust(project, easel.sandbox);
  for (let from = 0; from < CREDENTIALS; from += 20) {
    await Promise.all(
      users.slice(from, from + 20).map(async (user, index) => {
        const response = await project.call(user, "/sdk/credentials", {
          method: "POST",
          json: { integrationId: project.integrationId, payload: payloads(easel.sandbox).connectedApp },
          claims: claimsOf(from + index),
        });
        expect(response.status).toBe(201);
      }),
    );
  }
  expect(await everybodyCalls()).toEqual({ 200: 2 * CREDENTIALS });

  await control.order({ deleteAppSecret: true, killSessions: true });
  const asked = await control.calls("POST /auth/signin");
  expect(await everybodyCalls()).toEqual({ "409 trust_broken": 2 * CREDENTIALS });
  expect(await everybodyCalls()).toEqual({ "409 trust_broken": 2 * CREDENTIALS });
  // Those under way when the first was refused: for each of the Tableau users once in each process, and once more where a
  // call takes longer than a refusal is remembered.
  const people = easel.sandbox.keys.users.length;
  expect((await control.calls("POST /auth/signin")) - asked).toBeLessThanOrEqual(2 * people * processes.length);
  expect(await kinds()).toEqual(["trust_broken"]);
  const statuses = await sql(
    easel.database.url,
    "select distinct status, reason, refused_at from credentials where project_id = $1",
    [project.id],
  );
  expect(statuses).toEqual([{ status: "VALID", reason: null, refused_at: null }]);

  await control.order({ restore: true });
  await setOwnTrust(project, easel.sandbox);
  expect(await kinds()).toEqual(["trust_recovered", "trust_broken"]);
  expect(await everybodyCalls()).toEqual({ 200: 2 * CREDENTIALS });
});
