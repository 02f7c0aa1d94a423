import { afterAll, beforeAll, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { type ServerProcess, startServerProcess } from "../testing/server-process.ts";
import { sql } from "../testing/sql.ts";
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

/** A client that knows the token, too, and signs in with it again and again. */
function foreignClient() {
  const { pat, site } = easel.sandbox.keys;
  let signIns = 0;
  let pauseMs = 1000;
  let isOver = false;
  const run = async (): Promise<void> => {
    while (!isOver) {
      const response = await fetch(`${easel.sandbox.url}/api/3.27/auth/signin`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          credentials: {
            personalAccessTokenName: pat.name,
            personalAccessTokenSecret: pat.secret,
            site: { contentUrl: site.contentUrl },
          },
        }),
      });
      if (response.ok) signIns += 1;
      await response.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const running = run();
  return {
    signIns: () => signIns,
    hurry: (ms: number) => {
      pauseMs = ms;
    },
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}

/** Callers of each credential at each process. */
const CALLERS = 4;
const BURST = 10;
const EVERY_S = 2;
/** Kills before they are a contest. */
const FREE = 3;

test("a token that somebody else uses, too, is rationed, shown within seconds, and settles by itself", {
  timeout: 120_000,
}, async () => {
  const { project } = easel;
  await project.connect("ana");
  await project.connect("ben");
  const seen = new Set<string>();
  let served = 0;
  let isOver = false;
  const caller = async (user: string, origin: string, token: string): Promise<void> => {
    while (!isOver) {
      const response = await project.at(origin).call(user, "/sdk/proxy/tableau/projects?pageSize=1", { token });
      const { code } = (await response.json()) as { code?: string };
      seen.add(`${response.status} ${code ?? ""}`.trim());
      if (response.status === 200) served += 1;
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const tokens = { ana: await project.token("ana"), ben: await project.token("ben") };
  const callers = (["ana", "ben"] as const).flatMap((user) =>
    processes.flatMap(({ origin }) => Array.from({ length: CALLERS }, () => caller(user, origin, tokens[user]))),
  );
  await waitFor(() => served > 50);

  /** What Easel itself signed in. */
  const ours = async (): Promise<number> => (await control.signIns()) - foreign.signIns();
  const warnings = async (): Promise<(string | undefined)[]> => {
    const response = await project.manage("/credentials");
    const { credentials } = (await response.json()) as {
      credentials: { status: string; warning: { code: string } | null }[];
    };
    expect(credentials.map(({ status }) => status)).toEqual(["VALID", "VALID"]);
    return credentials.map(({ warning }) => warning?.code);
  };
  const kinds = async (): Promise<string[]> => {
    const { events } = (await (await project.manage("/events")).json()) as { events: { kind: string; sub: string }[] };
    return events.map(({ kind, sub }) => `${kind} ${sub}`).sort();
  };

  const foreign = foreignClient();
  const [before, began] = [await ours(), performance.now()];
  await waitFor(async () => (await warnings()).every((code) => code === "tableau_session_contested"));
  // Three of its sign-ins, a second apart, are what it takes to know.
  expect(performance.now() - began).toBeLessThan(8000);
  const portal = await project.at(processes[1].origin).call("ben", "/sdk/portal");
  expect(JSON.stringify(await portal.json())).toContain("tableau_session_contested");
  expect(await kinds()).toEqual(["credential_contested ana", "credential_contested ben"]);

  // Even one that never stops gets no more out of Easel than its ration.
  foreign.hurry(50);
  await waitFor(() => seen.has("409 tableau_session_contested"), 30_000);
  await new Promise((resolve) => setTimeout(resolve, 6000));
  const seconds = (performance.now() - began) / 1000;
  expect((await ours()) - before).toBeLessThanOrEqual(FREE + BURST + Math.ceil(seconds / EVERY_S));
  await foreign.stop();

  // Nobody waits for the two minutes to go by: the next sign-in is kept.
  const then = served;
  await waitFor(() => served > then + 100);
  expect(new Set(await warnings())).toEqual(new Set(["tableau_session_contested"]));
  await sql(easel.database.url, "update sessions set contested_at = contested_at - interval '2 minutes'");
  expect(await warnings()).toEqual([undefined, undefined]);
  await waitFor(async () => (await kinds()).length === 4, 20_000);
  expect(await kinds()).toEqual([
    "credential_contested ana",
    "credential_contested ben",
    "credential_settled ana",
    "credential_settled ben",
  ]);
  isOver = true;
  await Promise.all(callers);
  expect([...seen].sort()).toEqual(["200", "409 tableau_session_contested"]);
});
