import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { payloads } from "../testing/sign-in-methods.ts";
import { type CallInit, startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

let easel: TestEasel;
let control: SandboxControl;
let siteId: string;
beforeAll(async () => {
  easel = await startTestEasel();
  control = sandboxControl(easel.sandbox);
  await easel.project.connect("ana");
  const { output } = (await (await call("/api/{apiVersion}/sites/{siteId}")).json()) as {
    output: { site: { id: string } };
  };
  siteId = output.site.id;
});
afterAll(() => easel.close());

const call = (path: string, { project = easel.project, ...init }: CallInit & { project?: TestProject } = {}) =>
  project.call("ana", `/sdk/proxy/tableau${path}`, { method: "GET", ...init });

async function refusal(response: Response): Promise<string> {
  const body = (await response.json()) as { code: string; status: number; action: string; message: string };
  expect(body).toMatchObject({ status: response.status, action: expect.any(String), requestId: expect.any(String) });
  return `${response.status} ${body.code}`;
}

describe("reaches Tableau", () => {
  test.each([
    ["below the site", () => "/projects?pageSize=1"],
    ["below the site, with a slash at the end", () => "/projects/?pageSize=1"],
    ["from the root", () => `/api/3.27/sites/${siteId}/projects?pageSize=1`],
    ["from the root, filled in", () => "/api/{apiVersion}/sites/{siteId}/projects?pageSize=1"],
    ["in other letters", () => `/API/3.27/Sites/${siteId}/PROJECTS?pageSize=1`],
    ["by a whole URL", () => `/${easel.sandbox.url}/api/3.27/sites/${siteId}/projects?pageSize=1`],
    ["by a whole URL, encoded", () => `/${encodeURI(easel.sandbox.url)}/api/3.27/sites/${siteId}/projects?pageSize=1`],
  ])("%s", async (_name, path) => {
    const response = await call(path());
    expect([response.status, await response.json()]).toMatchObject([200, { output: { projects: { project: [{}] } } }]);
  });

  test.each([
    ["GET", "/sites/{siteId}/projects?pageSize=1", "projects"],
    ["GET", "/api/api-version/sites/site-id/projects?pageSize=1", "projects"],
    ["GET", "/api/{{api-version}}/sites/{{site-id}}/projects?pageSize=1", "projects"],
    ["GET", "/serverinfo", "serverInfo"],
    ["GET", "/search?terms=sales&limit=1", "hits"],
    ["GET", "/pulse/definitions?page_size=1", "definitions"],
    ["GET", "/vizql-data-service/simple-request", "ahoy"],
    ["POST", "/metadata/graphql", "workbooks"],
    ["POST", "/api/metadata/graphql", "workbooks"],
    ["POST", "/relationship-service-war/graphql", "workbooks"],
  ])("%s %s, as people write it", async (method, path, expected) => {
    const init = method === "POST" ? { json: { query: "{ workbooks { name } }" } } : {};
    const response = await call(path, { method, ...init });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(expected)]);
  });

  test("the address in a header, where the path is empty", async () => {
    for (const url of ["/projects?pageSize=1", `${easel.sandbox.url}/api/3.27/sites/${siteId}/projects?pageSize=1`])
      expect((await call("/", { headers: { "x-paragon-proxy-url": url } })).status).toBe(200);
  });

  test("a slash that belongs to a name", async () => {
    const found = await call("/workbooks?pageSize=1");
    const { output } = (await found.json()) as { output: { workbooks: { workbook: [{ id: string }] } } };
    const before = await control.calls("DELETE /sites/{siteId}/workbooks/{id}/tags/{tag}");
    const tags = `/workbooks/${output.workbooks.workbook[0].id}/tags`;
    expect((await call(tags, { method: "PUT", json: { tags: { tag: [{ label: "a/b" }] } } })).status).toBe(200);
    expect((await call(`${tags}/a%2Fb`, { method: "DELETE" })).status).toBe(204);
    expect(await control.calls("DELETE /sites/{siteId}/workbooks/{id}/tags/{tag}")).toBe(before + 1);
  });
});

describe("is refused before Tableau is asked", () => {
  test.each([
    ["/../../../manage", "404 not_found"],
    ["/..%2f..%2f..%2fadmin", "400 tableau_path_unreadable"],
    ["/%2e%2e/%2e%2e/%2e%2e/auth/signout", "404 not_found"],
    ["/projects/%252e%252e/x", "400 tableau_path_unreadable"],
    ["/projects;x=1", "400 tableau_path_unreadable"],
    ["/projects%5c..%5cx", "400 tableau_path_unreadable"],
    ["//projects", "400 tableau_path_unreadable"],
    ["/api", "404 tableau_route_forbidden"],
    ["/auth/signout", "400 tableau_route_session"],
    ["/api/3.27/auth/switchSite", "400 tableau_route_session"],
    ["/API/3.27/Auth/signin", "400 tableau_route_session"],
    ["/api/3.27/sessions/current", "400 tableau_route_session"],
    ["/http://169.254.169.254/latest/meta-data", "400 tableau_address_foreign"],
    ["/workbooks/workbook-id", "400 tableau_path_placeholder"],
    ["/sites/11111111-2222-4333-8444-555555555555/projects", "400 tableau_site_other"],
    ["/sites/acme/projects", "400 tableau_path_unreadable"],
    ["/https://example.com/api/3.27/serverinfo", "400 tableau_address_foreign"],
  ])("%s", async (path, refused) => {
    // Unlike fetch, a socket sends dots as they are; what fetch resolves leaves the proxy's own path.
    expect(await refusal(await call(path))).toBe(refused);
  });

  test("a route that hands out credentials, until the project allows it", async () => {
    const project = await easel.newProject();
    await project.connect("ana");
    const connectedApps = "/connected-applications";
    expect(await refusal(await call(connectedApps, { project, method: "POST" }))).toBe("403 tableau_route_credentials");
    await project.manage(`/integrations/${project.integrationId}`, {
      method: "PATCH",
      json: { mayMintCredentials: true },
    });
    expect((await call(connectedApps, { project, method: "POST" })).status).not.toBe(403);
  });

  test.each(["pat", "connectedApp"] as const)("what the project's Permissions do not hold, by %s", async (method) => {
    const project = await easel.newProject({ permissions: ["tableau:content:read"] });
    await project.connect("ana", { ...payloads(easel.sandbox)[method] });
    expect((await call("/projects", { project })).status).toBe(200);
    const refused = await call("/users", { project });
    expect(await refused.clone().json()).toMatchObject({ message: expect.stringContaining("tableau:users:read") });
    expect(await refusal(refused)).toBe("403 tableau_permission_missing");
    expect(await refusal(await call("/never-heard-of", { project }))).toBe("403 tableau_permission_missing");
  });
});

describe("which credential", () => {
  let project: TestProject;
  const ids: string[] = [];
  beforeAll(async () => {
    project = await easel.newProject();
    const { pat, password } = payloads(easel.sandbox);
    for (const [payload, externalId] of [
      [pat, "first"],
      [password, "second"],
    ] as const) {
      const response = await project.call("ana", "/sdk/credentials", {
        method: "POST",
        json: { integrationId: project.integrationId, payload, installOptions: { externalId } },
      });
      ids.push(((await response.json()) as { id: string }).id);
    }
  });
  const named = (credential: string) => call("/projects", { project, headers: { "x-paragon-credential": credential } });

  test("is named by id, by external id, and by ext:", async () => {
    for (const name of [ids[0] ?? "", ids[1]?.toUpperCase() ?? "", "first", "ext:second"])
      expect([name, (await named(name)).status]).toEqual([name, 200]);
  });

  test("has to be named where there are several, and the refusal lists them", async () => {
    const response = await call("/projects", { project });
    expect(await response.clone().json()).toMatchObject({
      message: expect.stringMatching(/ext:first.*ext:second/),
    });
    expect(await refusal(response)).toBe("409 credential_ambiguous");
  });

  test("must be the user's own", async () => {
    const other = await easel.project.call("ana", "/sdk/me");
    expect(other.status).toBe(200);
    for (const name of ["ext:third", "00000000-0000-4000-8000-000000000000", "' or 1=1 --"])
      expect(await refusal(await named(name))).toBe("404 credential_unknown");
    const stranger = await project.call("eve", "/sdk/proxy/tableau/projects", {
      headers: { "x-paragon-credential": ids[0] ?? "" },
    });
    expect(await refusal(stranger)).toBe("404 credential_unknown");
    expect(await refusal(await project.call("eve", "/sdk/proxy/tableau/projects"))).toBe("409 credential_none");
  });
});

describe("who calls", () => {
  test.each([
    ["no token", async () => "", "401 user_token_missing"],
    ["no JWT", async () => "abc", "401 user_token_malformed"],
    ["an expired token", () => easel.project.token("ana", { iat: 1, exp: 2 }), "401 user_token_expired"],
    ["another project's token", async () => (await easel.newProject()).token("ana"), "401 user_token_signature"],
  ])("%s", async (_name, token, refused) => {
    const bearer = await token();
    const response = await fetch(`${easel.origin}/projects/${easel.project.id}/sdk/proxy/tableau/projects`, {
      headers: bearer === "" ? {} : { authorization: `Bearer ${bearer}` },
    });
    expect(await refusal(response)).toBe(refused);
  });

  test("an integration that is not there, and one that is switched off", async () => {
    const unknown = await easel.project.call("ana", "/sdk/proxy/looker/projects");
    expect(await refusal(unknown)).toBe("404 integration_unknown");
    const project = await easel.newProject();
    await project.connect("ana");
    await project.manage(`/integrations/${project.integrationId}`, { method: "PATCH", json: { isActive: false } });
    expect(await refusal(await call("/projects", { project }))).toBe("409 integration_inactive");
  });
});
