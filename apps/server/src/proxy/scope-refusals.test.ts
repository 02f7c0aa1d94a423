import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { payloads } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

let easel: TestEasel;
let control: SandboxControl;
beforeAll(async () => {
  easel = await startTestEasel();
  control = sandboxControl(easel.sandbox);
});
afterAll(() => easel.close());

/** Webhooks: the sandbox does not offer them to connected apps, whatever their scopes. */
const NOT_OFFERED = { method: "PUT", path: "/webhooks/00000000-0000-4000-8000-000000000000" };

describe.each([
  {
    name: "the session can be asked for",
    permissions: ["tableau:*:*"],
    good: { method: "GET", path: "/projects?pageSize=1" },
  },
  // Nothing is sure to succeed without content:read.
  {
    name: "nothing can be asked",
    permissions: ["tableau:jobs:*", "tableau:webhooks:*"],
    good: { method: "GET", path: "/jobs?pageSize=1" },
  },
])("calls that are not offered, where $name", ({ permissions, good }) => {
  let project: TestProject;
  beforeEach(async () => {
    project = await easel.newProject({ permissions });
    await project.connect("ana", { ...payloads(easel.sandbox).connectedApp });
  });

  const call = async (
    token: string,
    { method, path }: { method: string; path: string },
  ): Promise<{ status: number; code: string | undefined }> => {
    const response = await project.call("ana", `/sdk/proxy/tableau${path}`, { token, method });
    const { code } = (await response.json()) as { code?: string };
    return { status: response.status, code };
  };

  test("a thousand of them beside good ones disturb nobody", async () => {
    const token = await project.token("ana");
    const before = await control.signIns();
    const served: number[] = [];
    const wrong = new Set<string | undefined>();
    let left = 1000;
    await Promise.all([
      ...Array.from({ length: 24 }, async () => {
        while (left > 0) {
          left -= 1;
          wrong.add((await call(token, NOT_OFFERED)).code);
        }
      }),
      ...Array.from({ length: 4 }, async () => {
        while (left > 0) served.push((await call(token, good)).status);
      }),
    ]);
    expect([...wrong]).toEqual(["tableau_scope_missing"]);
    expect(new Set(served)).toEqual(new Set([200]));
    expect(served.length).toBeGreaterThan(50);
    expect((await control.signIns()) - before).toBeLessThanOrEqual(1);
  });

  test("a good call is not taken for one of them when its session is ended again and again", async () => {
    const token = await project.token("ana");
    expect((await call(token, good)).status).toBe(200);
    for (let kill = 0; kill < 5; kill += 1) {
      await control.order({ killSessions: true });
      const calls = await Promise.all([call(token, good), call(token, NOT_OFFERED), call(token, good)]);
      expect(calls.map(({ status }) => status)).toEqual([200, 403, 200]);
    }
  });
});

test("the refusal says what is missing, with Tableau's own words", async () => {
  const { project } = easel;
  await project.connect("bea", { ...payloads(easel.sandbox).connectedApp });
  const response = await project.call("bea", `/sdk/proxy/tableau${NOT_OFFERED.path}`, {
    method: NOT_OFFERED.method,
  });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({
    code: "tableau_scope_missing",
    meta: { isIntegrationError: true },
    output: { error: { code: "401002" } },
  });
});
