import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { json } from "../testing/fake-tableau.ts";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { waitFor } from "../testing/wait-for.ts";
import { type HelpedEasel, startHelpedEasel } from "./calls.fixture.ts";

let helped: HelpedEasel;
let control: SandboxControl;
let now = 0;
beforeAll(async () => {
  helped = await startHelpedEasel({ clock: () => Date.now() + now });
  control = sandboxControl(helped.easel.sandbox);
});
afterAll(() => helped.close());

const WAIT = { "easel-wait": "job" };

interface Job {
  readonly id: string;
  readonly completedAt?: string;
  readonly finishCode?: string | number;
  readonly progress?: string | number;
}

async function idOf(kind: "workbook" | "datasource", name: string): Promise<string> {
  const path = `/${kind}s?filter=name:eq:${encodeURIComponent(name)}&easel-normalize=1`;
  const { output } = (await (await helped.call("ana", path)).json()) as { output: Record<string, { id: string }[]> };
  return output[`${kind}s`]?.[0]?.id ?? "";
}

const refresh = (headers: Record<string, string>, workbook: string, user = "ana") =>
  helped.call(user, `/workbooks/${workbook}/refresh`, { method: "POST", json: {}, headers });

/** Ends the job that is waited for: once it has been asked for, the sandbox's clock leaps. */
async function endJobs(): Promise<void> {
  const before = await control.calls("GET /sites/{siteId}/jobs/{id}");
  await waitFor(async () => (await control.calls("GET /sites/{siteId}/jobs/{id}")) > before);
  await control.order({ advanceClockMs: 60_000 });
}

describe("a call that begins a job", () => {
  test("is answered with the finished job, as one call of several tries", async () => {
    const [response] = await Promise.all([refresh(WAIT, await idOf("workbook", "Superstore")), endJobs()]);
    expect(response.status).toBe(200);
    const { output } = (await response.json()) as { output: { job: Job } };
    expect(output.job).toMatchObject({ completedAt: expect.any(String), progress: expect.anything() });
    expect(String(output.job.finishCode)).toBe("0");
    const row = await waitFor(async () => {
      const last = await helped.lastCall();
      return String(last?.route).endsWith("/refresh") ? last : undefined;
    });
    expect(row).toMatchObject({ status: 200, method: "POST" });
    expect(Number(row.attempts)).toBeGreaterThanOrEqual(3);
  });

  test("is an error with the job and its words where that failed, and the job alone where it is asked for raw", async () => {
    const datasource = await idOf("datasource", "Extract History");
    const path = `/datasources/${datasource}/refresh`;
    const begin = (headers: Record<string, string>) => helped.call("ana", path, { method: "POST", json: {}, headers });
    const [failed] = await Promise.all([begin({ ...WAIT, "easel-normalize": "1" }), endJobs()]);
    expect(failed.status).toBe(422);
    const body = (await failed.json()) as { message: string };
    expect(body).toMatchObject({
      code: "tableau_job_unsuccessful",
      status: 422,
      meta: { isIntegrationError: true },
      output: {
        job: { finishCode: 1, completedAt: expect.any(String), extractRefreshJob: { notes: expect.any(String) } },
      },
    });
    expect(body.message).toMatch(/did not succeed: \w/);
    const [raw] = await Promise.all([begin({ ...WAIT, "x-paragon-use-raw-response": "1" }), endJobs()]);
    expect(raw.status).toBe(200);
    const { job } = (await raw.json()) as { job: Job };
    expect(String(job.finishCode)).toBe("1");
  });

  test("is answered with the job as it is when the time is over, which can then be waited for", async () => {
    const workbook = await idOf("workbook", "Board Pack");
    const response = await refresh({ "easel-wait": "job; timeout=1" }, workbook);
    expect(response.status).toBe(202);
    const { output } = (await response.json()) as { output: { job: Job } };
    expect(output.job).not.toHaveProperty("completedAt");
    const [finished] = await Promise.all([helped.call("ana", `/jobs/${output.job.id}`, { headers: WAIT }), endJobs()]);
    expect(finished.status).toBe(200);
    expect(await finished.json()).toMatchObject({
      output: { job: { id: output.job.id, completedAt: expect.any(String) } },
    });
  });

  test("gives signs of life where they are asked for", async () => {
    const workbook = await idOf("workbook", "Flash Report");
    const response = await refresh({ "easel-wait": "job; heartbeat=1" }, workbook);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toMatch(/^\n+\{"output":/);
    expect(JSON.parse(text)).toMatchObject({ output: { job: { completedAt: expect.any(String) } } });
  });

  test("is not made where jobs may not be read", async () => {
    const project = await helped.easel.newProject({ permissions: ["tableau:content:read", "tableau:tasks:run"] });
    await project.connect("ana");
    const before = await control.calls("POST /sites/{siteId}/workbooks/{workbookId}/refresh");
    const path = `/sdk/proxy/tableau/workbooks/${await idOf("workbook", "Superstore")}/refresh`;
    const response = await project.call("ana", path, { method: "POST", json: {}, headers: WAIT });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: "tableau_permission_missing",
      message: expect.stringContaining("tableau:jobs:read"),
    });
    expect(await control.calls("POST /sites/{siteId}/workbooks/{workbookId}/refresh")).toBe(before);
  });
});

test("what begins no job is answered at once", async () => {
  const json = { project: { name: "Waited for" } };
  const response = await helped.call("ana", "/projects", { method: "POST", json, headers: WAIT });
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({ output: { project: { name: "Waited for" } } });
});

describe("waiting", () => {
  /** A fake Tableau whose job is asked for as `jobs` says, one answer after the other, the last again and again. */
  function answerJobs(...jobs: ((response: ServerResponse, request: IncomingMessage) => void)[]): () => number {
    let asked = 0;
    helped.fake.answer((request, response) => {
      if (request.method === "POST") return json(response, 202, { job: { id: "j1", progress: "0" } });
      asked += 1;
      jobs[Math.min(asked, jobs.length) - 1]?.(response, request);
    });
    return () => asked;
  }
  const open = (response: ServerResponse) => json(response, 200, { job: { id: "j1", progress: "0", finishCode: "1" } });
  const done = (response: ServerResponse) =>
    json(response, 200, { job: { id: "j1", completedAt: "2026-01-01T00:00:00Z", finishCode: "0" } });
  const failing = (response: ServerResponse) => json(response, 503, {});
  const page = (response: ServerResponse) => response.writeHead(200, { "content-type": "text/html" }).end("<html>");
  const broken = (response: ServerResponse) =>
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end("no such packing");

  test("goes by completedAt, past failures that pass, and past a session that ended", async () => {
    answerJobs(
      open,
      failing,
      (response) => {
        helped.fake.endSessions();
        open(response);
      },
      page,
      broken,
      done,
    );
    const response = await refresh(WAIT, "w1", "fake");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ output: { job: { finishCode: "0" } } });
  }, 60_000);

  test("tells of a job that is not heard of any more", async () => {
    answerJobs((response) => json(response, 403, { error: { code: "403004", summary: "Forbidden", detail: "" } }));
    const response = await refresh(WAIT, "w1", "fake");
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: "job_lost", message: expect.stringContaining("j1") });
  });

  test("says in the connector's words that the answer to what began it broke off", async () => {
    helped.fake.answer((_request, response) => {
      response.writeHead(202, { "content-type": "application/json", "content-length": "100" });
      response.write('{"job":', () => response.destroy());
    });
    for (const headers of [WAIT, { "easel-normalize": "1" }]) {
      const response = await refresh(headers, "w1", "fake");
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({ code: "tableau_server_unreachable" });
    }
  });

  test("ends with its time, by Easel's clock", async () => {
    const asked = answerJobs(open);
    const answered = refresh({ "easel-wait": "job; timeout=3600" }, "w1", "fake");
    await waitFor(() => asked() === 1);
    now += 3_600_000;
    expect((await answered).status).toBe(202);
  });

  test("ends when the caller goes away", async () => {
    const asked = answerJobs(open);
    const leave = new AbortController();
    const gone = helped.call("fake", "/workbooks/w1/refresh", {
      method: "POST",
      json: {},
      headers: WAIT,
      signal: leave.signal,
    });
    await waitFor(() => asked() === 1);
    leave.abort();
    await expect(gone).rejects.toThrow();
    // With its row a call is over: nobody is left who would ask.
    const row = await waitFor(async () => {
      const last = await helped.lastCall();
      return last?.status === 499 ? last : undefined;
    });
    expect(row.attempts).toBe(1 + asked());
  });

  test("with signs of life ends an error that comes too late for a status in the body", async () => {
    answerJobs(open, open, (response) =>
      json(response, 200, { job: { id: "j1", completedAt: "2026-01-01T00:00:00Z", finishCode: "1" } }),
    );
    const response = await helped.open("fake", "/jobs/j1", { "easel-wait": "job; heartbeat=1" });
    expect(response.statusCode).toBe(200);
    let text = "";
    response.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    await once(response, "end");
    expect(JSON.parse(text)).toMatchObject({
      code: "tableau_job_unsuccessful",
      status: 422,
      output: { job: { id: "j1" } },
    });
  });

  test("with signs of life tells in the body, too, that nothing more is heard", async () => {
    answerJobs(open, open, (response) => json(response, 403, {}));
    const response = await helped.call("fake", "/jobs/j1", { headers: { "easel-wait": "job; heartbeat=1" } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ code: "job_lost", status: 502 });
  });

  test.each([
    ["POST", "/workbooks/w1/refresh", "soon", "help_unknown"],
    ["POST", "/workbooks/w1/refresh", "job; timeout=0", "help_unknown"],
    ["POST", "/workbooks/w1/refresh", "job; timeout=3601", "help_unknown"],
    ["POST", "/workbooks/w1/refresh", "job; until=6", "help_unknown"],
    ["GET", "/workbooks/w1", "job", "help_impossible"],
    ["HEAD", "/jobs/j1", "job", ""],
  ])("%s %s with Easel-Wait: %s is refused before anything is sent", async (method, path, wait, code) => {
    const before = helped.fake.received.length;
    const response = await helped.call("fake", path, { method, headers: { "easel-wait": wait } });
    expect(response.status).toBe(400);
    if (code !== "") expect(await response.json()).toMatchObject({ code });
    expect(helped.fake.received).toHaveLength(before);
  });
});
