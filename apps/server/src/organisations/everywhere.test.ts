import { afterAll, beforeAll, expect, test } from "vitest";
import { signInAt } from "../clients/clients.fixture.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { admin, colleague, connectByTrust, projectsOf, setTrust } from "./organisations.fixture.ts";

/** An organisation's trust in every process, and for those who come without a user token. */
let easel: TestEasel;
let other: TestEasel;
let project: TestProject;
beforeAll(async () => {
  easel = await startTestEasel({ developmentKeys: "none" });
  other = await startTestEasel({ developmentKeys: "none", sandbox: easel.sandbox, database: easel.database });
  project = easel.project;
});
afterAll(async () => {
  await other.close();
  await easel.close();
});

const order = () => {
  const { url, keys } = easel.sandbox;
  return { way: "keys", serverUrl: url, site: keys.site.contentUrl, ...keys.connectedApp };
};
const claims = () => colleague(easel.sandbox.keys.users[1]?.name ?? "");

test("is there, and gone, in every process within a second", async () => {
  const there = project.at(other.origin);
  expect(await projectsOf(there, "gus", claims())).toBe("409 credential_none");
  expect((await setTrust(project, order())).status).toBe(200);
  await waitFor(async () => (await connectByTrust(there, "gus", claims())).status === 201, 1000);
  expect(await projectsOf(there, "gus", claims())).toBe("200");
  await project.call("ana", "/sdk/organisation/trust", { method: "DELETE", claims: admin });
  await waitFor(async () => (await projectsOf(there, "gus", claims())) === "422 trust_missing", 1000);
});

test("signs in machines that hold a client key of a credential, and nothing of another organisation", async () => {
  await setTrust(project, order());
  const { body } = await connectByTrust(project, "gus", claims());
  const made = await project.manage(`/credentials/${body.id}/client-keys`, {
    method: "POST",
    json: { name: "nightly" },
  });
  const { key } = (await made.json()) as { key: string };
  const prefix = `${easel.origin}/projects/${project.id}/tableau/${body.id}`;
  const signedIn = await signInAt(prefix, { personalAccessTokenName: "any", personalAccessTokenSecret: key });
  const { credentials } = (await signedIn.json()) as { credentials: { token: string; site: { id: string } } };
  const list = async () =>
    fetch(`${prefix}/api/3.27/sites/${credentials.site.id}/projects`, {
      headers: { "x-tableau-auth": credentials.token },
    });
  expect((await list()).status).toBe(200);
  await project.call("ana", "/sdk/organisation/trust", { method: "DELETE", claims: admin });
  await waitFor(async () => (await list()).status !== 200, 1000);
});

test("connects those whom the backend imports with their organisation", async () => {
  await setTrust(project, order());
  const username = easel.sandbox.keys.users[2]?.name;
  const credentials = [
    { user: "ivy", username, organisation: "acme" },
    { user: "max", username, organisation: "globex" },
  ];
  const imported = await project.manage("/credentials", { method: "POST", json: { credentials } });
  expect(await imported.json()).toMatchObject({
    results: [{ outcome: "created" }, { outcome: "refused", error: { code: "method_not_offered" } }],
  });
  expect(await projectsOf(project, "ivy", colleague(username ?? ""))).toBe("200");
});
