import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import {
  errorOf,
  labelsOf,
  objectOf,
  openTestSandbox,
  pageOf,
  type SignedIn,
  type TestSandbox,
} from "../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const viewsSchema = z.object({ view: z.array(z.object({ id: z.string() })) });

const all = async (path: string, element: string) =>
  (
    await pageOf(
      await session.onSite(`/${path}?pageSize=1000`),
      element === "backgroundJob" ? "backgroundJobs" : path,
      element,
    )
  ).items;
const named = async (name: string) => {
  const { items } = await pageOf(
    await session.onSite(`/workbooks?filter=name:eq:${encodeURIComponent(name)}`),
    "workbooks",
    "workbook",
  );
  return String(items[0]?.id);
};

describe("the site", () => {
  test("is large enough to be believed, and the same every time", async () => {
    const counts = async (path: string, element: string) => (await all(path, element)).length;
    expect(await counts("projects", "project")).toBeGreaterThanOrEqual(25);
    expect(await counts("workbooks", "workbook")).toBeGreaterThanOrEqual(40);
    expect(await counts("views", "view")).toBeGreaterThanOrEqual(120);
    expect(await counts("datasources", "datasource")).toBeGreaterThanOrEqual(20);
    expect(await counts("users", "user")).toBeGreaterThanOrEqual(60);
    expect(await counts("jobs", "backgroundJob")).toBeGreaterThanOrEqual(40);

    const other = await openTestSandbox();
    const sameSite = await other.administrator();
    expect([sameSite.site.id, sameSite.user.id]).toEqual([session.site.id, session.user.id]);
    await other.close();
  });

  test("is read by addresses with a slash too many, but not by slashes in the query", async () => {
    const { id } = session.site;
    const plain = await (await session.onSite("/projects?pageSize=3")).text();
    // `server + "/" + "/api/..."`, as scripts put addresses together
    for (const path of [`//api/3.27/sites/${id}/projects?`, `/api/3.27//sites/${id}//projects/?x=//&`]) {
      const answer = await sandbox.call(`${path}pageSize=3`, {
        headers: { accept: "application/json", "x-tableau-auth": session.token },
      });
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, plain]);
    }
    const none = await session.onSite("/projects?filter=name:eq:Sal//es");
    expect((await pageOf(none, "projects", "project")).items).toEqual([]);
  });

  test("reads each item alone by the id in its list, in any letter case", async () => {
    for (const [path, element, single] of [
      ["workbooks", "workbook", "workbook"],
      ["views", "view", "view"],
      ["datasources", "datasource", "datasource"],
      ["users", "user", "user"],
      ["jobs", "backgroundJob", "job"],
    ] as const) {
      const [first] = await all(path, element);
      const answer = await session.onSite(`/${path}/${String(first?.id).toUpperCase()}/`);
      expect(await objectOf(answer, single)).toMatchObject({ id: first?.id });
      expect(await errorOf(await session.onSite(`/${path}/nothing`))).toMatchObject({
        code: expect.stringMatching(/^404/),
      });
    }
  });

  test("views of a workbook come on one page, always with the inner array", async () => {
    const id = await named("Superstore");
    const idsOf = (views: unknown) => viewsSchema.parse(views).view.map((view) => view.id);
    const workbook = await objectOf(await session.onSite(`/workbooks/${id}`), "workbook");
    const answer = await session.onSite(`/workbooks/${id}/views`);
    expect(idsOf(await objectOf(answer, "views"))).toEqual(idsOf(workbook.views));
  });
});

describe("writing", () => {
  const create = (attributes: string) =>
    session.onSite("/projects", { method: "POST", body: `<tsRequest><project ${attributes}/></tsRequest>` });

  test("a project is created with 201 and Location, is listed, and is deleted with what is in it", async () => {
    const answer = await create('name="Outer &amp; all" description="Ours"');
    const project = await objectOf(answer, "project");
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toContain(`/projects/${project.id}`);
    expect(project).toMatchObject({ name: "Outer & all", description: "Ours", owner: { id: session.user.id } });
    const nested = await objectOf(await create(`name="Inner" parentProjectId="${project.id}"`), "project");
    expect(nested.parentProjectId).toBe(project.id);

    const deleted = await session.onSite(`/projects/${project.id}`, { method: "DELETE" });
    expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
    const left = (await all("projects", "project")).map(({ id }) => id);
    expect(left).not.toContain(project.id);
    expect(left).not.toContain(nested.id);
  });

  test("a project needs a name of its own, and a parent that is there", async () => {
    expect(await errorOf(await create(""))).toMatchObject({ code: "400003" });
    expect(await errorOf(await create('name="Sales"'))).toMatchObject({ code: "409006" });
    expect(await errorOf(await create('name="A" parentProjectId="none"'))).toMatchObject({ code: "404005" });
  });

  test("tags are added, in XML or in JSON, one or several, and removed", async () => {
    const path = `/workbooks/${await named("Superstore")}/tags`;
    const labels = labelsOf(
      await objectOf(await session.onSite(path, { method: "PUT", body: "<tsRequest><tags/></tsRequest>" }), "tags"),
    );
    await session.onSite(path, { method: "PUT", body: '<tsRequest><tags><tag label="one"/></tags></tsRequest>' });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ tags: { tag: [{ label: "two" }, { label: "three" }] } });
    const added = await session.onSite(path, { method: "PUT", body, headers });
    expect(labelsOf(await objectOf(added, "tags"))).toEqual([...labels, "one", "two", "three"]);
    expect((await session.onSite(`${path}/two`, { method: "DELETE" })).status).toBe(204);
    const workbook = await objectOf(await session.onSite(path.replace("/tags", "")), "workbook");
    expect(labelsOf(workbook.tags)).toEqual([...labels, "one", "three"]);
  });
});

describe("work that takes time", () => {
  test("a refresh is a job that waits, runs and ends by the sandbox's clock, in both shapes", async () => {
    const started = await session.onSite(`/workbooks/${await named("Board Pack")}/refresh`, {
      method: "POST",
      body: "<tsRequest/>",
    });
    expect(started.status).toBe(202);
    const job = await objectOf(started, "job");
    expect(job).toMatchObject({ mode: "Asynchronous", type: "RefreshExtract", progress: "0" });
    const alone = async () => objectOf(await session.onSite(`/jobs/${job.id}`), "job");
    const listed = async () => (await all("jobs", "backgroundJob")).find(({ id }) => id === job.id);

    expect(await listed()).toMatchObject({ status: "Pending", jobType: "refresh_extracts", title: "Board Pack" });
    await sandbox.order({ advanceClockMs: 2_000 });
    expect(await listed()).toMatchObject({ status: "InProgress", startedAt: expect.any(String) });
    expect(await alone()).not.toHaveProperty("completedAt");
    expect(await alone()).not.toHaveProperty("finishCode");
    await sandbox.order({ advanceClockMs: 3_000 });
    expect(await listed()).toMatchObject({ status: "Success", endedAt: expect.any(String) });
    expect(await alone()).toMatchObject({ progress: "100", finishCode: "0", completedAt: expect.any(String) });
  });

  test("a second refresh of the same workbook meanwhile is a conflict, and a job can be cancelled", async () => {
    const path = `/workbooks/${await named("Profit and Loss")}/refresh`;
    const job = await objectOf(await session.onSite(path, { method: "POST" }), "job");
    expect(await errorOf(await session.onSite(path, { method: "POST" }))).toMatchObject({ code: "409093" });
    const cancelled = await session.onSite(`/jobs/${job.id}`, { method: "PUT" });
    expect(await objectOf(cancelled, "job")).toMatchObject({ finishCode: "2" });
    expect((await session.onSite(path, { method: "POST" })).status).toBe(202);
  });
});

describe("bytes", () => {
  test("a view's data is CSV, the same each time", async () => {
    const view = (await all("views", "view")).find(({ name }) => name === "Monthly Trend");
    const read = () => session.onSite(`/views/${view?.id}/data`);
    const answer = await read();
    expect(answer.headers.get("content-type")).toContain("text/csv");
    const csv = await answer.text();
    expect(csv.split("\n")[0]).toBe("Region,Month of Order Date,Sales");
    expect(await (await read()).text()).toBe(csv);
  });
});
