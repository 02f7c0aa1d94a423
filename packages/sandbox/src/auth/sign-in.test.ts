import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, pat, signJwt, type TestSandbox } from "../testing/client.ts";

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

describe("signing in", () => {
  test("works by personal access token, and the answer names site and user", async () => {
    const session = await sandbox.administrator();
    const current = await session.call("/sessions/current");
    expect(await current.json()).toMatchObject({
      session: { site: { id: session.site.id, contentUrl: "acme" }, user: { name: sandbox.keys.user.name } },
    });
  });

  test("works by password, with several sessions at once", async () => {
    const { name, password } = sandbox.keys.user;
    const answers = [await sandbox.signIn({ name, password }), await sandbox.signIn({ name, password })];
    for (const answer of answers) {
      const token = String((await objectOf(answer, "credentials")).token);
      const current = await sandbox.call("/api/3.27/sessions/current", { headers: { "X-TABLEAU-AUTH": token } });
      expect(current.status).toBe(200);
    }
  });

  test("takes XML with no Content-Type, with text/xml and with curl's, in any version and letter case", async () => {
    const { name, secret } = sandbox.keys.pat;
    const attributes = `personalAccessTokenName="${name}" personalAccessTokenSecret="${secret}"`;
    const xml = `<?xml version="1.0"?><tsRequest><credentials ${attributes}><site contentUrl="acme"/></credentials></tsRequest>`;
    for (const contentType of [
      undefined,
      "text/xml",
      "application/xml;charset=utf-8",
      "application/x-www-form-urlencoded",
    ]) {
      for (const path of ["/api/3.27/auth/signin", "/api/2.4/AUTH/SignIn/"]) {
        const headers: Record<string, string> = contentType === undefined ? {} : { "content-type": contentType };
        const answer = await sandbox.call(path, { method: "POST", body: new TextEncoder().encode(xml), headers });
        expect(answer.status).toBe(200);
        expect(await answer.text()).toMatch(/<credentials token="[^"]+".*<site id=.*<user id=/);
      }
    }
  });

  test.each([
    ["a wrong secret", { personalAccessTokenName: "ana-automation", personalAccessTokenSecret: "wrong" }],
    ["an unknown token", { personalAccessTokenName: "nobody", personalAccessTokenSecret: "wrong" }],
    ["a wrong password", { name: "ana.silva@acme.example", password: "wrong" }],
    ["no JWT at all", { jwt: "not a JWT" }],
  ])("is refused as a signin error for %s", async (_what, credentials) => {
    const answer = await sandbox.signIn(credentials);
    expect(answer.status).toBe(401);
    expect(await errorOf(answer)).toMatchObject({ code: "401001", summary: "Signin Error" });
  });

  test("takes null in JSON for what is left out, as public clients send it", async () => {
    const answer = await sandbox.signIn({ ...pat(sandbox, 0), user: { id: null }, jwt: null });
    expect(answer.status).toBe(200);
  });

  test("is refused for an unknown site, and for none", async () => {
    for (const contentUrl of ["elsewhere", ""]) {
      const answer = await sandbox.signIn({ ...pat(sandbox, 0), site: { contentUrl } });
      expect(await errorOf(answer)).toMatchObject({ code: "401001" });
    }
  });

  test("is refused as malformed without credentials, and as another user", async () => {
    expect(await errorOf(await sandbox.signIn({}))).toMatchObject({ code: "400000" });
    const asAnother = await sandbox.signIn({ ...pat(sandbox, 0), user: { id: "1" } });
    expect(await errorOf(asAnother)).toMatchObject({ code: "403004" });
  });
});

describe("signing in by JWT", () => {
  test("works with the connected app's secret, with and without its header's iss", async () => {
    for (const header of [{}, { iss: sandbox.keys.connectedApp.clientId }]) {
      const answer = await sandbox.signIn({ jwt: await signJwt(sandbox, sandbox.now(), {}, header) });
      expect(answer.status).toBe(200);
    }
  });

  test("is refused when the token is used again", async () => {
    const jwt = await signJwt(sandbox, sandbox.now());
    expect((await sandbox.signIn({ jwt })).status).toBe(200);
    expect(await errorOf(await sandbox.signIn({ jwt }))).toMatchObject({
      code: "401001",
      detail: expect.stringContaining("(16)"),
    });
  });

  const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
  test.each([
    ["an audience that is not tableau", { aud: "elsewhere" }, {}, 10084],
    ["a token that has expired", { exp: inSeconds(-5) }, {}, 10084],
    ["a token that expires in more than ten minutes", { exp: inSeconds(700) }, {}, 10096],
    ["a user in other letter case", { sub: "Ana.Silva@acme.example" }, {}, 5],
    ["an unknown user", { sub: "nobody@acme.example" }, {}, 5],
    ["an unknown client", { iss: "elsewhere" }, {}, 10089],
    ["a token that is not valid yet", { nbf: inSeconds(120) }, {}, 10084],
    ["an unknown user with on-demand access", { sub: "nobody", "https://tableau.com/oda": "true" }, {}, 67],
    ["no issuer", { iss: undefined }, {}, 10083],
    ["no token id", { jti: undefined }, {}, 16],
    ["an unknown secret", {}, { kid: "elsewhere" }, 10085],
    ["no key id", {}, { kid: undefined }, 10083],
    ["scopes that are not an array", { scp: "tableau:content:read" }, {}, 16],
  ])("is refused, with the cause's number, for %s", async (_what, claims, header, subCode) => {
    const answer = await sandbox.signIn({ jwt: await signJwt(sandbox, sandbox.now(), claims, header) });
    expect(await errorOf(answer)).toMatchObject({ code: "401001", detail: expect.stringContaining(`(${subCode})`) });
  });

  test("is refused with another secret's signature, and on another site", async () => {
    const forger = {
      ...sandbox,
      keys: { ...sandbox.keys, connectedApp: { ...sandbox.keys.connectedApp, secretValue: "x".repeat(44) } },
    };
    const forged = await sandbox.signIn({ jwt: await signJwt(forger, sandbox.now()) });
    expect(await errorOf(forged)).toMatchObject({ code: "401001" });
    const jwt = await signJwt(sandbox, sandbox.now());
    const elsewhere = await sandbox.signIn({ jwt, site: { contentUrl: "acme-labs" } });
    expect(await errorOf(elsewhere)).toMatchObject({ code: "401001" });
  });
});
