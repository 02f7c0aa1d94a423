import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { openTestIssuer, type TestIssuer } from "../testing/issuer.ts";

let sandbox: TestSandbox;
let administrator: SignedIn;
let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await openTestIssuer();
});
afterAll(() => issuer.close());
beforeEach(async () => {
  sandbox = await openTestSandbox();
  administrator = await sandbox.administrator();
});
afterEach(() => sandbox.close());

const path = "/connected-apps/external-authorization-servers";

const register = (attributes: string, session = administrator) =>
  session.onSite(path, {
    method: "POST",
    body: `<tsRequest><externalAuthorizationServer ${attributes}/></tsRequest>`,
  });

const claims = () => ({
  sub: sandbox.keys.user.name,
  aud: `tableau:${administrator.site.id}`,
  scp: ["tableau:content:read"],
});

const signIn = async (changed: object = {}, header: Record<string, unknown> = {}, by = issuer) =>
  sandbox.signIn({ jwt: await by.sign(sandbox.now(), { ...claims(), ...changed }, header) });

const refusedWith = (subCode: number) => ({ code: "401001", detail: expect.stringContaining(`(${subCode})`) });

describe("an external authorization server", () => {
  test("that is registered signs people in, with the scopes of its JWTs", async () => {
    expect(await errorOf(await signIn())).toMatchObject(refusedWith(10082));
    const answer = await register(`name="Okta" issuerUrl="${issuer.url}"`);
    expect(answer.status).toBe(201);
    const server = await objectOf(answer, "externalAuthorizationServer");
    expect(server).toMatchObject({ name: "Okta", issuerUrl: issuer.url, enabled: true });
    for (const aud of [`tableau:${administrator.site.id}`, "tableau"]) {
      const jwt = await issuer.sign(sandbox.now(), { ...claims(), aud });
      const session = await sandbox.as({ jwt });
      expect((await session.onSite("/projects")).status).toBe(200);
      expect(await errorOf(await session.onSite("/jobs"))).toMatchObject({ code: "401002" });
    }
  });

  test("is read, changed, listed and deleted; an issuer is registered once, and by administrators", async () => {
    const server = await objectOf(await register(`issuerUrl="${issuer.url}"`), "externalAuthorizationServer");
    expect(await errorOf(await register(`issuerUrl="${issuer.url}"`))).toMatchObject({ code: "409000" });
    expect(await errorOf(await register("name='none'"))).toMatchObject({ code: "400003" });
    expect(await errorOf(await register('issuerUrl="http://example.com"'))).toMatchObject({ code: "400003" });
    const viewer = await sandbox.viewer();
    expect(await errorOf(await register('issuerUrl="https://example.com"', viewer))).toMatchObject({ code: "403004" });
    const body = JSON.stringify({ externalAuthorizationServer: { enabled: false } });
    const headers = { "content-type": "application/json" };
    const changed = await administrator.onSite(`${path}/${server.id}`, { method: "PUT", body, headers });
    expect(await objectOf(changed, "externalAuthorizationServer")).toEqual({ ...server, enabled: false });
    expect(await errorOf(await signIn())).toMatchObject(refusedWith(10090));
    const listed = await objectOf(await administrator.onSite(path), "externalAuthorizationServerList");
    expect(listed).toEqual({ externalAuthorizationServer: [{ ...server, enabled: false }] });
    expect((await administrator.onSite(`${path}/${server.id}`, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await administrator.onSite(`${path}/${server.id}`))).toMatchObject({ code: "404040" });
  });

  test.each([
    ["another site's audience", { aud: "tableau:00000000-0000-0000-0000-000000000000" }, {}, 10084],
    ["no subject", { sub: undefined }, {}, 10084],
    ["an unknown user", { sub: "nobody@acme.example" }, {}, 5],
    ["no scopes", { scp: undefined }, {}, 10099],
    ["scopes in one text", { scp: "tableau:content:read" }, {}, 10099],
    ["no token id", { jti: undefined }, {}, 16],
    ["a life of an hour", { exp: Math.floor(Date.now() / 1000) + 3600 }, {}, 10096],
    ["a key that is not published", {}, { kid: "other" }, 10085],
    ["no key id", {}, { kid: undefined }, 10083],
  ])("is not believed with %s", async (_what, changed, header, subCode) => {
    await register(`issuerUrl="${issuer.url}"`);
    expect(await errorOf(await signIn(changed, header))).toMatchObject(refusedWith(subCode));
  });

  test("is not believed for another's signature, nor twice", async () => {
    await register(`issuerUrl="${issuer.url}"`);
    const forger = await openTestIssuer();
    expect(await errorOf(await signIn({ iss: issuer.url }, {}, forger))).toMatchObject(refusedWith(16));
    await forger.close();
    expect((await signIn({ jti: "once" })).status).toBe(200);
    expect(await errorOf(await signIn({ jti: "once" }))).toMatchObject(refusedWith(10091));
  });

  test("that publishes no metadata, or no keys, is not believed", async () => {
    const away = await openTestIssuer();
    await away.close();
    await register(`issuerUrl="${away.url}"`);
    expect(await errorOf(await signIn({}, {}, away))).toMatchObject(refusedWith(10081));
    await register(`issuerUrl="https://issuer.example" jwksUri="${issuer.url}/nothing"`);
    expect(await errorOf(await signIn({ iss: "https://issuer.example" }))).toMatchObject(refusedWith(10085));
  });

  test("is found by either kind of metadata, or by the address of its keys, with elliptic keys too", async () => {
    const oauth = await openTestIssuer({ algorithm: "ES256", metadata: "oauth-authorization-server" });
    await register(`issuerUrl="${oauth.url}/"`);
    expect((await signIn({}, {}, oauth)).status).toBe(200);
    await register(`issuerUrl="https://issuer.example" jwksUri="${issuer.url}/keys"`);
    expect((await signIn({ iss: "https://issuer.example" })).status).toBe(200);
    await oauth.close();
  });

  test("may change its keys: they are kept for a while, and looked for again when one is missing", async () => {
    const changing = await openTestIssuer();
    await register(`issuerUrl="${changing.url}"`);
    await signIn({}, {}, changing);
    await signIn({}, {}, changing);
    expect(changing.asked()).toBe(2); // metadata and keys, once
    changing.rename("second");
    sandbox.advance(2_000);
    expect((await signIn({}, {}, changing)).status).toBe(200);
    await changing.close();
  });

  test("of a whole Tableau Server signs in to each of its sites", async () => {
    const server = await openTestSandbox({ edition: "server" });
    const session = await server.administrator();
    const body = `<tsRequest><externalAuthorizationServer issuerUrl="${issuer.url}"/></tsRequest>`;
    expect((await session.call(path, { method: "POST", body })).status).toBe(201);
    for (const contentUrl of ["acme", "acme-labs", ""]) {
      const jwt = await issuer.sign(server.now(), {
        sub: server.keys.user.name,
        aud: "tableau",
        scp: ["tableau:sites:read"],
      });
      expect((await server.signIn({ jwt, site: { contentUrl } })).status).toBe(200);
    }
    const explorer = await server.explorer();
    expect(await errorOf(await explorer.call(path))).toMatchObject({ code: "403004" });
    await server.close();
  });
});
