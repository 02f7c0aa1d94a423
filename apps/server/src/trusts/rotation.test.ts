import { afterAll, beforeAll, expect, test } from "vitest";
import { colleague, connectByTrust, projectsOf, setTrust } from "../organisations/organisations.fixture.ts";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { setOwnTrust } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

/** An app of its own at the sandbox, whose secrets the test makes and deletes as an administrator would. */
let easel: TestEasel;
let administrator: TestProject;
beforeAll(async () => {
  easel = await startTestEasel({ developmentKeys: "none" });
  administrator = easel.project;
  await administrator.manage("/integrations/tableau", { method: "PATCH", json: { mayMintCredentials: true } });
  await administrator.connect("root");
});
afterAll(() => easel.close());

const atTableau = (path: string, init: { method: string; json?: unknown }): Promise<Response> =>
  administrator.call("root", `/sdk/proxy/tableau/connected-applications${path}`, init);

async function newApp(): Promise<{ clientId: string; secret(): Promise<{ secretId: string; secretValue: string }> }> {
  const made = await atTableau("", {
    method: "POST",
    json: { connectedApplication: { name: "Rotating", enabled: true } },
  });
  const { output } = (await made.json()) as { output: { connectedApplication: { clientId: string } } };
  const { clientId } = output.connectedApplication;
  return {
    clientId,
    secret: async () => {
      const answer = await atTableau(`/${clientId}/secrets`, { method: "POST" });
      const body = (await answer.json()) as { output: { connectedApplicationSecret: { id: string; value: string } } };
      const { id: secretId, value: secretValue } = body.output.connectedApplicationSecret;
      return { secretId, secretValue };
    },
  };
}

const place = () => ({ serverUrl: easel.sandbox.url, site: easel.sandbox.keys.site.contentUrl });
const username = () => easel.sandbox.keys.users[1]?.name ?? "";

test("an organisation's secrets are rotated while people work: no sign-in anew, no call that fails", async () => {
  const project = await easel.newProject();
  const app = await newApp();
  const [first, second] = [await app.secret(), await app.secret()];
  expect((await setTrust(project, { way: "keys", ...place(), clientId: app.clientId, ...first })).status).toBe(200);
  const claims = colleague(username());
  await connectByTrust(project, "gus", claims);
  const control = sandboxControl(easel.sandbox);
  expect(await projectsOf(project, "gus", claims)).toBe("200");

  const at = "/organisations/acme/trust";
  const testUsername = username();
  const refused = await project.manage(`${at}/second-secret`, {
    method: "PUT",
    json: { ...second, secretValue: "another", testUsername },
  });
  expect([refused.status, await refused.json()]).toMatchObject([422, { code: "tableau_keys_refused" }]);
  expect((await project.manage(`${at}/switch`, { method: "POST" })).status).toBe(409);
  const before = await control.signIns();
  const added = await project.manage(`${at}/second-secret`, { method: "PUT", json: { ...second, testUsername } });
  expect([added.status, await added.json()]).toMatchObject([
    200,
    { trust: { secretId: first.secretId, secondSecret: { secretId: second.secretId } } },
  ]);
  expect(await projectsOf(project, "gus", claims)).toBe("200");
  const switched = await project.manage(`${at}/switch`, { method: "POST" });
  expect(await switched.json()).toMatchObject({
    trust: { secretId: second.secretId, secondSecret: { secretId: first.secretId } },
  });
  expect(await projectsOf(project, "gus", claims)).toBe("200");
  await atTableau(`/${app.clientId}/secrets/${first.secretId}`, { method: "DELETE" });
  expect((await project.manage(`${at}/second-secret`, { method: "DELETE" })).status).toBe(204);
  expect(await projectsOf(project, "gus", claims)).toBe("200");
  // The trial of the second secret, and nobody's session anew.
  expect((await control.signIns()) - before).toBe(1);
  await control.order({ killSessions: true });
  await administrator.connect("root");
  expect(await projectsOf(project, "gus", claims)).toBe("200");
});

test("a second secret that has become the only one is found by itself, and nobody hears of it", async () => {
  const project = await easel.newProject();
  const app = await newApp();
  const [first, second] = [await app.secret(), await app.secret()];
  await setTrust(project, { way: "keys", ...place(), clientId: app.clientId, ...first });
  const testUsername = username();
  await project.manage("/organisations/acme/trust/second-secret", { method: "PUT", json: { ...second, testUsername } });
  const users = easel.sandbox.keys.users.map(({ name }, index) => ({ user: `user-${index}`, claims: colleague(name) }));
  for (const { user, claims } of users) await connectByTrust(project, user, claims);
  await atTableau(`/${app.clientId}/secrets/${first.secretId}`, { method: "DELETE" });
  await sandboxControl(easel.sandbox).order({ killSessions: true });
  const answers = await Promise.all([...users, ...users].map(({ user, claims }) => projectsOf(project, user, claims)));
  expect(new Set(answers)).toEqual(new Set(["200"]));
  expect(await (await project.manage("/organisations/acme/trust")).json()).toMatchObject({
    trust: { secretId: second.secretId, secondSecret: { secretId: first.secretId }, problem: null },
  });
  expect(await (await project.manage("/events")).json()).toMatchObject({ events: [] });
});

test("the project's own keys rotate likewise, and keys without secrets say that they have none", async () => {
  const project = await easel.newProject();
  await administrator.connect("root");
  await setOwnTrust(project, easel.sandbox);
  const { secretId, secretValue } = easel.sandbox.keys.connectedApp;
  const at = "/integrations/tableau/trust";
  const testUsername = username();
  const same = await project.manage(`${at}/second-secret`, {
    method: "PUT",
    json: { secretId, secretValue, testUsername },
  });
  expect([same.status, await same.json()]).toMatchObject([409, { code: "trust_secret_known" }]);
  const answer = await atTableau(`/${easel.sandbox.keys.connectedApp.clientId}/secrets`, { method: "POST" });
  const { output } = (await answer.json()) as { output: { connectedApplicationSecret: { id: string; value: string } } };
  const { id, value } = output.connectedApplicationSecret;
  const json = { secretId: id, secretValue: value, testUsername };
  expect((await project.manage(`${at}/second-secret`, { method: "PUT", json })).status).toBe(200);
  expect((await project.manage(`${at}/switch`, { method: "POST" })).status).toBe(200);
  expect(await (await project.manage("/integrations/tableau")).json()).toMatchObject({ clientSecret: id });
  expect((await connectByTrust(project, "gus", { "tableau.username": username() })).status).toBe(201);
});

test("the settings page tries its keys before it keeps them, where it is told a user", async () => {
  const project = await easel.newProject();
  const { clientId, secretId, secretValue } = easel.sandbox.keys.connectedApp;
  const keys = {
    clientId,
    clientSecret: secretId,
    clientSecretValue: secretValue,
    ...place(),
    testUsername: username(),
  };
  const change = (json: object) => project.manage("/integrations/tableau", { method: "PATCH", json });
  for (const [wrong, code] of [
    [{ clientSecretValue: "another" }, "tableau_keys_refused"],
    [{ clientSecret: "another" }, "tableau_app_refused"],
    [{ testUsername: "nobody@acme.example" }, "tableau_user_unknown"],
    [{ serverUrl: "http://127.0.0.1:1" }, "tableau_server_forbidden"],
  ] as const) {
    const response = await change({ ...keys, description: "new", ...wrong });
    expect([wrong, response.status, ((await response.json()) as { code: string }).code]).toEqual([wrong, 422, code]);
  }
  expect(await (await project.manage("/integrations/tableau")).json()).toMatchObject({ clientId: "", description: "" });
  expect((await change(keys)).status).toBe(200);
  expect((await change({ testUsername: username() })).status).toBe(200);
  expect((await change({ testUsername: "nobody@acme.example" })).status).toBe(422);
});
