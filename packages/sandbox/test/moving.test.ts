import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../src/testing/client.ts";
import { seeded } from "../src/testing/publishing.ts";

/** What changes hands or place: who may do it, and what is still allowed to whom afterwards. */
let sandbox: TestSandbox;
let ana: SignedIn;
/** A Creator who is in no group, and so may publish nowhere. */
let cleo: SignedIn;
const personSchema = z.object({ pat: z.object({ name: z.string(), secret: z.string() }) });
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  const made = await sandbox.make("people", { name: "cleo@acme.example", siteRole: "Creator" });
  const { pat } = personSchema.parse(await made.json());
  cleo = await sandbox.as({ personalAccessTokenName: pat.name, personalAccessTokenSecret: pat.secret });
});
afterAll(() => sandbox.close());

const put = (path: string, body: string, session = ana) =>
  session.onSite(path, { method: "PUT", body: `<tsRequest>${body}</tsRequest>` });
const post = (path: string, body: string, session = ana) =>
  session.onSite(path, { method: "POST", body: `<tsRequest>${body}</tsRequest>` });
const codeOf = async (answer: Promise<Response>) => (await errorOf(await answer)).code;
const projectId = async (name: string) => (await seeded(ana, "projects", name)).id;
const first = async (path: string, plural: string, element: string) =>
  String((await pageOf(await ana.onSite(path), plural, element)).items[0]?.id);

const permissionsSchema = z.object({ permissions: z.object({ granteeCapabilities: z.array(z.unknown()).optional() }) });
const rulesOf = async (path: string) =>
  permissionsSchema.parse(await (await ana.onSite(`${path}/permissions`)).json()).permissions.granteeCapabilities;

/** One item of each kind that is in a project, in one whose rules are not everyone's. */
async function restricted(): Promise<{ element: string; path: string }[]> {
  const executive = await projectId("Executive");
  const content = `<virtualConnection name="Board" content="{}"><project id="${executive}"/></virtualConnection>`;
  const connection = await objectOf(await post("/virtualConnections", content), "virtualConnection");
  const flow = await first("/flows?filter=name:eq:Commission+Run", "flows", "flow");
  return [
    { element: "workbook", path: `/workbooks/${(await seeded(ana, "workbooks", "Board Pack")).id}` },
    { element: "datasource", path: `/datasources/${(await seeded(ana, "datasources", "Key Results")).id}` },
    { element: "flow", path: `/flows/${flow}` },
    { element: "virtualConnection", path: `/virtualConnections/${connection.id}` },
  ];
}

describe("what moves to another project", () => {
  test("keeps the rules that held for it", async () => {
    const home = await projectId("Default");
    for (const { element, path } of await restricted()) {
      const before = await rulesOf(path);
      const answer = await put(path, `<${element}><project id="${home}"/></${element}>`);
      expect(answer.status, path).toBe(200);
      expect(await objectOf(answer, element)).toMatchObject({ project: { id: home } });
      expect(await rulesOf(path), path).toEqual(before);
    }
  });

  test("is moved by who may take it away and put it there, and given away by its owner", async () => {
    const [executive, { id: elif }] = [await projectId("Executive"), (await sandbox.explorer()).user];
    for (const { element, path } of await restricted()) {
      await put(path, `<${element}><owner id="${cleo.user.id}"/></${element}>`);
      const moved = put(path, `<${element}><project id="${executive}"/></${element}>`, cleo);
      if (element !== "virtualConnection")
        expect(await codeOf(moved), path).toBe(element === "workbook" ? "403025" : "403030");
      await put(path, `<${element}><owner id="${ana.user.id}"/></${element}>`);
      const given = put(path, `<${element}><owner id="${elif}"/></${element}>`, cleo);
      expect((await given).status, path).toBe(403);
    }
  });

  test("has no other's name there", async () => {
    const flow = await first("/flows?filter=name:eq:Product+Hierarchy", "flows", "flow");
    expect(await codeOf(put(`/flows/${flow}`, '<flow name="close the day"/>'))).toBe("409041");
    const [one, other] = (
      await pageOf(await ana.onSite("/virtualConnections"), "virtualConnections", "virtualConnection")
    ).items;
    const renamed = put(`/virtualConnections/${one?.id}`, `<virtualConnection name="${other?.name}"/>`);
    expect(await codeOf(renamed)).toBe("409000");
  });

  test("may be a database, by who may publish there, and it stays when its project is deleted", async () => {
    const database = await first("/databases", "databases", "database");
    const path = `/databases/${database}`;
    await put(path, `<database><contact id="${cleo.user.id}"/></database>`);
    const move = (project: unknown, session = ana) =>
      post(
        "/databases",
        `<contentLocationRequest><location id="${project}" type="Project"/><resourceList><resource id="${database}"/></resourceList></contentLocationRequest>`,
        session,
      );
    expect(await codeOf(move(await projectId("Executive"), cleo))).toBe("403030");
    const before = await rulesOf(path);
    const project = await objectOf(await post("/projects", '<project name="Short-lived"/>'), "project");
    expect((await move(project.id)).status).toBe(200);
    expect(await rulesOf(path)).toEqual(before);
    expect((await ana.onSite(`/projects/${project.id}`, { method: "DELETE" })).status).toBe(204);
    expect(await objectOf(await ana.onSite(path), "database")).toMatchObject({ location: { name: "Default" } });
  });

  test("is never the default project", async () => {
    const home = await projectId("Default");
    const inside = `<project parentProjectId="${await projectId("Sales")}"/>`;
    expect(await codeOf(put(`/projects/${home}`, inside))).toBe("403005");
    expect((await post("/projects", '<project name="On top"/>')).status).toBe(201);
  });

  test("is a project with what is nested in it, which others control no more", async () => {
    const make = async (name: string, parent: unknown) =>
      (await objectOf(await post("/projects", `<project name="${name}" parentProjectId="${parent}"/>`), "project")).id;
    const outer = await make("Outer", "");
    const middle = await make("Middle", outer);
    const nested = `/projects/${await make("Nested", middle)}`;
    const rule = `<user id="${cleo.user.id}"/><capabilities><capability name="Write" mode="Allow"/></capabilities>`;
    await put(`${nested}/permissions`, `<permissions><granteeCapabilities>${rule}</granteeCapabilities></permissions>`);
    await put(`/projects/${outer}`, '<project contentPermissions="LockedToProject"/>');
    const locked = await rulesOf(nested);
    expect(JSON.stringify(locked)).not.toContain(cleo.user.id);
    await put(`/projects/${middle}`, '<project parentProjectId=""/>');
    expect(await rulesOf(nested)).toEqual(locked);
  });
});

describe("what refers to content", () => {
  test("a refresh task is turned to what its owner may refresh", async () => {
    const { id } = await seeded(ana, "datasources", "Orders");
    await put(`/datasources/${id}`, `<datasource><owner id="${cleo.user.id}"/></datasource>`);
    const interval =
      '<frequencyDetails start="06:00:00"><intervals><interval weekDay="Monday"/></intervals></frequencyDetails>';
    const schedule = `<schedule frequency="Weekly">${interval}</schedule>`;
    const of = (datasource: string) => `<extractRefresh><datasource id="${datasource}"/></extractRefresh>`;
    const task = await objectOf(await post("/tasks/extractRefreshes", of(id) + schedule, cleo), "extractRefresh");
    const other = (await seeded(ana, "datasources", "Commissions")).id;
    expect(await codeOf(post(`/tasks/extractRefreshes/${task.id}`, of(other), cleo))).toBe("403032");
  });

  test("a subscription is turned to what its user may see, and to others by who may subscribe them", async () => {
    const victor = await sandbox.viewer();
    const open = await seeded(ana, "workbooks", "Superstore");
    const hidden = await seeded(ana, "workbooks", "Sales Team Overview");
    const interval =
      '<frequencyDetails start="06:00:00"><intervals><interval weekDay="Monday"/></intervals></frequencyDetails>';
    const body = `<subscription subject="Numbers"><content id="${open.id}" type="Workbook"/><user id="${victor.user.id}"/></subscription><schedule frequency="Weekly">${interval}</schedule>`;
    const { id } = await objectOf(await post("/subscriptions", body, victor), "subscription");
    const change = (inner: string) =>
      codeOf(put(`/subscriptions/${id}`, `<subscription>${inner}</subscription>`, victor));
    expect(await change(`<content id="${hidden.id}" type="Workbook"/>`)).toBe("403063");
    expect(await change(`<user id="${ana.user.id}"/>`)).toBe("403060");
    const renamed = await put(`/subscriptions/${id}`, '<subscription subject="More numbers"/>', victor);
    expect(await objectOf(renamed, "subscription")).toMatchObject({ subject: "More numbers" });
  });
});
