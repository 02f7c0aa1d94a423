import { problemsOf, whyUnchecked } from "@easel/sandbox/testing/schema";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { payloads } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { openClient, refusalSchema, signInAt, type TestClient } from "./clients.fixture.ts";

let easel: TestEasel;
let client: TestClient;
beforeAll(async () => {
  easel = await startTestEasel();
  client = await openClient(easel, easel.project);
});
afterAll(() => easel.close());

const post = (url: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: "POST", body: new TextEncoder().encode(body), headers });
const xmlOf = (secret: string, name = client.name): string =>
  `<tsRequest><credentials personalAccessTokenName="${name}" personalAccessTokenSecret="${secret}"><site contentUrl="acme"/></credentials></tsRequest>`;
const refusal = async (response: Response) => refusalSchema.parse(await response.json()).error;

describe("Signing in", () => {
  const secrets = { "client key": async () => client.key, "user token": () => easel.project.token("ana") };
  const forms = {
    "a personal access token": (name: string, secret: string) => ({
      personalAccessTokenName: name,
      personalAccessTokenSecret: secret,
    }),
    "a user name and password": (name: string, password: string) => ({ name, password }),
    "a JWT": (_name: string, jwt: string) => ({ jwt }),
  };

  for (const [form, credentials] of Object.entries(forms)) {
    for (const [what, secret] of Object.entries(secrets)) {
      test(`works with a ${what} as ${form}, and the token with it`, async () => {
        const doors = [
          [client.prefix, "whatever"] as const,
          ...(form === "a JWT" ? [] : [[easel.origin, client.name] as const]),
        ];
        for (const [server, name] of doors) {
          const response = await signInAt(server, { ...credentials(name, await secret()), site: { contentUrl: "" } });
          expect(response.status).toBe(200);
          const body = (await response.json()) as { credentials: { token: string; site: { contentUrl: string } } };
          expect(body.credentials.site.contentUrl).toBe("acme");
          expect(body.credentials.token).toMatch(/^[\w-]{22}\|[\w-]{43}\|[0-9a-f-]{36}$/);
          // At either door: the token says which credential it is for.
          expect((await client.list(body.credentials.token)).status).toBe(200);
          expect((await client.list(body.credentials.token, easel.origin)).status).toBe(200);
        }
      });
    }
  }

  test("never reaches Tableau", async () => {
    const control = sandboxControl(easel.sandbox);
    const before = await control.signIns();
    for (let time = 0; time < 5; time += 1) await client.signIn();
    expect(await control.signIns()).toBe(before);
  });

  test.each([
    ["XML without a type", { "content-type": "" }, (body: string) => body],
    ["text/xml", { "content-type": "text/xml" }, (body: string) => body],
    ["a form's type", { "content-type": "application/x-www-form-urlencoded" }, (body: string) => body],
    ["what is no type at all", { "content-type": "auto" }, (body: string) => body],
    [
      "a namespace, a declaration and a byte order mark",
      {},
      (body: string) =>
        `\ufeff<?xml version="1.0" encoding="utf-8"?>\n${body.replace("<tsRequest", '<t:tsRequest xmlns:t="http://tableau.com/api"').replace("/tsRequest", "/t:tsRequest")}`,
    ],
  ] as const)("is read as %s, and answered as Tableau's schema has it", async (_what, headers, write) => {
    const response = await post(`${easel.origin}/api/3.4/auth/signin`, write(xmlOf(client.key)), headers);
    const text = await response.text();
    expect([response.status, text]).toEqual([200, expect.stringContaining('<site id="')]);
    expect(response.headers.get("content-type")).toBe("application/xml;charset=UTF-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("set-cookie")).toBeNull();
    if (whyUnchecked === undefined) expect(await problemsOf([{ name: "signin", xml: text }])).toEqual([]);
  });

  test("is read with a slash too many at either end, in any letter case, at any version", async () => {
    for (const path of [
      "//api/3.4/auth/signin",
      "/api/2.0/auth/signIn/",
      "/api//3.99/auth/SIGNIN",
      "/API/exp/auth/signin",
    ]) {
      const response = await post(client.prefix + path, xmlOf(client.key));
      expect([path, response.status]).toEqual([path, 200]);
    }
    for (const path of ["//api/3.4/auth/signin", "/api/3.4/auth/signin/"]) {
      const response = await post(easel.origin + path, xmlOf(client.key));
      expect([path, response.status]).toEqual([path, 200]);
    }
  });

  test("says the Tableau user whom the user token names, where a connected app signs in", async () => {
    const project = await easel.newProject();
    const scoped = await openClient(easel, project, { payload: { ...payloads(easel.sandbox).connectedApp } });
    const [administrator, explorer] = easel.sandbox.keys.users;
    const token = await project.token("ana", { "tableau.username": explorer?.name });
    const [asKey, asToken] = [await scoped.signIn(), await scoped.signIn(token)];
    expect(asKey.user.id).not.toBe(asToken.user.id);
    for (const [{ token: held }, name] of [
      [asKey, administrator?.name],
      [asToken, explorer?.name],
    ] as const) {
      const response = await fetch(`${scoped.prefix}/api/3.27/sessions/current`, {
        headers: { "x-tableau-auth": held },
      });
      expect(await response.text()).toContain(`name="${name}"`);
    }
  });

  test("takes the credential's external id in place of its id", async () => {
    const { credential } = await connectAs("reports");
    for (const named of ["ext:reports", "reports", credential.toUpperCase()]) {
      const server = `${easel.origin}/projects/${easel.project.id}/tableau/${named}`;
      const byPrefix = await signInAt(server, { name: "x", password: await easel.project.token("ext-user") });
      const atRoot = await signInAt(easel.origin, {
        name: `${easel.project.id}/${named}`,
        password: await easel.project.token("ext-user"),
      });
      expect([named, byPrefix.status, atRoot.status]).toEqual([named, 200, 200]);
    }
  });

  async function connectAs(externalId: string): Promise<{ credential: string }> {
    const { url, keys } = easel.sandbox;
    const [, explorer] = keys.users;
    const payload = {
      serverUrl: url,
      site: keys.site.contentUrl,
      method: "pat",
      tokenName: explorer?.pat.name,
      tokenSecret: explorer?.pat.secret,
    };
    const response = await easel.project.call("ext-user", "/sdk/credentials", {
      method: "POST",
      json: { integrationId: "tableau", payload, installOptions: { externalId } },
    });
    return { credential: ((await response.json()) as { id: string }).id };
  }
});

describe("A sign-in is refused as Tableau refuses it", () => {
  const site = { contentUrl: "acme" };
  const key = () => ({ personalAccessTokenName: "x", personalAccessTokenSecret: client.key });

  test.each([
    ["another site", () => ({ ...key(), site: { contentUrl: "other" } }), "401001", /the site other/],
    [
      "another user",
      () => ({ ...key(), site, user: { id: "9460a292-2aaa-47b1-a4f0-d792e444ad15" } }),
      "403004",
      /another user/,
    ],
    ["a unified access token", () => ({ jwt: client.key, isUat: true, site }), "401001", /unified access token/],
    ["a secret that is nobody's", () => ({ name: "x", password: "easel_client_x" }), "401001", /client key/],
    ["no secret", () => ({ site }), "400000", /no personal access token/],
    ["a secret that is no text", () => ({ name: "x", password: {}, site }), "400000", /credentials\.password/],
  ] as const)("for %s", async (_what, credentials, code, words) => {
    const response = await signInAt(client.prefix, credentials());
    expect(response.status).toBe(Number(code.slice(0, 3)));
    expect(await refusal(response)).toEqual({
      code,
      summary: expect.any(String),
      detail: expect.stringMatching(words),
    });
  });

  test("for a name at the root that names nothing", async () => {
    for (const name of ["", "tableau", client.credentialId, `${client.name.slice(0, 37)}`]) {
      const error = await refusal(await signInAt(easel.origin, { name, password: client.key }));
      expect([name, error.code, error.detail]).toEqual([
        name,
        "401001",
        expect.stringContaining("<project ID>/<credential ID>"),
      ]);
    }
  });

  test("for another user's credential, as for one that nobody has", async () => {
    const eve = await easel.project.token("eve");
    const said = await Promise.all(
      [client.credentialId, "00000000-0000-4000-8000-000000000000"].map(async (id) => {
        const server = `${easel.origin}/projects/${easel.project.id}/tableau/${id}`;
        const error = await refusal(await signInAt(server, { jwt: eve }));
        return { ...error, detail: error.detail.replace(id, "ID") };
      }),
    );
    expect(said[0]).toEqual(said[1]);
    expect(said[0]?.code).toBe("401001");
  });

  test.each([
    ["a document type", '<!DOCTYPE x [<!ENTITY a "b">]><tsRequest><credentials name="&a;"/></tsRequest>'],
    ["a thousand elements deep", `<tsRequest>${"<a>".repeat(1000)}${"</a>".repeat(1000)}</tsRequest>`],
    ["hostile names", '<tsRequest><credentials __proto__="1"><constructor/></credentials></tsRequest>'],
    ["half a document", "<tsRequest><credentials"],
    ["another document", "<html/>"],
    ["what is neither XML nor JSON", "grant_type=password"],
    ["JSON that says nothing", "[]"],
    ["nothing", ""],
  ])("for %s", async (_what, body) => {
    const response = await post(`${client.prefix}/api/3.4/auth/signin`, body, { accept: "application/json" });
    expect(response.status).toBe(400);
    expect((await refusal(response)).code).toBe("400000");
  });

  test("or taken, and nothing else, whatever is written into it", async () => {
    // Its wrong tries are nobody else's.
    const { name, key } = await openClient(easel, await easel.newProject());
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom(
        "<",
        "</",
        "/>",
        ">",
        '"',
        "&#0;",
        "&lt;",
        "&x;",
        "<![CDATA[",
        "<!--",
        "<?x",
        "xmlns:a=",
        "\u0000",
        "{",
        "[",
        "null",
      ),
    );
    const written = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), piece, cut: fc.nat(20) });
    const bodies = [xmlOf(key, name), JSON.stringify({ credentials: { name, password: key } })];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...bodies),
        fc.array(written, { minLength: 1, maxLength: 4 }),
        async (body, changes) => {
          const changed = changes.reduce((text, { at, piece: part, cut }) => {
            const place = Math.floor(at * text.length);
            return text.slice(0, place) + part + text.slice(place + cut);
          }, body);
          const response = await post(`${easel.origin}/api/3.4/auth/signin`, changed, { accept: "application/json" });
          const text = await response.text();
          expect([200, 400, 401, 429]).toContain(response.status);
          if (response.status !== 200) expect(refusalSchema.parse(JSON.parse(text)).error.code).toMatch(/^4\d{5}$/);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("for more than any sign-in is", async () => {
    const endless = await post(`${client.prefix}/api/3.4/auth/signin`, "x".repeat(3_000_000), {
      accept: "application/json",
    });
    expect([endless.status, (await refusal(endless)).code]).toEqual([413, "413000"]);
    const body = JSON.stringify({ credentials: { name: "x".repeat(70_000), password: client.key } });
    const response = await post(`${client.prefix}/api/3.4/auth/signin`, body, { accept: "application/json" });
    expect([response.status, (await refusal(response)).code]).toEqual([413, "413000"]);
  });

  test("for the eleventh wrong secret in a minute from one address, and of that credential only", async () => {
    const other = await openClient(easel, await easel.newProject());
    const tries = { name: other.name, password: "easel_client_wrong" };
    for (let time = 0; time < 10; time += 1) expect((await signInAt(easel.origin, tries)).status).toBe(401);
    const throttled = await signInAt(easel.origin, tries);
    expect(throttled.status).toBe(429);
    expect(Number(throttled.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await refusal(throttled)).code).toBe("429000");
    await client.signIn();
  });
});
