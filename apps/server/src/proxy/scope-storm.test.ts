import { afterAll, beforeAll, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { type ServerProcess, startServerProcess } from "../testing/server-process.ts";
import { payloads, setOwnTrust } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

let easel: TestEasel;
let control: SandboxControl;
let processes: [ServerProcess, ServerProcess];
/** Two servers, on a machine that has other things to do. */
const STARTING_MS = 60_000;
beforeAll(async () => {
  easel = await startTestEasel();
  control = sandboxControl(easel.sandbox);
  const start = () => startServerProcess({ database: easel.database, egressAllow: [easel.sandbox.url] });
  processes = await Promise.all([start(), start()]);
}, STARTING_MS);
afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await easel.close();
});

/** The sandbox does not offer them to connected apps, and answers as to a dead session; a new id is a new address. */
const notOffered = (): string => `/webhooks/${crypto.randomUUID()}`;
const WRONG = 1000;

test("a thousand calls that the app may not make disturb nobody, at two processes", { timeout: 90_000 }, async () => {
  const project = await easel.newProject();
  await setOwnTrust(project, easel.sandbox);
  await project.connect("ana", { ...payloads(easel.sandbox).connectedApp });
  const token = await project.token("ana");
  const before = await control.signIns();
  const good: number[] = [];
  const wrong = new Set<string>();
  let left = WRONG;
  const call = async (worker: number, path: string, method = "GET") => {
    const at = project.at((processes[worker % 2] ?? processes[0]).origin);
    const response = await at.call("ana", `/sdk/proxy/tableau${path}`, { token, method });
    const { code } = (await response.json()) as { code?: string };
    return { status: response.status, code: code ?? "" };
  };
  await Promise.all([
    ...Array.from({ length: 24 }, async (_, worker) => {
      while (left > 0) {
        left -= 1;
        wrong.add((await call(worker, notOffered(), "PUT")).code);
      }
    }),
    ...Array.from({ length: 8 }, async (_, worker) => {
      while (left > 0) good.push((await call(worker, "/projects?pageSize=1")).status);
    }),
  ]);
  expect([...wrong]).toEqual(["tableau_scope_missing"]);
  expect(new Set(good)).toEqual(new Set([200]));
  expect(good.length).toBeGreaterThan(50);
  expect((await control.signIns()) - before).toBe(0);
});
