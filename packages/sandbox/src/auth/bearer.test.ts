import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { openTestIssuer, type TestIssuer } from "../testing/issuer.ts";

let sandbox: TestSandbox;
let issuer: TestIssuer;
let viewer: SignedIn;
beforeAll(async () => {
  [sandbox, issuer] = await Promise.all([openTestSandbox(), openTestIssuer()]);
  viewer = await sandbox.viewer();
  expect((await sandbox.make("bearer-issuers", { issuer: issuer.url })).status).toBe(201);
});
afterAll(async () => {
  await Promise.all([sandbox.close(), issuer.close()]);
});

const victor = () => sandbox.keys.users[2]?.name ?? "";

const call = async (path: string, changed: object = {}) => {
  const claims = {
    sub: victor(),
    aud: sandbox.url,
    scope: "tableau:content:read tableau:views:download",
    "https://tableau.com/siteId": viewer.site.id,
    "https://tableau.com/targetUrl": sandbox.url,
    ...changed,
  };
  const token = await issuer.sign(sandbox.now(), claims);
  const headers = { accept: "application/json", authorization: `Bearer ${token}` };
  return sandbox.call(`/api/3.27${path}`, { headers });
};

describe("an access token by itself", () => {
  test("answers calls on its site, within its scopes, with no sign-in before", async () => {
    expect((await call(`/sites/${viewer.site.id}/projects`)).status).toBe(200);
    expect(await errorOf(await call(`/sites/${viewer.site.id}/jobs`))).toMatchObject({ code: "401002" });
    const current = await objectOf(await call("/sessions/current"), "session");
    expect(current).toMatchObject({ site: { id: viewer.site.id }, user: { id: viewer.user.id, name: victor() } });
  });

  test("names its user by LUID where it does", async () => {
    const administrator = await sandbox.administrator();
    const named = { sub: "an id of the identity provider", "https://tableau.com/userId": administrator.user.id };
    const current = await objectOf(await call("/sessions/current", named), "session");
    expect(current).toMatchObject({ user: { id: administrator.user.id } });
  });

  test.each([
    ["of an unknown issuer", { iss: "https://elsewhere.example" }],
    ["for an unknown site", { "https://tableau.com/siteId": "00000000-0000-0000-0000-000000000000" }],
    ["of an unknown user", { sub: "nobody@acme.example" }],
    ["that has expired", { exp: 1 }],
  ])("%s is 401002", async (_what, changed) => {
    expect(await errorOf(await call("/sessions/current", changed))).toMatchObject({ code: "401002" });
  });

  test("that is no JWT is 401002, and another kind of authorization is none", async () => {
    const by = (authorization: string) =>
      sandbox.call("/api/3.27/sessions/current", { headers: { accept: "application/json", authorization } });
    expect(await errorOf(await by("Bearer something"))).toMatchObject({ code: "401002" });
    expect(await errorOf(await by("Basic something"))).toMatchObject({ code: "401000" });
  });
});
