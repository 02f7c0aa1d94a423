import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CuttableDatabase, cuttable } from "../testing/cut-database.ts";
import { type ServerProcess, startServerProcess } from "../testing/server-process.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

/** Here everything is revoked. */
let easel: TestEasel;
/** Each reaches the database by a way of its own. */
let ways: CuttableDatabase[];
/** There nobody may get through. */
let processes: ServerProcess[];
/** Two servers, on a machine that has other things to do. */
const STARTING_MS = 60_000;
beforeAll(async () => {
  easel = await startTestEasel();
  ways = await Promise.all([cuttable(easel.database.url), cuttable(easel.database.url)]);
  processes = await Promise.all(
    ways.map(({ url }) =>
      startServerProcess({ database: { url, keys: easel.database.keys }, egressAllow: [easel.sandbox.url] }),
    ),
  );
}, STARTING_MS);
afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await Promise.all(ways.map((way) => way.close()));
  await easel.close();
});

/** What the connection is called on which a process hears of changes. */
const LISTENER = "easel changes";
/** Within so many ms of the answer that says that something is revoked, it is, everywhere. */
const EVERYWHERE_MS = 1000;
const ORIGIN = "https://app.example.com";

const killListeners = () =>
  sql(easel.database.url, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [
    LISTENER,
  ]);

const ready = (): Promise<unknown> =>
  Promise.all(processes.map(({ origin }) => waitFor(async () => (await fetch(`${origin}/health/ready`)).ok)));

const REVOCATIONS: Readonly<Record<string, (project: TestProject) => Promise<void>>> = {
  "a signing key": async (project) => {
    const response = await project.manage(`/signing-keys/${project.signingKey.id}`, { method: "DELETE" });
    expect(response.status).toBe(204);
  },
  "a user": async (project) => {
    // As whoever disables a user does it: both in one transaction.
    await sql(
      easel.database.url,
      `with disabled as (update users set disabled_at = now() where project_id = $1 and subject = 'ana' returning id)
       insert into changes (topic) select 'user:' || $1::uuid || ':ana' from disabled`,
      [project.id],
    );
  },
  "a credential": async (project) => {
    const response = await project.call("ben", `/sdk/integrations/${project.integrationId}`, { method: "DELETE" });
    expect(response.status).toBe(204);
  },
  "an origin": async (project) => {
    const response = await project.manage("/allowed-origins", { method: "PUT", json: { origins: [] } });
    expect(response.status).toBe(200);
  },
};

const WAYS: Readonly<Record<string, { deafen(): Promise<void>; mend(): void }>> = {
  "killed again and again": {
    deafen: async () => void (await killListeners()),
    mend: () => {},
  },
  "swallowed by the network": {
    deafen: async () => {
      for (const relay of ways) relay.swallow(LISTENER);
    },
    mend: () => {
      for (const relay of ways) relay.swallow(null);
    },
  },
};

describe.each(Object.keys(WAYS))("while the changes are %s", (way) => {
  test.each(Object.keys(REVOCATIONS))(
    "%s that is revoked is refused everywhere within a second",
    { timeout: 60_000 },
    async (what) => {
      const { deafen, mend } = WAYS[way] ?? { deafen: async () => {}, mend: () => {} };
      const project = await easel.newProject();
      expect((await project.manage("/allowed-origins", { method: "PUT", json: { origins: [ORIGIN] } })).status).toBe(
        200,
      );
      const user = what === "a credential" ? "ben" : "ana";
      await project.connect(user);
      const token = await project.token(user);
      await ready();

      interface Call {
        readonly began: number;
        readonly status: number;
      }
      const calls: Call[] = [];
      let isOver = false;
      const caller = async ({ origin }: ServerProcess): Promise<void> => {
        while (!isOver) {
          const began = performance.now();
          const response = await project.at(origin).call(user, "/sdk/proxy/tableau/projects?pageSize=1", {
            token,
            headers: { origin: ORIGIN },
          });
          await response.arrayBuffer();
          calls.push({ began, status: response.status });
        }
      };
      const callers = processes.flatMap((one) => [caller(one), caller(one)]);
      await waitFor(() => calls.length > 40);
      expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200]));
      try {
        await deafen();
        await REVOCATIONS[what]?.(project);
        const revoked = performance.now();
        const again = way.startsWith("killed") ? setInterval(() => void killListeners(), 100) : undefined;
        const late = () => calls.filter(({ began }) => began > revoked + EVERYWHERE_MS);
        await waitFor(() => performance.now() - revoked > 2 * EVERYWHERE_MS && late().length > 10);
        clearInterval(again);
        isOver = true;
        await Promise.all(callers);
        expect(late().filter(({ status }) => status < 400)).toEqual([]);
        // Refused, and not failed.
        expect(late().filter(({ status }) => status >= 500)).toEqual([]);
      } finally {
        isOver = true;
        mend();
        await Promise.all(callers);
      }
    },
  );
});
