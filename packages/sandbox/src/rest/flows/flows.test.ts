import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { zipOf } from "../../files/stored-zip.ts";
import {
  errorOf,
  labelsOf,
  objectOf,
  openTestSandbox,
  pageOf,
  type SignedIn,
  type TestSandbox,
} from "../../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const list = async (query = "") =>
  (await pageOf(await session.onSite(`/flows?pageSize=1000&${query}`), "flows", "flow")).items;
const named = async (name: string) => (await list(`filter=name:eq:${encodeURIComponent(name)}`))[0];
const put = (path: string, request: string) =>
  session.onSite(path, { method: "PUT", body: `<tsRequest>${request}</tsRequest>` });
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const detailSchema = z.object({
  flowOutputSteps: z.object({ flowOutputStep: z.array(z.object({ id: z.string(), name: z.string() })) }),
  flow: z.object({
    id: z.string(),
    name: z.string(),
    parameters: z.object({
      parameter: z
        .array(z.object({ id: z.string(), name: z.string(), isRequired: z.boolean(), domain: z.unknown() }))
        .optional(),
    }),
  }),
});
const detail = async (id: unknown) => detailSchema.parse(await (await session.onSite(`/flows/${id}`)).json());

describe("flows", () => {
  test("are listed, filtered and sorted", async () => {
    const all = await list("sort=name:asc");
    expect(all.length).toBeGreaterThanOrEqual(15);
    const names = all.map((flow) => String(flow.name));
    expect(names).toEqual(names.toSorted());
    for (const flow of await list("filter=projectName:eq:Sales,createdAt:gt:2000-01-01T00:00:00Z")) {
      expect(flow).toMatchObject({ project: { name: "Sales" }, fileType: "tflx" });
    }
  });

  test("alone tell their output steps beside them, and what they can be told", async () => {
    const flow = (await Promise.all((await list()).map(({ id }) => detail(id)))).find(
      (one) => one.flow.parameters.parameter !== undefined,
    );
    expect(flow?.flowOutputSteps.flowOutputStep.length).toBeGreaterThan(0);
    expect(flow?.flow.parameters.parameter).toMatchObject([
      {
        name: "Region",
        isRequired: false,
        domain: { domainType: "list", values: { value: expect.arrayContaining(["West"]) } },
      },
      { name: "Folder", isRequired: true, domain: { domainType: "any" } },
    ]);
    const xml = await session.onSite(`/flows/${flow?.flow.id}`, { headers: { accept: "application/xml" } });
    expect(await xml.text()).toContain('<domain xsi:type="flowParameterAnyDomainType" domainType="any"/>');
  });

  test("are moved and given away, and tagged", async () => {
    const flow = await named("Scratch Cleanup");
    const project = (await pageOf(await session.onSite("/projects?filter=name:eq:Finance"), "projects", "project"))
      .items[0];
    const changes = `<flow><project id="${project?.id}"/><owner id="${session.user.id}"/></flow>`;
    expect(await objectOf(await put(`/flows/${flow?.id}`, changes), "flow")).toMatchObject({
      project: { id: project?.id, name: "Finance" },
      owner: { id: session.user.id },
    });
    expect(await errorOf(await put(`/flows/${flow?.id}`, '<flow><project id="none"/></flow>'))).toMatchObject({
      code: "404005",
    });
    const tags = await put(`/flows/${flow?.id}/tags`, '<tags><tag label="prep"/></tags>');
    expect(labelsOf(await objectOf(tags, "tags"))).toContain("prep");
    const own = await pageOf(await session.onSite(`/users/${session.user.id}/flows?ownedBy=true`), "flows", "flow");
    expect(own.items).toMatchObject([{ id: flow?.id }]);
  });

  test("are seen and run only by who may", async () => {
    const viewer = await sandbox.viewer();
    const flow = await named("Commission Run"); // in People, which is restricted
    expect((await viewer.onSite(`/flows/${flow?.id}`)).status).toBe(403);
    const open = await named("Scratch Cleanup");
    expect((await viewer.onSite(`/flows/${open?.id}/run`, { method: "POST" })).status).toBe(403);
  });

  test("go with their tasks", async () => {
    const schema = z.object({ task: z.array(z.object({ flowRun: z.object({ flow: z.object({ id: z.string() }) }) })) });
    const flowIds = async () => {
      const { task } = schema.parse(await objectOf(await session.onSite("/tasks/runFlow"), "tasks"));
      return task.map(({ flowRun }) => flowRun.flow.id);
    };
    const [id] = await flowIds();
    expect((await session.onSite(`/flows/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await session.onSite(`/flows/${id}`))).toMatchObject({ code: "404027" });
    expect(await flowIds()).not.toContain(id);
  });
});

describe("files of flows", () => {
  const document = {
    nodes: {
      "11111111-1111-4111-a111-111111111111": { baseType: "input", name: "In", nodeType: ".v1.LoadSql" },
      "22222222-2222-4222-a222-222222222222": {
        baseType: "output",
        name: "Clean orders",
        nodeType: ".v1.PublishExtract",
      },
    },
    connections: {
      one: { connectionAttributes: { class: "postgres", server: "db.acme.example", port: "5432", username: "me" } },
    },
    parameters: { parameters: { year: { id: "year", name: "Year", type: "Integer", value: "2026" } } },
  };
  const file = (content: object) => zipOf([{ name: "flow", content: Buffer.from(JSON.stringify(content)) }]);

  function publish(bytes: Uint8Array, query = "flowType=tfl"): Promise<Response> {
    const boundary = "b0undary";
    const payload = '<tsRequest><flow name="Made here"><project id=""/></flow></tsRequest>';
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: name="request_payload"\r\nContent-Type: text/xml\r\n\r\n${payload}\r\n`,
      ),
      Buffer.from(`--${boundary}\r\nContent-Disposition: name="tableau_flow"; filename="made.tfl"\r\n\r\n`),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    const headers = { "content-type": `multipart/mixed; boundary=${boundary}` };
    return session.onSite(`/flows?${query}`, { method: "POST", headers, body });
  }

  test("are published, read, overwritten and downloaded byte by byte", async () => {
    const bytes = file(document);
    const answer = await publish(bytes);
    const flow = await objectOf(answer, "flow");
    expect([answer.status, flow]).toMatchObject([
      201,
      { name: "Made here", fileType: "tfl", project: { name: "Default" } },
    ]);
    const read = await detail(flow.id);
    expect(read.flowOutputSteps.flowOutputStep).toMatchObject([{ name: "Clean orders" }]);
    expect(read.flow.parameters.parameter).toMatchObject([{ name: "Year", domain: { domainType: "any" } }]);
    const content = await session.onSite(`/flows/${flow.id}/content`);
    expect(content.headers.get("content-disposition")).toBe('name="tableau_flow"; filename="Made here.tfl"');
    expect(hash(await content.bytes())).toBe(hash(bytes));

    expect(await errorOf(await publish(bytes))).toMatchObject({ code: "409041" }); // the name is taken
    const again = await objectOf(
      await publish(file({ ...document, nodes: {} }), "flowType=tfl&overwrite=true"),
      "flow",
    );
    expect(again.id).toBe(flow.id);
    const none = await (await session.onSite(`/flows/${flow.id}`)).json();
    expect(none).toMatchObject({ flowOutputSteps: {} });
  });

  test("that are none are refused", async () => {
    const code = async (bytes: Uint8Array) => (await errorOf(await publish(bytes, "flowType=tfl&overwrite=true"))).code;
    expect(await code(Buffer.from("not a zip"))).toBe("400087");
    expect(await code(zipOf([{ name: "other", content: Buffer.from("{}") }]))).toBe("400087");
    expect(await code(zipOf([{ name: "flow", content: Buffer.from("{") }]))).toBe("400087");
    expect((await publish(file(document), "flowType=twbx")).status).toBe(400);
  });

  test("of the seed are real ones, the same each time, and can be published again", async () => {
    const flow = await named("Currency Conversion");
    const read = async () => (await session.onSite(`/flows/${flow?.id}/content`)).bytes();
    const bytes = await read();
    expect(hash(await read())).toBe(hash(bytes));
    const again = await objectOf(await publish(bytes, "flowType=tflx&overwrite=true"), "flow");
    const steps = async (id: unknown) => (await detail(id)).flowOutputSteps.flowOutputStep.map(({ name }) => name);
    expect(await steps(again.id)).toEqual(await steps(flow?.id));
  });
});

describe("runs of flows", () => {
  const runs = async (query = "") =>
    (await pageOf(await session.onSite(`/flows/runs?pageSize=1000&${query}`), "flowRuns", "flowRuns")).items;
  const run = (id: unknown, body = "") => session.onSite(`/flows/${id}/run`, { method: "POST", body });
  const jobSchema = z.object({ id: z.string(), runFlowJobType: z.object({ flowRunId: z.string() }) });

  test("are jobs, with the parameters that they were given, and end by the sandbox's clock", async () => {
    const flow = (await Promise.all((await list()).map(({ id }) => detail(id)))).find(
      (one) => one.flow.parameters.parameter !== undefined,
    )?.flow;
    const [region] = flow?.parameters.parameter ?? [];
    const spec = (value: string) => `<tsRequest><flowRunSpec flowId="${flow?.id}" runMode="full"><flowParameterSpecs>
      <flowParameterSpec parameterId="${region?.id}" overrideValue="${value}"/></flowParameterSpecs></flowRunSpec></tsRequest>`;
    expect(await errorOf(await run(flow?.id, spec("Atlantis")))).toMatchObject({ code: "400003" });
    const job = jobSchema.parse(await objectOf(await run(flow?.id, spec("West")), "job"));
    const { flowRunId } = job.runFlowJobType;
    const alone = async () => objectOf(await session.onSite(`/flows/runs/${flowRunId}`), "flowRun");
    expect(await alone()).toMatchObject({
      flowId: flow?.id,
      status: "Pending",
      progress: 0,
      backgroundJobId: job.id,
      flowParameterRuns: { parameterRuns: [{ name: "Region", overrideValue: "West" }] },
    });
    expect(await alone()).not.toHaveProperty("completedAt");
    await sandbox.order({ advanceClockMs: 10_000 });
    expect(await alone()).toMatchObject({ status: "Success", progress: 100, completedAt: expect.any(String) });
    expect((await runs(`filter=flowId:eq:${flow?.id},userId:eq:${session.user.id}`)).map(({ id }) => id)).toContain(
      flowRunId,
    );
  });

  test("are cancelled, job and all", async () => {
    const flow = await named("Currency Conversion");
    const job = jobSchema.parse(await objectOf(await run(flow?.id), "job"));
    const cancel = () => session.onSite(`/flows/runs/${job.runFlowJobType.flowRunId}`, { method: "PUT" });
    expect(await objectOf(await cancel(), "flowRun")).toMatchObject({ status: "Cancelled" });
    expect(await objectOf(await session.onSite(`/jobs/${job.id}`), "job")).toMatchObject({ finishCode: "2" });
    expect(await errorOf(await cancel())).toMatchObject({ code: "403091" });
  });
});
