import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { type ServerProcess, startServerProcess } from "../testing/server-process.ts";
import { METHODS, payloads, setOwnTrust } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

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
beforeEach(() => control.order({ restore: true, killSessions: true }));

/** At each process half of them, each with one call after the other. */
const CALLERS = 64;
const KILLS = 10;
/** A session may live for so long, in ms, before it is killed. */
const LONGEST_LIFE_MS = 400;

test.each(METHODS)(
  "64 callers at two processes see nothing of ten kills, and each kill is one sign-in (%s)",
  {
    timeout: 90_000,
  },
  async (method) => {
    const project = await easel.newProject();
    await setOwnTrust(project, easel.sandbox);
    await project.connect("ana", { ...payloads(easel.sandbox)[method] });
    const token = await project.token("ana");
    const body = JSON.stringify({ project: { name: "Default" } });
    const seen = new Map<string, number>();
    let answers = 0;
    let isOver = false;
    const caller = async (number: number): Promise<void> => {
      const at = project.at((processes[number % 2] ?? processes[0]).origin);
      // Bodies are sent again, too: Tableau refuses this one for what it says, and so changes nothing.
      const init =
        number % 4 < 2 ? { token } : { token, method: "POST", body, headers: { "content-type": "application/json" } };
      const path = number % 4 < 2 ? "/projects?pageSize=1" : "/projects";
      while (!isOver) {
        const response = await at.call("ana", `/sdk/proxy/tableau${path}`, init);
        const { code } = (await response.json()) as { code?: string };
        // Tableau's own word on the body: the call went through.
        const outcome = code?.startsWith("tableau.400") === true ? "400" : `${response.status} ${code ?? ""}`.trim();
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        answers += 1;
      }
    };
    const calls = Array.from({ length: CALLERS }, (_, number) => caller(number));
    await waitFor(() => answers > 2 * CALLERS);
    const before = await control.signIns();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE_MS));
      await control.order({ killSessions: true });
      // The next is only a kill if there is something to kill.
      await waitFor(async () => (await control.signIns()) >= before + kill);
    }
    const then = answers;
    await waitFor(() => answers > then + 2 * CALLERS);
    isOver = true;
    await Promise.all(calls);
    expect([...seen.keys()].sort()).toEqual(["200", "409 tableau.409006"]);
    expect((await control.signIns()) - before).toBe(KILLS);
  },
);
