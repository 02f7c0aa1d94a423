import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { METHODS, payloads } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

let easel: TestEasel;
let control: SandboxControl;
let project: TestProject;
beforeAll(async () => {
  easel = await startTestEasel();
  control = sandboxControl(easel.sandbox);
});
afterAll(() => easel.close());
beforeEach(async () => {
  await control.order({ killSessions: true });
  project = await easel.newProject();
});

const liveSessions = async (): Promise<number> => {
  const response = await fetch(`${easel.sandbox.url}/__sandbox/stats`);
  return ((await response.json()) as { sessions: number }).sessions;
};

test.each(METHODS)("signs out at Tableau when the last who shares the sign-in disconnects (%s)", async (method) => {
  const payload = { ...payloads(easel.sandbox)[method] };
  await project.connect("ana", payload);
  await project.connect("ben", payload);
  const call = (user: string) => project.call(user, "/sdk/proxy/tableau/projects?pageSize=1");
  const disconnect = (user: string) =>
    project.call(user, `/sdk/integrations/${project.integrationId}`, { method: "DELETE" });
  expect((await call("ana")).status).toBe(200);
  expect((await call("ben")).status).toBe(200);

  expect((await disconnect("ana")).status).toBe(204);
  expect((await call("ana")).status).toBe(409);
  expect((await call("ben")).status).toBe(200);
  expect(await liveSessions()).toBe(1);

  expect((await disconnect("ben")).status).toBe(204);
  expect(await liveSessions()).toBe(0);

  await project.connect("ben", payload);
  expect((await call("ben")).status).toBe(200);
});
