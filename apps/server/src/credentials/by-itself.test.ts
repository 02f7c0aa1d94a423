import { afterAll, beforeAll, expect, test } from "vitest";
import { admin, colleague, projectsOf, setTrust } from "../organisations/organisations.fixture.ts";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

let easel: TestEasel;
let project: TestProject;
beforeAll(async () => {
  easel = await startTestEasel({ developmentKeys: "none" });
  project = easel.project;
  const { url, keys } = easel.sandbox;
  const order = { way: "keys", serverUrl: url, site: keys.site.contentUrl, ...keys.connectedApp };
  expect((await setTrust(project, order, admin)).status).toBe(200);
});
afterAll(() => easel.close());

const letThem = (connectsByItself: boolean) =>
  project.manage("/integrations/tableau", { method: "PATCH", json: { connectsByItself } });
const claims = () => colleague(easel.sandbox.keys.users[1]?.name ?? "");

test("a person whom a trust can sign in is not connected by a call, unless the project says so", async () => {
  expect(await projectsOf(project, "gus", claims())).toBe("409 credential_none");
  await letThem(true);
  expect(await projectsOf(project, "gus", claims())).toBe("200");
  const me = (await (await project.call("gus", "/sdk/me", { claims: claims() })).json()) as Record<string, unknown>;
  expect(JSON.stringify(me)).toContain("VALID");
  await letThem(false);
  expect(await projectsOf(project, "gus", claims())).toBe("200");
});

test("many first calls at once are one sign-in", async () => {
  await letThem(true);
  const control = sandboxControl(easel.sandbox);
  const before = await control.signIns();
  const viewer = colleague(easel.sandbox.keys.users[2]?.name ?? "");
  const answers = await Promise.all(Array.from({ length: 20 }, () => projectsOf(project, "vic", viewer)));
  expect(new Set(answers)).toEqual(new Set(["200"]));
  expect((await control.signIns()) - before).toBe(1);
  const credentials = (await (await project.call("vic", "/sdk/credentials", { claims: viewer })).json()) as unknown[];
  expect(credentials).toHaveLength(1);
});

test("whom no trust can sign in hears that nothing is connected, and whom Tableau does not know, that", async () => {
  await letThem(true);
  expect(await projectsOf(project, "eve", { ...claims(), org: "globex" })).toBe("409 credential_none");
  expect(await projectsOf(project, "eve", { ...claims(), "tableau.username": undefined })).toBe("409 credential_none");
  expect(await projectsOf(project, "eve", colleague("nobody@acme.example"))).toBe("422 tableau_user_unknown");
});
