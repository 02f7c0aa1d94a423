import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, type SignedIn, signJwt, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeEach(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterEach(() => sandbox.close());

const secretSchema = z.object({ id: z.string(), value: z.string(), createdAt: z.string() });

const send = (method: string, path: string, attributes = "") =>
  session.onSite(path, { method, body: `<tsRequest><connectedApplication ${attributes}/></tsRequest>` });

const createSecret = async (path: string) =>
  secretSchema.parse(await objectOf(await session.onSite(path, { method: "POST" }), "connectedApplicationSecret"));

/** Signs in with a secret of any app. */
const signIn = async (clientId: unknown, { id, value }: { id: string; value: string }) => {
  const connectedApp = { clientId: String(clientId), secretId: id, secretValue: value };
  const holder = { ...sandbox, keys: { ...sandbox.keys, connectedApp } };
  return sandbox.signIn({ jwt: await signJwt(holder, sandbox.now()) });
};

const subCode = (code: number) => ({ code: "401001", detail: expect.stringContaining(`(${code})`) });

describe.each(["connected-applications", "connected-apps/direct-trust"])("%s", (base) => {
  const all = `/${base}`;

  test("lists the app whose keys are printed, without the secret's value", async () => {
    const { clientId, secretId } = sandbox.keys.connectedApp;
    expect(await objectOf(await session.onSite(all), "connectedApplications")).toEqual({
      connectedApplication: [
        {
          clientId,
          name: expect.any(String),
          enabled: true,
          createdAt: expect.any(String),
          unrestrictedEmbedding: true,
          secret: [{ id: secretId, createdAt: expect.any(String) }],
        },
      ],
    });
  });

  test("makes an app that signs in once it is switched on, with each of at most two secrets", async () => {
    const answer = await send("POST", all, 'name="Portal" enabled="false"');
    expect(answer.status).toBe(201);
    const app = await objectOf(answer, "connectedApplication");
    const one = `${all}/${app.clientId}`;
    const first = await createSecret(`${one}/secrets`);
    expect(await errorOf(await signIn(app.clientId, first))).toMatchObject(subCode(10090));
    expect(await objectOf(await send("PUT", one, 'enabled="true"'), "connectedApplication")).toMatchObject({
      name: "Portal",
      enabled: true,
    });
    const second = await createSecret(`${one}/secrets`);
    for (const secret of [first, second]) expect((await signIn(app.clientId, secret)).status).toBe(200);
    const third = await session.onSite(`${one}/secrets`, { method: "POST" });
    expect(await errorOf(third)).toMatchObject({ code: "409128", detail: expect.stringContaining("(128)") });
    const read = await objectOf(await session.onSite(`${one}/secrets/${first.id}`), "connectedApplicationSecret");
    expect(read).toEqual(first);

    expect((await session.onSite(`${one}/secrets/${first.id}`, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await signIn(app.clientId, first))).toMatchObject(subCode(10085));
    expect((await session.onSite(one, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await signIn(app.clientId, second))).toMatchObject(subCode(10089));
    expect(await errorOf(await session.onSite(one))).toMatchObject({ code: "404040" });
  });

  test("restricts embedding to projects and domains, in XML and in JSON", async () => {
    const projects = z
      .object({ project: z.array(z.object({ id: z.string() })) })
      .parse(await objectOf(await session.onSite("/projects"), "projects"))
      .project.map(({ id }) => id);
    const [first, second] = projects;
    const body = `<tsRequest><connectedApplication name="A" domainSafelist="*.acme.example, http://localhost:3000">
      <projectIds><projectId>${first}</projectId><projectId>${second}</projectId></projectIds>
    </connectedApplication></tsRequest>`;
    const app = await objectOf(await session.onSite(all, { method: "POST", body }), "connectedApplication");
    expect(app).toMatchObject({ projectIds: { projectId: [first, second] } });
    const json = JSON.stringify({ connectedApplication: { projectIds: { projectId: [second] }, enabled: true } });
    const headers = { "content-type": "application/json" };
    const changed = await session.onSite(`${all}/${app.clientId}`, { method: "PUT", body: json, headers });
    expect(await objectOf(changed, "connectedApplication")).toMatchObject({
      projectIds: { projectId: [second] },
      domainSafelist: "*.acme.example, http://localhost:3000",
      enabled: true,
    });
    expect(
      await objectOf(await send("POST", all, `name="B" projectId="${first}"`), "connectedApplication"),
    ).toMatchObject({
      projectIds: { projectId: [first] },
    });
  });

  test.each([
    ["no name", "enabled='true'", "400003"],
    ["a blank name", "name=' '", "400003"],
    ["a flag that is neither", "name='A' enabled='perhaps'", "400003"],
    ["a domain list with other characters", "name='A' domainSafelist='a&lt;b'", "400003"],
    ["an unknown project", "name='A' projectId='00000000-0000-0000-0000-000000000000'", "404005"],
  ])("refuses %s", async (_what, attributes, code) => {
    expect(await errorOf(await send("POST", all, attributes))).toMatchObject({ code });
  });

  test("is for site administrators, and for JWTs with its scopes", async () => {
    for (const other of [await sandbox.explorer(), await sandbox.viewer()]) {
      expect(await errorOf(await other.onSite(all))).toMatchObject({ code: "403004" });
    }
    const reader = await sandbox.byJwt(["tableau:connected_apps_direct_trust:read"]);
    expect((await reader.onSite(all)).status).toBe(200);
    const created = await reader.onSite(all, {
      method: "POST",
      body: '<tsRequest><connectedApplication name="A"/></tsRequest>',
    });
    expect(await errorOf(created)).toMatchObject({ code: "401002" });
  });
});
