import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, openTestSandbox, type TestSandbox } from "../testing/client.ts";
import { openTestIssuer, type TestIssuer } from "../testing/issuer.ts";

const issuerUri = "https://automation.acme.example";

let sandbox: TestSandbox;
let issuer: TestIssuer;
let tenantId: string;
beforeAll(async () => {
  issuer = await openTestIssuer();
});
afterAll(() => issuer.close());
beforeEach(async () => {
  sandbox = await openTestSandbox();
  tenantId = await configure({ publicKey: issuer.publicKey });
});
afterEach(() => sandbox.close());

async function configure(what: object, of = sandbox): Promise<string> {
  const answer = await of.make("unified-access-tokens", { issuer: issuerUri, ...what });
  expect(answer.status).toBe(201);
  return z.object({ tenantId: z.string() }).parse(await answer.json()).tenantId;
}

/** Claims and header as public clients make them: the token's id is of the issuer and the second. */
const jwt = (changed: object = {}) => {
  const seconds = Math.floor(sandbox.now() / 1000);
  const claims = {
    iss: issuerUri,
    jti: `${issuerUri}-${seconds}`,
    email: sandbox.keys.user.name,
    scp: ["tableau:content:read"],
    "https://tableau.com/tenantId": tenantId,
    ...changed,
  };
  return issuer.sign(sandbox.now(), claims);
};

const refused = { code: "401001", detail: expect.stringContaining("(101002)") };

describe("a unified access token", () => {
  test("signs in with the scopes of its JWT, several times in a second, to any site of the tenant", async () => {
    const session = await sandbox.as({ jwt: await jwt(), isUat: true });
    expect((await session.onSite("/projects")).status).toBe(200);
    expect(await errorOf(await session.onSite("/jobs"))).toMatchObject({ code: "401002" });
    expect((await sandbox.signIn({ jwt: await jwt(), isUat: "true" })).status).toBe(200);
    const labs = { site: { contentUrl: "acme-labs" } };
    expect((await sandbox.signIn({ jwt: await jwt(), isUat: true, ...labs })).status).toBe(200);
  });

  test("in XML, and with its scopes as words", async () => {
    const written = await jwt({ scp: undefined, scope: "tableau:content:read tableau:jobs:read" });
    const body = `<tsRequest><credentials jwt="${written}" isUat="true"><site contentUrl="acme"/></credentials></tsRequest>`;
    expect((await sandbox.call("/api/3.27/auth/signin", { method: "POST", body })).status).toBe(200);
  });

  test.each([
    ["of another tenant", { "https://tableau.com/tenantId": "00000000-0000-0000-0000-000000000000" }],
    ["for another site", { "https://tableau.com/siteId": "00000000-0000-0000-0000-000000000000" }],
    ["of an unknown issuer", { iss: "https://elsewhere.example" }],
    ["without a user name", { email: undefined }],
    ["without scopes", { scp: undefined }],
    ["that has expired", { exp: 1 }],
    ["longer than 8 KB", { scp: Array.from({ length: 300 }, (_, index) => `tableau:resource_${index}:read`) }],
  ])("%s is refused", async (_what, changed) => {
    const answer = await sandbox.signIn({ jwt: await jwt(changed), isUat: true });
    expect(await errorOf(answer)).toMatchObject(refused);
  });

  test("is no JWT of a connected app, and the other way round", async () => {
    expect((await sandbox.signIn({ jwt: await jwt() })).status).toBe(401);
    const unknown = await sandbox.signIn({ jwt: await jwt({ email: "nobody@acme.example" }), isUat: true });
    expect(await errorOf(unknown)).toMatchObject({ detail: expect.stringContaining("(5)") });
  });

  test("asks for what its configuration grants, and for a wildcard only where that is granted", async () => {
    const signIn = async (scopes: string[]) =>
      (await sandbox.signIn({ jwt: await jwt({ scp: scopes }), isUat: true })).status;
    await configure({ publicKey: issuer.publicKey, scopes: ["tableau:content:read", "tableau:projects:*"] });
    expect(await signIn(["tableau:content:read"])).toBe(200);
    expect(await signIn(["tableau:projects:create", "tableau:projects:*"])).toBe(200);
    expect(await signIn(["tableau:jobs:read"])).toBe(401);
    expect(await signIn(["tableau:content:*"])).toBe(401);
  });

  test("is checked with published keys, another claim for the name, and for some sites", async () => {
    const { site } = await sandbox.administrator();
    await configure({ jwksUri: `${issuer.url}/keys`, usernameClaim: "upn", siteIds: [site.id] });
    const written = await jwt({ email: undefined, upn: sandbox.keys.user.name, "https://tableau.com/siteId": site.id });
    expect((await sandbox.signIn({ jwt: written, isUat: true })).status).toBe(200);
    const labs = { site: { contentUrl: "acme-labs" } };
    const elsewhere = await sandbox.signIn({ jwt: await jwt({ upn: sandbox.keys.user.name }), isUat: true, ...labs });
    expect(await errorOf(elsewhere)).toMatchObject(refused);
  });

  test("that is off is refused; Tableau Server has none; a key must be one", async () => {
    await configure({ publicKey: issuer.publicKey, enabled: false });
    expect(await errorOf(await sandbox.signIn({ jwt: await jwt(), isUat: true }))).toMatchObject(refused);
    expect((await sandbox.make("unified-access-tokens", { issuer: "i", publicKey: "no key" })).status).toBe(400);
    const server = await openTestSandbox({ edition: "server" });
    expect((await server.make("unified-access-tokens", { issuer: "i", publicKey: issuer.publicKey })).status).toBe(400);
    expect((await server.signIn({ jwt: await jwt(), isUat: true })).status).toBe(401);
    await server.close();
  });
});
