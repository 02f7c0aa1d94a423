import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../src/testing/client.ts";

/*
 * What public clients read out of the JSON (tableau-mcp's and tableau-api-lib's fields; TSC's for what those leave out),
 * said as strictly as Tableau writes it: which keys are always there, and what their values look like.
 */
const luid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
/** Booleans and integers vary between numbers and strings; readers coerce them. */
const flag = z.boolean().or(z.enum(["true", "false"]));
const count = z.int().min(0).or(z.string().regex(/^\d+$/));
const tags = z.object({
  tag: z
    .array(z.object({ label: z.string().min(1) }))
    .min(1)
    .optional(),
});
const named = z.object({ id: luid, name: z.string() });
const owner = z.object({ id: luid });

const view = z.object({
  id: luid,
  name: z.string(),
  contentUrl: z.string().regex(/^[^/]+\/sheets\/[^/]+$/),
  viewUrlName: z.string(),
  createdAt: time,
  updatedAt: time,
  tags,
});

const workbook = z.object({
  id: luid,
  name: z.string(),
  contentUrl: z.string().min(1),
  webpageUrl: z.url(),
  showTabs: flag,
  size: count,
  createdAt: time,
  updatedAt: time,
  defaultViewId: luid,
  project: named,
  owner,
  tags,
});

const datasource = z.object({
  id: luid,
  name: z.string(),
  contentUrl: z.string().min(1),
  type: z.string(),
  createdAt: time,
  updatedAt: time,
  isCertified: flag,
  useRemoteQueryAgent: flag,
  webpageUrl: z.url(),
  project: named,
  owner,
  tags,
});

const project = z.object({
  id: luid,
  name: z.string(),
  description: z.string(),
  createdAt: time,
  updatedAt: time,
  contentPermissions: z.enum(["LockedToProject", "LockedToProjectWithoutNested", "ManagedByOwner"]),
  parentProjectId: luid.optional(),
  owner,
});

const schedule = z.object({ frequency: z.enum(["Hourly", "Daily", "Weekly", "Monthly"]), nextRunAt: time });

const refreshTask = z.object({
  id: luid,
  type: z.string(),
  priority: count,
  consecutiveFailedCount: count,
  schedule,
  workbook: owner.optional(),
  datasource: owner.optional(),
});

const flow = z.object({
  id: luid,
  name: z.string(),
  webpageUrl: z.url(),
  fileType: z.enum(["tfl", "tflx"]),
  createdAt: time,
  updatedAt: time,
  project: named,
  owner,
  tags,
});

const status = z.enum(["Pending", "InProgress", "Success", "Failed", "Cancelled"]);

/** Each list: its path, the two keys that lead to its items, and an item. */
const pagedLists: readonly [path: string, plural: string, element: string, item: z.ZodType][] = [
  ["workbooks", "workbooks", "workbook", workbook],
  ["views", "views", "view", view.extend({ workbook: owner, owner, project: owner })],
  ["datasources", "datasources", "datasource", datasource],
  ["projects", "projects", "project", project],
  ["flows", "flows", "flow", flow],
  ["flows/runs", "flowRuns", "flowRuns", z.object({ id: luid, flowId: luid, status, startedAt: time.optional() })],
  ["users", "users", "user", z.object({ id: luid, name: z.string(), siteRole: z.string(), authSetting: z.string() })],
  ["groups", "groups", "group", z.object({ id: luid, name: z.string(), domain: z.object({ name: z.string() }) })],
  [
    "jobs",
    "backgroundJobs",
    "backgroundJob",
    z.object({ id: luid, status, jobType: z.string().regex(/^[a-z_]+$/), priority: count, createdAt: time }),
  ],
  [
    "customviews",
    "customViews",
    "customView",
    z.object({ id: luid, name: z.string(), shared: flag, view: named, workbook: named, owner: named }),
  ],
  [
    "subscriptions",
    "subscriptions",
    "subscription",
    z.object({ id: luid, subject: z.string(), content: z.object({ id: luid, type: z.string() }), user: owner }),
  ],
  ["tasks/linked", "linkedTasks", "linkedTasks", z.object({ id: luid, numSteps: count, schedule: z.object({}) })],
];

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

describe("JSON as public clients read it", () => {
  test.each(pagedLists)("%s is a page of what clients know", async (path, plural, element, item) => {
    const { pagination, items } = await pageOf(await session.onSite(`/${path}?pageSize=1000`), plural, element);
    expect(items.length).toBeGreaterThan(0);
    expect(pagination).toEqual({
      pageNumber: "1",
      pageSize: "1000",
      totalAvailable: expect.stringMatching(/^[1-9]\d*$/),
    });
    for (const one of items) item.parse(one);
  });

  test.each(["workbooks", "datasources", "projects", "users", "groups"])(
    "%s without a match has no inner key, and one match is an array of one",
    async (path) => {
      const none = await session.onSite(`/${path}?filter=name:eq:nothing+has+this+name`);
      expect(await none.json()).toMatchObject({ pagination: { totalAvailable: "0" }, [path]: {} });
      const element = path.slice(0, -1);
      const [first] = (await pageOf(await session.onSite(`/${path}?pageSize=1`), path, element)).items;
      const answer = await session.onSite(`/${path}?filter=name:eq:${encodeURIComponent(String(first?.name))}`);
      expect((await pageOf(answer, path, element)).items).toContainEqual(expect.objectContaining({ id: first?.id }));
    },
  );

  test("tasks stand each inside what they are for, without pagination", async () => {
    const refreshes = z.object({
      tasks: z.object({ task: z.array(z.object({ extractRefresh: refreshTask })).min(1) }),
    });
    const answer: unknown = await (await session.onSite("/tasks/extractRefreshes")).json();
    refreshes.parse(answer);
    expect(answer).not.toHaveProperty("pagination");
    const runs = z.object({
      tasks: z.object({ task: z.array(z.object({ flowRun: z.object({ id: luid, flow: named }) })) }),
    });
    runs.parse(await (await session.onSite("/tasks/runFlow")).json());
  });

  test("one workbook has its views inside, and its views alone are an array even when there is one", async () => {
    const { items } = await pageOf(await session.onSite("/workbooks?pageSize=5"), "workbooks", "workbook");
    for (const { id } of items) {
      const alone = await objectOf(await session.onSite(`/workbooks/${id}`), "workbook");
      workbook.extend({ views: z.object({ view: z.array(view).min(1) }) }).parse(alone);
      const views = await objectOf(await session.onSite(`/workbooks/${id}/views?includeUsageStatistics=true`), "views");
      const used = view.extend({ usage: z.object({ totalViewCount: z.string().regex(/^\d+$/) }) });
      z.object({ view: z.array(used).min(1) }).parse(views);
      const connections = await objectOf(await session.onSite(`/workbooks/${id}/connections`), "connections");
      z.object({ connection: z.array(z.object({ id: luid, type: z.string(), datasource: named })).min(1) }).parse(
        connections,
      );
    }
  });

  test("a flow has its output steps beside it, a job its own words for what lists say", async () => {
    const [first] = (await pageOf(await session.onSite("/flows?pageSize=1"), "flows", "flow")).items;
    z.object({ flow, flowOutputSteps: z.object({ flowOutputStep: z.array(named).min(1) }) }).parse(
      await (await session.onSite(`/flows/${first?.id}`)).json(),
    );
    const jobs = await pageOf(
      await session.onSite("/jobs?filter=status:eq:Success"),
      "backgroundJobs",
      "backgroundJob",
    );
    const job = z.object({
      id: luid,
      mode: z.literal("Asynchronous"),
      progress: count,
      finishCode: count,
      completedAt: time,
    });
    job.parse(await objectOf(await session.onSite(`/jobs/${jobs.items[0]?.id}`), "job"));
  });

  test("sign-in, serverinfo and the current session have the keys that clients need", async () => {
    const info = z.object({
      productVersion: z.object({ value: z.string(), build: z.string() }),
      restApiVersion: z.string(),
    });
    const answer = await sandbox.call("/api/2.4/serverInfo", { headers: { accept: "application/json" } });
    info.parse(await objectOf(answer, "serverInfo"));
    const current = z.object({ site: z.object({ id: luid, name: z.string(), contentUrl: z.string() }), user: named });
    current.parse(await objectOf(await session.call("/sessions/current"), "session"));
  });
});
