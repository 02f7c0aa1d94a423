import { startSandbox } from "@easel/sandbox";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { METHODS, payloads } from "../testing/sign-in-methods.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

/** How far everybody's clock is ahead, in ms. */
let ahead = 0;
const clock = (): number => Date.now() + ahead;
let easel: TestEasel;
/** A second server on the same database. */
let other: TestEasel;
let control: SandboxControl;
let project: TestProject;
beforeAll(async () => {
  const sandbox = await startSandbox({ port: 0, host: "127.0.0.1", edition: "server", clock });
  easel = await startTestEasel({ clock, sandbox });
  other = await startTestEasel({ clock, sandbox: easel.sandbox, database: easel.database });
  control = sandboxControl(easel.sandbox);
});
afterAll(async () => {
  await other.close();
  await easel.close();
  await easel.sandbox.close();
});
beforeEach(async () => {
  await control.order({ restore: true, killSessions: true });
  await sql(easel.database.url, "delete from sessions");
  project = await easel.newProject();
});

async function call(origin = easel.origin): Promise<number> {
  const token = await project.token("ana");
  const response = await project.at(origin).call("ana", "/sdk/proxy/tableau/projects?pageSize=1", { token });
  await response.arrayBuffer();
  return response.status;
}

/** Connects, has both servers use the session, and makes it as old as one that is due for renewal, and not over. */
async function connected(method: (typeof METHODS)[number]): Promise<void> {
  await project.connect("ana", { ...payloads(easel.sandbox)[method] });
  expect([await call(), await call(other.origin)]).toEqual([200, 200]);
  ahead += 225 * 60_000;
  await sql(easel.database.url, "update sessions set renew_at = now(), expires_at = now() + interval '10 minutes'");
}

const SLOW_SIGN_IN_MS = 3000;

const generation = async (): Promise<string | undefined> => {
  const [row] = await sql<{ generation: string }>(easel.database.url, "select generation from sessions");
  return row?.generation;
};

test.each(METHODS)(
  "nobody waits for it, and everybody has the new session (%s)",
  { timeout: 60_000 },
  async (method) => {
    await connected(method);
    const [signIns, old] = [await control.signIns(), await generation()];
    await control.order({ signInDelayMs: SLOW_SIGN_IN_MS });
    const started = performance.now();
    let slowest = 0;
    await waitFor(async () => {
      const before = performance.now();
      const statuses = await Promise.all([call(), call(other.origin), call(), call(other.origin)]);
      slowest = Math.max(slowest, performance.now() - before);
      expect(statuses).toEqual([200, 200, 200, 200]);
      return (await generation()) !== old;
    });
    // It took its time, and no call took that.
    expect(performance.now() - started).toBeGreaterThan(SLOW_SIGN_IN_MS);
    expect(slowest).toBeLessThan(SLOW_SIGN_IN_MS);
    expect([await call(), await call(other.origin)]).toEqual([200, 200]);
    expect((await control.signIns()) - signIns).toBe(1);
  },
);

const MB = 1024 * 1024;

/** One part of an upload, sent up to its last bytes; these go when `end` is called. */
async function upload(origin: string): Promise<{ end(): void; answer: Promise<number> }> {
  const opened = await project.at(origin).call("ana", "/sdk/proxy/tableau/fileUploads", { method: "POST" });
  const { output } = (await opened.json()) as { output: { fileUpload: { uploadSessionId: string } } };
  let end = (): void => {};
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(
        Buffer.from(
          '--part\r\nContent-Disposition: name="request_payload"\r\nContent-Type: text/xml\r\n\r\n\r\n' +
            '--part\r\nContent-Disposition: name="tableau_file"; filename="file"\r\n' +
            "Content-Type: application/octet-stream\r\n\r\n",
        ),
      );
      controller.enqueue(new Uint8Array(MB));
      end = () => {
        controller.enqueue(Buffer.from("\r\n--part--\r\n"));
        controller.close();
      };
    },
  });
  const route = "PUT /sites/{siteId}/fileUploads/{uploadSessionId}";
  const before = await control.calls(route);
  const sent = project.at(origin).call("ana", `/sdk/proxy/tableau/fileUploads/${output.fileUpload.uploadSessionId}`, {
    method: "PUT",
    headers: { "content-type": "multipart/mixed; boundary=part" },
    body,
    duplex: "half",
  });
  const answer = sent.then(async (response) => {
    await response.arrayBuffer();
    return response.status;
  });
  await waitFor(async () => (await control.calls(route)) > before);
  return { end, answer };
}

test.each(["here", "there"])("a token's session is left alone while a body streams with it %s", async (where) => {
  await project.connect("ana");
  expect([await call(), await call(other.origin)]).toEqual([200, 200]);
  const { end, answer } = await upload(where === "here" ? easel.origin : other.origin);
  ahead += 225 * 60_000;
  await sql(easel.database.url, "update sessions set renew_at = now(), expires_at = now() + interval '10 minutes'");
  const [signIns, old] = [await control.signIns(), await generation()];
  expect(await call()).toBe(200);
  // Said, objected to, and put off: or not even said, where the body is its own.
  if (where === "there") {
    await waitFor(async () => {
      const [row] = await sql(
        easel.database.url,
        "select from sessions where renew_at > now() and streaming_until > now() and lease_owner is null",
      );
      return row !== undefined;
    });
  }
  expect(await call()).toBe(200);
  expect([await generation(), await control.signIns()]).toEqual([old, signIns]);
  end();
  expect(await answer).toBe(200);

  ahead += 31_000;
  await sql(easel.database.url, "update sessions set renew_at = now(), streaming_until = null");
  await waitFor(async () => (await call()) === 200 && (await generation()) !== old);
  expect((await control.signIns()) - signIns).toBe(1);
});

test("a body that begins to stream when a token's session is about to be renewed goes out with the new one", async () => {
  await connected("pat");
  const [signIns, old] = [await control.signIns(), await generation()];
  expect(await call()).toBe(200);
  await waitFor(
    async () => (await sql(easel.database.url, "select from sessions where lease_until > now()")).length > 0,
  );
  const uploads = await Promise.all([upload(easel.origin), upload(other.origin)]);
  expect(await generation()).not.toBe(old);
  for (const { end } of uploads) end();
  expect(await Promise.all(uploads.map(({ answer }) => answer))).toEqual([200, 200]);
  expect((await control.signIns()) - signIns).toBe(1);
});

test("a process that dies when it is about to renew a token's session holds bodies up for no more than its lease", async () => {
  await connected("pat");
  const signIns = await control.signIns();
  // What it leaves behind.
  await sql(
    easel.database.url,
    `with left_behind as (
       update sessions set lease_owner = gen_random_uuid(), lease_until = clock_timestamp() + interval '3 seconds',
         renew_at = clock_timestamp() + interval '30 seconds' returning identity)
     insert into changes (topic) select 'session:' || identity from left_behind`,
  );
  const started = performance.now();
  const { end, answer } = await upload(other.origin);
  expect(performance.now() - started).toBeGreaterThan(1000);
  expect(performance.now() - started).toBeLessThan(8000);
  end();
  expect(await answer).toBe(200);
  expect(await control.signIns()).toBe(signIns);
});

test("a refusal is left to the session's end, and takes nothing from those who use it", async () => {
  await connected("connectedApp");
  await control.order({ deleteAppSecret: true });
  const asked = await control.calls("POST /auth/signin");
  expect(await call()).toBe(200);
  await waitFor(async () => (await control.calls("POST /auth/signin")) > asked);
  await waitFor(
    async () => (await sql(easel.database.url, "select from sessions where lease_until is null")).length > 0,
  );
  for (let count = 0; count < 5; count += 1) {
    ahead += 31_000;
    expect([await call(), await call(other.origin)]).toEqual([200, 200]);
  }
  expect(await control.calls("POST /auth/signin")).toBe(asked + 1);
  const state = await project.call("ana", "/sdk/portal");
  expect(await state.json()).toMatchObject({ trust: { problem: null } });
});
