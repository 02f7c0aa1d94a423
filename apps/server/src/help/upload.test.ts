import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { json } from "../testing/fake-tableau.ts";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { waitFor } from "../testing/wait-for.ts";
import { type HelpedEasel, startHelpedEasel } from "./calls.fixture.ts";

let helped: HelpedEasel;
let control: SandboxControl;
let projectId = "";
beforeAll(async () => {
  helped = await startHelpedEasel();
  control = sandboxControl(helped.easel.sandbox);
  const { output } = (await (await helped.call("ana", "/projects?easel-normalize=1&pageSize=1")).json()) as {
    output: { projects: { id: string }[] };
  };
  projectId = output.projects[0]?.id ?? "";
});
afterAll(() => helped.close());

const MB = 1024 * 1024;
const BOUNDARY = "form-boundary";

/** A form with its file last, made while it is read. */
async function* form(
  fields: Readonly<Record<string, string>>,
  file: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { filename = "sales.hyper", after = "" } = {},
): AsyncGenerator<Buffer> {
  for (const [name, value] of Object.entries(fields)) {
    yield Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  }
  yield Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  );
  for await (const chunk of file) yield Buffer.from(chunk);
  yield Buffer.from(`\r\n${after}--${BOUNDARY}--\r\n`);
}

/** What begins like a Hyper file, `size` bytes of it in blocks of a megabyte. */
function* hyper(size: number): Generator<Buffer> {
  for (let made = 0; made < size; made += MB) {
    const block = Buffer.alloc(Math.min(MB, size - made), made % 251);
    if (made === 0) block.write("HyPer");
    yield block;
  }
}

interface Answer {
  readonly status: number;
  readonly body: { readonly code?: string; readonly message?: string; readonly output?: Record<string, never> };
}

async function publish(
  user: string,
  kind: string,
  body: AsyncIterable<Buffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const request = httpRequest(
    `${helped.easel.origin}/projects/${helped.project.id}/sdk/proxy/tableau/publish/${kind}`,
    {
      method: "POST",
      headers: {
        authorization: `Bearer ${await helped.project.token(user)}`,
        "content-type": `multipart/form-data; boundary=${BOUNDARY}`,
        ...headers,
      },
    },
  );
  const answered = (async () => {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return { status: response.statusCode ?? 0, body: JSON.parse(await text(response)) };
  })();
  const sent = pipeline(Readable.from(body), request);
  try {
    // A caller that is answered early has no reason to send the rest.
    return await Promise.race([answered, sent.then(() => answered)]);
  } finally {
    request.destroy();
    await Promise.allSettled([sent, answered]);
  }
}

const fields = (name: string, more: Record<string, string> = {}) => ({ name, projectId, ...more });

async function contentOf(name: string): Promise<string> {
  const path = `/datasources?easel-normalize=1&filter=name:eq:${encodeURIComponent(name)}`;
  const { output } = (await (await helped.call("ana", path)).json()) as { output: { datasources: { id: string }[] } };
  const response = await helped.call("ana", `/datasources/${output.datasources[0]?.id}/content`);
  const hash = createHash("sha256");
  if (response.body !== null) for await (const chunk of response.body) hash.update(chunk);
  return hash.digest("hex");
}

const hashOf = (chunks: Iterable<Buffer>) => {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
};

describe("publishing", () => {
  test("a file of several parts arrives as it was, in order, and is waited for", async () => {
    const before = await control.calls("PUT /sites/{siteId}/fileUploads/{uploadSessionId}");
    const answer = await publish("ana", "datasource", form(fields("Large"), hyper(70 * MB)));
    expect(answer).toMatchObject({
      status: 200,
      body: { output: { job: { completedAt: expect.any(String), type: "PublishDatasource" } } },
    });
    expect(await control.calls("PUT /sites/{siteId}/fileUploads/{uploadSessionId}")).toBe(before + 3);
    expect(await contentOf("Large")).toBe(hashOf(hyper(70 * MB)));
    const row = await waitFor(async () => {
      const { calls } = (await (await helped.project.manage("/usage")).json()) as { calls: Record<string, unknown>[] };
      return calls.find(({ method, route }) => method === "POST" && route === "/sites/{siteId}/datasources");
    });
    expect(row).toMatchObject({ status: 200 });
    expect(Number(row.attempts)).toBeGreaterThanOrEqual(6);
    expect(Number(row.bytesIn)).toBeGreaterThan(70 * MB);
  }, 60_000);

  test.each([5, 262_144, 262_145, 32 * MB])(
    "a file of %i bytes arrives as it was",
    async (size) => {
      const name = `Exactly ${size}`;
      const answer = await publish("ana", "datasource", form(fields(name, { asJob: "false" }), hyper(size)));
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      expect(await contentOf(name)).toBe(hashOf(hyper(size)));
    },
    60_000,
  );

  test("answers with what was published where no job is wanted, under whatever name it has", async () => {
    const name = `<&"Ünïcode"'> ${"\u{1f600}"} \\`;
    const answer = await publish("ana", "datasource", form(fields(name, { asJob: "false" }), hyper(100)));
    expect(answer).toMatchObject({
      status: 201,
      body: { output: { datasource: { name, project: { id: projectId } } } },
    });
    const normalized = await publish("ana", "datasource", form(fields("Plain", { asJob: "false" }), hyper(100)), {
      "easel-normalize": "1",
    });
    expect(normalized.body.output).toMatchObject({ datasource: { tags: [] } });
  });

  test("answers with the job that began where that is not to be waited for", async () => {
    const answer = await publish("ana", "datasource", form(fields("Later"), hyper(100)), { "easel-wait": "none" });
    expect(answer.status).toBe(202);
    expect(answer.body.output).toMatchObject({ job: { id: expect.any(String) } });
    expect(answer.body.output).not.toHaveProperty("job.completedAt");
  });

  test("takes workbooks and flows as well", async () => {
    const twb = '<?xml version="1.0"?><workbook><worksheets><worksheet name="One"/></worksheets></workbook>';
    const workbook = form(
      fields("A workbook", { showTabs: "true", asJob: "false", description: "Two\nlines" }),
      [Buffer.from(twb)],
      {
        filename: "a.twb",
      },
    );
    expect(await publish("ana", "workbook", workbook)).toMatchObject({
      status: 201,
      body: { output: { workbook: { name: "A workbook", description: "Two\nlines" } } },
    });
    const listed = await helped.call("ana", "/flows?easel-normalize=1&pageSize=1");
    const { output } = (await listed.json()) as { output: { flows: { id: string }[] } };
    const content = await (await helped.call("ana", `/flows/${output.flows[0]?.id}/content`)).bytes();
    expect(await publish("ana", "flow", form(fields("A flow"), [content], { filename: "a.TFLX" }))).toMatchObject({
      status: 201,
      body: { output: { flow: { name: "A flow" } } },
    });
  });

  test("takes what overwrites, and tells what stands against it", async () => {
    await publish("ana", "datasource", form(fields("Taken", { asJob: "false" }), hyper(100)));
    const again = await publish("ana", "datasource", form(fields("Taken", { asJob: "false" }), hyper(100)));
    expect(again.status).toBe(403);
    expect(again.body).toHaveProperty("output.error.code", "403007");
    const over = { asJob: "false", overwrite: "true" };
    expect((await publish("ana", "datasource", form(fields("Taken", over), hyper(200)))).status).toBe(201);
    const lost = form({ ...fields("Lost"), projectId: "00000000-0000-4000-8000-000000000000" }, hyper(100));
    expect((await publish("ana", "datasource", lost)).status).toBe(404);
  });

  test("says what is wrong with the file itself as the job does", async () => {
    const broken = form(fields("Broken"), [Buffer.from("no workbook at all")], { filename: "a.twb" });
    const answer = await publish("ana", "workbook", broken);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: "tableau_job_unsuccessful" });
  });
});

describe("a form", () => {
  const sent = () => helped.fake.received.length;

  test.each([
    ["without a name", { projectId: "p" }, {}, "the field name is missing"],
    ["with a field that there is not", { name: "a", projectId: "p", color: "red" }, {}, "there is no field color"],
    ["with a file of another type", { name: "a", projectId: "p" }, { filename: "a.exe" }, "one of tds"],
    ["with more than anybody writes", { name: "a", projectId: "p", description: "x".repeat(524_289) }, {}, "512 KB"],
    ["with both overwrite and append", { name: "a", projectId: "p", overwrite: "true", append: "true" }, {}, "both"],
  ])("%s is refused before anything is sent", async (_what, said, options, words) => {
    const before = sent();
    const answer = await publish("fake", "datasource", form(said, hyper(3 * MB), options));
    expect(answer).toMatchObject({
      status: 400,
      body: { code: "upload_malformed", message: expect.stringContaining(words) },
    });
    expect(sent()).toBe(before);
  });

  test.each([
    [
      "no file",
      async function* () {
        yield Buffer.from(`--${BOUNDARY}--\r\n`);
      },
    ],
    ["an empty file", () => form({ name: "a", projectId: "p" }, [])],
    [
      "another type",
      async function* () {
        yield Buffer.from("{}");
      },
    ],
  ])("with %s is refused before anything is sent", async (what, body) => {
    const before = sent();
    const headers: Record<string, string> = what === "another type" ? { "content-type": "application/json" } : {};
    expect(await publish("fake", "datasource", body(), headers)).toMatchObject({
      status: 400,
      body: { code: "upload_malformed" },
    });
    expect(sent()).toBe(before);
  });

  test("with a field after the file publishes nothing", async () => {
    const after = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="overwrite"\r\n\r\ntrue\r\n`;
    const before = await control.calls("POST /sites/{siteId}/datasources");
    const answer = await publish("ana", "datasource", form(fields("Half"), hyper(100), { after }));
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining("after the file") } });
    expect(await control.calls("POST /sites/{siteId}/datasources")).toBe(before);
  });

  test("is for what there is, by POST", async () => {
    expect(await publish("fake", "dashboard", form({}, []))).toMatchObject({
      status: 404,
      body: { code: "upload_kind_unknown" },
    });
    const get = await helped.call("fake", "/publish/workbook");
    expect(get.status).toBe(400);
  });

  test.each([
    ["tableau:file_uploads:create", ["tableau:datasources:create", "tableau:jobs:read"]],
    ["tableau:datasources:create", ["tableau:file_uploads:create", "tableau:jobs:read"]],
    ["tableau:jobs:read", ["tableau:file_uploads:create", "tableau:datasources:create"]],
  ])("needs %s before the first byte", async (scope, permissions) => {
    const project = await helped.easel.newProject({ permissions });
    await project.connect("ana");
    const before = await control.calls("POST /sites/{siteId}/fileUploads");
    const body = new FormData();
    body.set("file", new Blob(["HyPer"]), "a.hyper");
    const response = await project.call("ana", "/sdk/proxy/tableau/publish/datasource", { method: "POST", body });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining(scope) });
    expect(await control.calls("POST /sites/{siteId}/fileUploads")).toBe(before);
  });
});

describe("an upload that is disturbed", () => {
  /** A Tableau that takes parts, and does to the one of this number what `disturb` says. */
  function takeParts(disturbed: number, disturb: (request: IncomingMessage, response: ServerResponse) => void) {
    const taken: string[] = [];
    const parts: number[] = [];
    helped.fake.answer(async (request, response) => {
      taken.push(`${request.method} ${request.url?.replace(/^.*\/sites\/[^/]+/, "").replace(/\?.*/, "")}`);
      if (request.method === "PUT") {
        if (parts.length + 1 === disturbed) return disturb(request, response);
        // A part that breaks off is nobody's failure here.
        parts.push((await buffer(request).catch(() => Buffer.alloc(0))).length);
        return json(response, 200, { fileUpload: { uploadSessionId: "1:a-1:0", fileSize: "1" } });
      }
      await text(request);
      json(
        response,
        201,
        request.url?.includes("fileUploads")
          ? { fileUpload: { uploadSessionId: "1:a-1:0" } }
          : { datasource: { id: "d" } },
      );
    });
    return { taken, parts };
  }
  const small = { name: "a", projectId: "p" };

  test("by a session that ends between parts goes on", async () => {
    const { parts, taken } = takeParts(0, () => {});
    const file = async function* () {
      let made = 0;
      for (const chunk of hyper(70 * MB)) {
        made += chunk.length;
        // The second part has been taken, and nothing of the third is there.
        if (made === 65 * MB) {
          await waitFor(() => parts.length === 2);
          helped.fake.endSessions();
        }
        yield chunk;
      }
    };
    expect((await publish("fake", "datasource", form(small, file()))).status).toBe(201);
    expect(parts).toHaveLength(3);
    expect(taken.at(-1)).toBe("POST /datasources");
  }, 30_000);

  test("by a part that is cut says that it must begin again, and publishes nothing", async () => {
    const { taken } = takeParts(2, (request) => request.socket.destroy());
    const answer = await publish("fake", "datasource", form(small, hyper(70 * MB)));
    expect(answer).toMatchObject({ status: 502, body: { code: "upload_interrupted" } });
    expect(taken.filter((call) => call.startsWith("PUT"))).toHaveLength(2);
    expect(taken).not.toContain("POST /datasources");
  }, 30_000);

  test("by a Tableau that answers before it has the part publishes nothing", async () => {
    const { taken } = takeParts(1, (_request, response) =>
      json(response, 200, { fileUpload: { uploadSessionId: "1:a-1:0", fileSize: "0" } }),
    );
    const answer = await publish("fake", "datasource", form(small, hyper(40 * MB)));
    expect(answer).toMatchObject({ status: 502, body: { code: "upload_interrupted" } });
    expect(taken).not.toContain("POST /datasources");
  }, 30_000);

  test("by a caller who goes away publishes nothing", async () => {
    const { taken } = takeParts(0, () => {});
    const leaving = new Error("gone");
    const file = async function* () {
      for (const chunk of hyper(40 * MB)) yield chunk;
      throw leaving;
    };
    await expect(publish("fake", "datasource", form(small, file()))).rejects.toThrow();
    await waitFor(async () => (await helped.lastCall())?.status === 499);
    expect(taken).not.toContain("POST /datasources");
    expect((await helped.call("ana", "/projects?pageSize=1")).status).toBe(200);
  }, 30_000);

  test("by a Tableau that takes its time holds the caller back", async () => {
    let isHeld = true;
    helped.fake.answer(async (request, response) => {
      if (request.method !== "PUT") {
        await text(request);
        return json(
          response,
          201,
          request.url?.includes("fileUploads") ? { fileUpload: { uploadSessionId: "u" } } : { datasource: {} },
        );
      }
      await waitFor(() => !isHeld);
      await buffer(request);
      json(response, 200, { fileUpload: { uploadSessionId: "u" } });
    });
    let made = 0;
    const file = async function* () {
      for (const chunk of hyper(200 * MB)) {
        made += chunk.length;
        yield chunk;
      }
    };
    const published = publish("fake", "datasource", form(small, file()));
    let before = -1;
    await waitFor(async () => {
      const isStill = before === made && made > 0;
      before = made;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return isStill && made === before;
    });
    // What sockets hold on two ways of this machine, and no more.
    expect(made).toBeLessThan(100 * MB);
    isHeld = false;
    expect((await published).status).toBe(201);
  }, 30_000);
});
