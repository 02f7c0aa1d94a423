import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { colleague, connectByTrust, projectsOf } from "../organisations/organisations.fixture.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

const issuer = "https://automation.acme.example";
const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

let easel: TestEasel;
let tenantId: string;
beforeAll(async () => {
  easel = await startTestEasel({ developmentKeys: "none" });
  const configured = await fetch(`${easel.sandbox.url}/__sandbox/unified-access-tokens`, {
    method: "POST",
    body: JSON.stringify({ issuer, publicKey }),
  });
  ({ tenantId } = (await configured.json()) as { tenantId: string });
});
afterAll(() => easel.close());

const order = () => ({
  way: "uat",
  serverUrl: easel.sandbox.url,
  site: easel.sandbox.keys.site.contentUrl,
  ...{ issuer, keyId: "first", tenantId, usernameClaim: "email", privateKey },
  testUsername: easel.sandbox.keys.user.name,
});

test.each([
  ["the project", "/integrations/tableau/trust", {}],
  ["an organisation", "/organisations/acme/trust", { org: "acme" }],
])("signs in everyone of %s", async (_whose, path, claims) => {
  const project = await easel.newProject();
  const response = await project.manage(path, { method: "PUT", json: order() });
  expect([response.status, await response.json()]).toMatchObject([200, { trust: { kind: "uat", issuer, tenantId } }]);
  for (const [index, { name }] of easel.sandbox.keys.users.entries()) {
    const theirs = { ...colleague(name), org: undefined, ...claims };
    expect((await connectByTrust(project, `user-${index}`, theirs)).status).toBe(201);
    expect(await projectsOf(project, `user-${index}`, theirs)).toBe("200");
  }
  const rows = await sql<{ row: string }>(easel.database.url, "select to_jsonb(trusts)::text as row from trusts");
  for (const { row } of rows) expect(row).not.toContain(Buffer.from("PRIVATE KEY").toString("hex"));
  // Other settings leave it alone.
  await project.manage("/integrations/tableau", {
    method: "PATCH",
    json: { serverUrl: easel.sandbox.url, site: "acme" },
  });
  expect(await (await project.manage(path)).json()).toMatchObject({ trust: { kind: "uat" } });
});

test.each([
  ["another tenant", { tenantId: "00000000-0000-0000-0000-000000000000" }, "tableau_uat_refused"],
  ["another issuer", { issuer: "https://elsewhere.example" }, "tableau_uat_refused"],
  ["another claim", { usernameClaim: "mail" }, "tableau_uat_refused"],
  ["nobody's name", { testUsername: "nobody@acme.example" }, "tableau_user_unknown"],
  ["no key", { privateKey: "none" }, "trust_private_key"],
  [
    "a short key",
    {
      privateKey: generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({
        type: "pkcs8",
        format: "pem",
      }),
    },
    "trust_private_key",
  ],
])("with %s is kept nowhere", async (_what, change, code) => {
  const project = await easel.newProject();
  const response = await project.manage("/organisations/acme/trust", {
    method: "PUT",
    json: { ...order(), ...change },
  });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([422, code]);
  expect(await (await project.manage("/organisations/acme/trust")).json()).toMatchObject({ trust: null });
});
