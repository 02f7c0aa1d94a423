import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { type ServerProcess, startServerProcess } from "../testing/server-process.ts";
import { METHODS, payloads, setOwnTrust } from "../testing/sign-in-methods.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

let easel: TestEasel;
let control: SandboxControl;
let processes: [ServerProcess, ServerProcess];
const start = () => startServerProcess({ database: easel.database, egressAllow: [new URL(easel.sandbox.url).host] });
/** Two servers, on a machine that has other things to do. */
const STARTING_MS = 60_000;
beforeAll(async () => {
  easel = await startTestEasel();
  control = sandboxControl(easel.sandbox);
  processes = await Promise.all([start(), start()]);
}, STARTING_MS);
afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await easel.close();
});

const CALLERS = 16;

/** A project with a connected user, whose session neither process has seen. */
async function connected(method: (typeof METHODS)[number]): Promise<TestProject> {
  const project = await easel.newProject();
  await setOwnTrust(project, easel.sandbox);
  await project.connect("ana", { ...payloads(easel.sandbox)[method] });
  await control.order({ killSessions: true });
  await sql(easel.database.url, "delete from sessions");
  return project;
}

/** As many calls at each of the processes, all at once. Statuses by process. */
async function callBoth(project: TestProject): Promise<number[][]> {
  const token = await project.token("ana");
  return Promise.all(
    processes.map(({ origin }) =>
      Promise.all(
        Array.from({ length: CALLERS }, async () => {
          const response = await project.at(origin).call("ana", "/sdk/proxy/tableau/projects?pageSize=1", { token });
          await response.arrayBuffer();
          return response.status;
        }),
      ),
    ),
  );
}

const ALL_SERVED = [Array(CALLERS).fill(200), Array(CALLERS).fill(200)];

describe.each(METHODS)("two processes, by %s", (method) => {
  beforeEach(() => control.order({ restore: true, signInDelayMs: 500 }));

  test("sign in once for all first calls, and once again when the session was ended", async () => {
    const project = await connected(method);
    const before = await control.signIns();
    expect(await callBoth(project)).toEqual(ALL_SERVED);
    expect((await control.signIns()) - before).toBe(1);

    await control.order({ killSessions: true });
    expect(await callBoth(project)).toEqual(ALL_SERVED);
    expect((await control.signIns()) - before).toBe(2);

    // Each of the processes wrote down what it served.
    const rows = await waitFor(async () => {
      const found = await sql<{ status: number; renewed: boolean }>(
        easel.database.url,
        "select status, renewed from usage where project_id = $1",
        [project.id],
      );
      return found.length === 4 * CALLERS && found;
    });
    expect(rows.every(({ status }) => status === 200)).toBe(true);
  });
});

describe("a process that stops while it signs in", () => {
  const leaseHolder = async (): Promise<void> => {
    await waitFor(async () => {
      const [row] = await sql(easel.database.url, "select from sessions where lease_until > clock_timestamp()");
      return row !== undefined;
    });
  };
  const call = async (project: TestProject, { origin }: ServerProcess): Promise<number> => {
    const response = await project.at(origin).call("ana", "/sdk/proxy/tableau/projects?pageSize=1");
    await response.arrayBuffer();
    return response.status;
  };

  test("for ever, by kill, holds the other up for no more than its lease", { timeout: STARTING_MS }, async () => {
    const project = await connected("pat");
    const victim = await start();
    await control.order({ restore: true, signInDelayMs: 1500 });
    const lost = call(project, victim).catch(() => "lost");
    await leaseHolder();
    victim.signal("SIGKILL");
    await control.order({ restore: true });
    const started = performance.now();
    expect(await call(project, processes[0])).toBe(200);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await lost).toBe("lost");
    await victim.stop();
  });

  test("for a while, frozen, neither blocks the other nor disturbs it when it goes on", {
    timeout: STARTING_MS,
  }, async () => {
    const project = await connected("password");
    const frozen = processes[1];
    await control.order({ restore: true, signInDelayMs: 1500 });
    const late = call(project, frozen);
    await leaseHolder();
    frozen.signal("SIGSTOP");
    await control.order({ restore: true });
    try {
      const started = performance.now();
      expect(await call(project, processes[0])).toBe(200);
      expect(performance.now() - started).toBeLessThan(5000);
    } finally {
      frozen.signal("SIGCONT");
    }
    expect(await late).toBe(200);
    const before = await control.signIns();
    expect(await callBoth(project)).toEqual(ALL_SERVED);
    expect(await control.signIns()).toBe(before);
  });
});

describe("large bodies", () => {
  const MB = 1024 * 1024;
  /** What undici, sockets and the collector's laziness take; a body that were held would be far more. */
  const FLAT_MB = 64;
  /** One part of an upload, of so many MB, as public clients send it; Tableau takes no more than 64 in one. */
  const uploadPart = (megabytes: number): Blob =>
    new Blob([
      '--part\r\nContent-Disposition: name="request_payload"\r\nContent-Type: text/xml\r\n\r\n\r\n',
      '--part\r\nContent-Disposition: name="tableau_file"; filename="file"\r\n',
      "Content-Type: application/octet-stream\r\n\r\n",
      ...Array.from({ length: megabytes }, () => new Uint8Array(MB)),
      "\r\n--part--\r\n",
    ]);

  /** Half a gigabyte, through processes that share two cores with other tests. */
  const LARGE_MS = 120_000;

  test("go down and up without being held", { timeout: LARGE_MS }, async () => {
    await control.order({ restore: true });
    const project = await connected("pat");
    const [one] = processes;
    const at = project.at(one.origin);
    const found = await at.call("ana", "/sdk/proxy/tableau/workbooks?filter=name:eq:Customer%20360&fields=id");
    const { output } = (await found.json()) as { output: { workbooks: { workbook: [{ id: string }] } } };

    const download = async (): Promise<void> => {
      const started = performance.now();
      const answer = await at.call("ana", `/sdk/proxy/tableau/workbooks/${output.workbooks.workbook[0].id}/content`);
      let firstByteMs = 0;
      let size = 0;
      for await (const chunk of answer.body ?? []) {
        firstByteMs ||= performance.now() - started;
        size += chunk.length;
      }
      expect(size).toBe(128 * MB);
      expect(firstByteMs).toBeLessThan(1000);
    };
    const upload = async (): Promise<void> => {
      const opened = await at.call("ana", "/sdk/proxy/tableau/fileUploads", { method: "POST" });
      const { output } = (await opened.json()) as { output: { fileUpload: { uploadSessionId: string } } };
      for (const fileSize of ["50", "100"]) {
        const sent = await at.call("ana", `/sdk/proxy/tableau/fileUploads/${output.fileUpload.uploadSessionId}`, {
          method: "PUT",
          headers: { "content-type": "multipart/mixed; boundary=part" },
          body: uploadPart(50).stream(),
          duplex: "half",
        });
        expect(await sent.json()).toMatchObject({ output: { fileUpload: { fileSize } } });
      }
    };

    // The first time, the process grows to what its buffers need. A body that were held would be there the second time too.
    await download();
    await upload();
    const before = await one.peakMemory();
    await Promise.all([download(), download(), upload()]);
    expect((await one.peakMemory()) - before).toBeLessThan(FLAT_MB);
  });
});

test("nothing that was sent or kept secret is in a log", () => {
  const { pat, user, connectedApp } = easel.sandbox.keys;
  const logs = processes.map((one) => one.log()).join("");
  expect(logs).toContain("Server listening");
  for (const secret of [pat.secret, user.password, connectedApp.secretValue, easel.database.keys.split(":")[1] ?? ""])
    expect(logs).not.toContain(secret);
  expect(logs).not.toMatch(/eyJ[\w-]+\.eyJ/);
});
