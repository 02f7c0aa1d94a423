import { startSandbox } from "@easel/sandbox";
import { routeTable } from "@easel/tableau/routes/route-table";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { payloads } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

async function refusal(response: Response): Promise<Refusal> {
  return { ...((await response.json()) as Refusal), status: response.status };
}

function payloadOf({ sandbox }: TestEasel, role: string): Record<string, unknown> {
  const person = sandbox.keys.users.find((user) => user.role.startsWith(role));
  if (person === undefined) throw new Error(`The sandbox has no ${role}.`);
  const { name: tokenName, secret: tokenSecret } = person.pat;
  return { serverUrl: sandbox.url, site: sandbox.keys.site.contentUrl, method: "pat", tokenName, tokenSecret };
}

const NOBODY = "11111111-2222-4333-8444-555555555555";

describe.each(["cloud", "server"] as const)("on Tableau %s", (edition) => {
  let easel: TestEasel;
  beforeAll(async () => {
    const sandbox = await startSandbox({ port: 0, host: "127.0.0.1", edition });
    easel = await startTestEasel({ sandbox });
    await easel.project.manage(`/integrations/${easel.project.integrationId}`, {
      method: "PATCH",
      json: { mayMintCredentials: true },
    });
    for (const role of ["Explorer", "Viewer"]) await easel.project.connect(role, payloadOf(easel, role));
    await easel.project.connect("Administrator");
  });
  afterAll(async () => {
    await easel.close();
    await easel.sandbox.close();
  });

  const needingRoles = routeTable.filter(
    ({ family, role, edition: of }) =>
      family !== "Sessions" && role?.includes("administrator") && (of === "both" || of === edition),
  );

  test.each([
    ["Explorer", "Elif Demir"],
    ["Viewer", "Victor Lange"],
  ])("every route for administrators tells the %s so, by name", async (role, name) => {
    expect(needingRoles.length).toBeGreaterThan(60);
    const token = await easel.project.token(role);
    let explained = 0;
    for (const row of needingRoles) {
      const template = /^\/(api|sites)\//.test(row.template) ? row.template : `/api/{apiVersion}${row.template}`;
      const path = template.replaceAll(/\{(\w+)\}/g, (whole, id) =>
        /^(siteId|apiVersion)$/.test(id) ? whole : NOBODY,
      );
      const response = await easel.project.call(role, `/sdk/proxy/tableau${path}`, { method: row.method, token });
      if (response.status !== 403) continue;
      explained += 1;
      expect([row.template, await refusal(response)]).toMatchObject([
        row.template,
        {
          code: "tableau_denied",
          message: `Needs a ${row.role}; ${name} is ${role}.`,
          action: expect.stringContaining(`Connect as a ${row.role}`),
        },
      ]);
    }
    // What the sandbox leaves out is answered 404, and some of what it reads first, 400.
    expect(explained).toBeGreaterThan(needingRoles.length * 0.85);
  });

  test("a person is asked for once, and never by calls that are not refused", async () => {
    const shown = () => sandboxControl(easel.sandbox).calls("GET /sites/{siteId}/users/{id}");
    const before = await shown();
    await easel.project.call("Explorer", "/sdk/proxy/tableau/webhooks");
    await easel.project.call("Administrator", "/sdk/proxy/tableau/webhooks");
    await easel.project.call("Administrator", "/sdk/proxy/tableau/workbooks/nothing");
    expect(await shown()).toBe(before);
  });

  test("what is missing on content is a permission, with its name", async () => {
    const list = await easel.project.call("Administrator", "/sdk/proxy/tableau/workbooks?pageSize=1");
    const { output } = (await list.json()) as { output: { workbooks: { workbook: [{ id: string }] } } };
    const path = `/sdk/proxy/tableau/workbooks/${output.workbooks.workbook[0].id}`;
    expect(await refusal(await easel.project.call("Viewer", path, { method: "DELETE" }))).toMatchObject({
      message: expect.stringMatching(
        /^Needs the permission Delete \(Delete\) on the workbook; Victor Lange is Viewer\.$/,
      ),
    });
    const publish = await easel.project.call("Viewer", "/sdk/proxy/tableau/fileUploads", { method: "POST" });
    expect((await refusal(publish)).message).toContain("Victor Lange");
  });

  test("queries that a data source or a site does not allow say so", async () => {
    const call = (user: string, path: string, json?: object) =>
      easel.project.call(user, `/sdk/proxy/tableau${path}`, json === undefined ? {} : { method: "POST", json });
    const list = await call("Administrator", "/datasources?filter=name:eq:Superstore Datasource");
    const { output } = (await list.json()) as { output: { datasources: { datasource: [{ id: string }] } } };
    const datasourceLuid = output.datasources.datasource[0].id;
    const me = await call("Explorer", "/users/{userId}");
    const { output: own } = (await me.json()) as { output: { user: { id: string } } };
    const capability = [
      { name: "Read", mode: "Allow" },
      { name: "VizqlDataApiAccess", mode: "Deny" },
    ];
    const permissions = { granteeCapabilities: [{ user: { id: own.user.id }, capabilities: { capability } }] };
    expect((await call("Administrator", `/datasources/${datasourceLuid}/permissions`, { permissions })).status).toBe(
      200,
    );
    const query = () => call("Explorer", "/vizql-data-service/read-metadata", { datasource: { datasourceLuid } });
    expect(await refusal(await query())).toMatchObject({
      status: 403,
      message: "Needs the permission API Access (VizqlDataApiAccess) on the data source; Elif Demir is Explorer.",
    });
    await sandboxControl(easel.sandbox).order({ vizqlDataService: "off" });
    expect(await refusal(await query())).toMatchObject({
      status: 403,
      message: "This feature is switched off on the Tableau site.",
    });
    await sandboxControl(easel.sandbox).order({ restore: true });
  });

  test("raw answers are Tableau's own", async () => {
    const response = await easel.project.call("Viewer", "/sdk/proxy/tableau/webhooks", {
      headers: { "x-paragon-use-raw-response": "1", accept: "application/json" },
    });
    expect([response.status, await response.json()]).toMatchObject([403, { error: { code: "403004" } }]);
  });
});

describe("whatever the sign-in method", () => {
  let easel: TestEasel;
  beforeAll(async () => {
    easel = await startTestEasel();
  });
  afterAll(() => easel.close());

  const connected = async (permissions: readonly string[], payload: object): Promise<TestProject> => {
    const project = await easel.newProject({ permissions });
    const body = { integrationId: project.integrationId, payload };
    const response = await project.call("elif", "/sdk/credentials", { method: "POST", json: body, claims: claims() });
    expect(response.status).toBe(201);
    return project;
  };
  const claims = () => ({ "tableau.username": easel.sandbox.keys.users[1]?.name });
  const asked = async (project: TestProject, path: string, method = "GET"): Promise<Refusal> =>
    refusal(await project.call("elif", `/sdk/proxy/tableau${path}`, { method, claims: claims() }));

  test("a connected app's person is named where the scopes let Easel ask", async () => {
    const project = await connected(["tableau:users:*"], payloads(easel.sandbox).connectedApp);
    expect(await asked(project, `/users/${NOBODY}`, "DELETE")).toMatchObject({
      status: 403,
      message: "Needs a site administrator; Elif Demir is Explorer.",
    });
  });

  test("and where they do not, the role alone", async () => {
    const project = await connected(["tableau:jobs:*"], payloads(easel.sandbox).connectedApp);
    expect(await asked(project, "/jobs")).toMatchObject({ status: 403, message: "Needs a site administrator." });
  });

  test("what the Permissions lack is refused before Tableau is asked, with the role, and the person who is known", async () => {
    const project = await connected(["tableau:jobs:*"], payloadOf(easel, "Explorer"));
    const users = async () => (await asked(project, "/users")).message;
    expect(await users()).toBe(
      "Needs tableau:users:read, which the project's Permissions do not hold, and a site administrator.",
    );
    await asked(project, "/jobs");
    expect(await users()).toBe(
      "Needs tableau:users:read, which the project's Permissions do not hold, and a site administrator; Elif Demir is Explorer.",
    );
  });
});

describe("a server of another kind", () => {
  let easel: TestEasel;
  let fake: FakeTableau;
  beforeAll(async () => {
    fake = await startFakeTableau();
    easel = await startTestEasel({ egressAllow: [fake.host] });
    await easel.project.connect("ana", { serverUrl: fake.url, site: "acme", tokenName: "t", tokenSecret: "s" });
  });
  afterAll(async () => {
    await easel.close();
    await fake.close();
  });
  const call = (path: string) => easel.project.call("ana", `/sdk/proxy/tableau${path}`);

  test("that does not have a call says since when, and where, there is one", async () => {
    fake.answer((_request, response) => json(response, 404, { error: { code: "404003", summary: "s", detail: "d" } }));
    for (const [path, message] of [
      ["/api/3.28/sites/{siteId}/views", /The path asks for API 3\.28, and 127\.0\.0\.1:\d+ speaks 3\.27 at most\./],
      ["/api/3.4/sites/{siteId}/customviews", /Needs API 3\.18; the call asks for 3\.4\./],
      ["/pulse/definitions", /Only Tableau Cloud has this call/],
    ] as const) {
      expect(await refusal(await call(path))).toMatchObject({
        status: 404,
        code: "tableau_call_missing",
        message: expect.stringMatching(message),
      });
    }
    expect(await refusal(await call("/workbooks/w1"))).toMatchObject({ code: "tableau.404003" });
  });

  test("that is slow, or hostile, when it is asked who somebody is costs the words, not the answer", async () => {
    fake.answer((request, response) => {
      if (request.url?.includes("/users/") === true) return;
      json(response, 403, { error: { code: "403004", summary: "Forbidden", detail: "No." } });
    });
    expect(await refusal(await call("/webhooks"))).toMatchObject({
      status: 403,
      message: "Needs a site administrator.",
    });
    fake.answer((_request, response) => json(response, 403, "<html>"));
    expect(await refusal(await call("/webhooks"))).toMatchObject({
      status: 403,
      message: "Needs a site administrator.",
    });
  });
});
