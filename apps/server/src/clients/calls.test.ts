import { gzipSync } from "node:zlib";
import { problemsOf, whyUnchecked } from "@easel/sandbox/testing/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { payloads } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { openClient, refusalSchema, type SignedIn, type TestClient } from "./clients.fixture.ts";

let easel: TestEasel;
let fake: FakeTableau;
/** Of the sandbox, and of a server that answers as it is told. */
let client: TestClient;
let session: SignedIn;
let faked: TestClient;
let fakedSession: SignedIn;
beforeAll(async () => {
  fake = await startFakeTableau();
  easel = await startTestEasel({ egressAllow: [fake.host] });
  client = await openClient(easel, easel.project);
  session = await client.signIn();
  const payload = { serverUrl: fake.url, site: "fake", method: "pat", tokenName: "t", tokenSecret: "s" };
  faked = await openClient(easel, easel.project, { user: "bo", payload });
  fakedSession = await faked.signIn();
});
afterAll(async () => {
  await easel.close();
  await fake.close();
});

const XML = { accept: "*/*" };
const JSON_ONLY = { accept: "application/json" };
const ask = (
  server: string,
  path: string,
  {
    token = session.token,
    headers = {},
    ...init
  }: RequestInit & { token?: string; headers?: Record<string, string> } = {},
): Promise<Response> =>
  fetch(`${server}${path}`, { ...init, headers: { ...XML, "x-tableau-auth": token, ...headers } });

/** An error as Tableau writes it, in either format. */
async function refusal(response: Response): Promise<{ code: string; detail: string }> {
  const text = await response.text();
  if (response.headers.get("content-type")?.startsWith("application/json")) {
    const { error } = refusalSchema.parse(JSON.parse(text));
    expect(error.code.slice(0, 3)).toBe(String(response.status));
    return error;
  }
  if (whyUnchecked === undefined) expect(await problemsOf([{ name: "refusal", xml: text }])).toEqual([]);
  const [, code = "", detail = ""] =
    /<error code="(\d+)"><summary>[^<]+<\/summary><detail>([^<]+)<\/detail><\/error>/.exec(text) ?? [];
  expect(code.slice(0, 3)).toBe(String(response.status));
  return { code, detail };
}

describe("A client's call is refused in Tableau's form", () => {
  test.each([
    ["XML", XML],
    ["JSON", JSON_ONLY],
  ] as const)("where the project's Permissions do not hold it, in %s", async (_format, headers) => {
    const project = await easel.newProject({ permissions: ["tableau:content:read"] });
    const limited = await openClient(easel, project);
    const { token, site } = await limited.signIn();
    const users = `/api/3.27/sites/${site.id}/users`;
    expect(await refusal(await ask(limited.prefix, users, { token, headers }))).toEqual(
      expect.objectContaining({ code: "403004", detail: expect.stringContaining("tableau:users:read") }),
    );
    expect((await limited.list(token)).status).toBe(200);
  });

  test("where it would mint a credential, name another site, or end a session of Tableau's", async () => {
    const site = `/api/3.27/sites/${session.site.id}`;
    const refused = [
      ["POST", `${site}/connected-applications`, "403004", "credentials at Tableau"],
      ["GET", "/api/3.27/sites/11111111-2222-4333-8444-555555555555/projects", "400000", "names the site"],
      ["DELETE", "/api/3.27/sessions/9460a292", "403004", "Easel's to end"],
      ["POST", "/api/3.27/auth/revokeAllServerAdminTokens", "400000", "signs in and out"],
      ["GET", "/api/3.27/%61uth/signout", "400000", "signs in and out"],
      ["GET", "/api/3.27/auth/signin", "405000", "POST only"],
      ["POST", "/api/3.27/serverinfo", "405000", "GET only"],
      ["GET", "/api/3.27/../../manage/v1/projects", "404003", "/api"],
      ["GET", "/vizportal/api/web/v1/getSessionInfo", "404003", "nothing at this address"],
    ] as const;
    for (const [method, path, code, words] of refused) {
      const said = await refusal(await ask(client.prefix, path, { method, headers: JSON_ONLY }));
      if (path.includes("..")) expect(["400000", "404003"]).toContain(said.code);
      else
        expect([path, said]).toEqual([path, expect.objectContaining({ code, detail: expect.stringContaining(words) })]);
    }
  });

  test("where the project's limits are reached, with the time to wait", async () => {
    const project = await easel.newProject();
    const limited = await openClient(easel, project);
    const { token } = await limited.signIn();
    expect((await limited.list(token)).status).toBe(200);
    const limits = { user: { perMinute: 1 } };
    expect((await project.manage("", { method: "PATCH", json: { limits } })).status).toBe(200);
    const refused = await waitFor(async () => {
      const response = await limited.list(token);
      return response.status === 429 && response;
    });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("x-easel-error")).toMatch(/limit/);
    expect((await refusal(refused)).code).toBe("429000");
  });

  test("in JSON where the API knows nothing else, whatever is accepted", async () => {
    for (const path of [
      "/api/-/pulse/definitions",
      "/api/metadata/graphql",
      "/api/v1/vizql-data-service/read-metadata",
    ]) {
      const response = await ask(client.prefix, path, { token: "none|of|these" });
      expect([path, await refusal(response)]).toEqual([path, expect.objectContaining({ code: "401002" })]);
      expect(response.headers.get("content-type")).toContain("json");
    }
  });

  test("with Tableau's own code and words, and behind them what is missing and who can give it", async () => {
    const [, , viewer] = easel.sandbox.keys.users;
    const payload = { ...payloads(easel.sandbox).pat, tokenName: viewer?.pat.name, tokenSecret: viewer?.pat.secret };
    const limited = await openClient(easel, await easel.newProject(), { payload });
    const { token, site } = await limited.signIn();
    for (const headers of [XML, JSON_ONLY]) {
      const said = await refusal(await ask(limited.prefix, `/api/3.27/sites/${site.id}/webhooks`, { token, headers }));
      expect(said.code).toMatch(/^403/);
      expect(said.detail).toMatch(/site administrator; Victor Lange is Viewer/);
    }
  });

  test("as it came, packed or not, where that is not the REST API's form", async () => {
    const answers = [
      { type: "application/json", body: '{"errorCode":"403157","message":"The feature is off"}' },
      { type: "text/html", body: "<html>No.</html>" },
    ];
    for (const { type, body } of answers) {
      for (const isPacked of [false, true]) {
        fake.answer((_request, response) => {
          response.writeHead(403, { "content-type": type, ...(isPacked ? { "content-encoding": "gzip" } : {}) });
          response.end(isPacked ? gzipSync(body) : body);
        });
        const response = await faked.list(fakedSession.token);
        expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
          403,
          type,
          body,
        ]);
      }
    }
  });

  test("once for a route outside of a connected app's scopes, which is no reason to sign in again", async () => {
    const project = await easel.newProject({ permissions: ["tableau:content:read", "tableau:webhooks:read"] });
    const scoped = await openClient(easel, project, { payload: { ...payloads(easel.sandbox).connectedApp } });
    const { token, site } = await scoped.signIn();
    const said = await refusal(
      await ask(scoped.prefix, `/api/3.27/sites/${site.id}/webhooks`, { token, headers: JSON_ONLY }),
    );
    expect(said.code).toBe("403004");
    expect((await scoped.list(token)).status).toBe(200);
  });
});

describe("A client's call goes through untouched", () => {
  test("with the client's own types, packed as Tableau packs it, and without anything of Easel's", async () => {
    const packed = gzipSync('<?xml version="1.0"?><tsResponse/>');
    fake.answer((request, response) => {
      response.writeHead(200, {
        "content-type": "application/xml;charset=utf-8",
        "content-encoding": "gzip",
        "set-cookie": "workgroup_session_id=x",
        "x-asked": JSON.stringify([
          request.headers.accept,
          request.headers["content-type"],
          request.headers["user-agent"],
        ]),
        "x-method": String(request.headers["x-http-method-override"]),
        "x-session": String(request.headers["x-tableau-auth"]).slice(0, 6),
      });
      response.end(packed);
    });
    const response = await ask(faked.prefix, `/api/3.27/sites/${fakedSession.site.id}/workbooks`, {
      token: fakedSession.token,
      method: "POST",
      headers: {
        "content-type": "text/xml",
        "user-agent": "Tableau Server Client/0.40",
        "x-http-method-override": "DELETE",
      },
      body: "<tsRequest/>",
    });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(await response.text()).toContain("<tsResponse/>");
    expect(JSON.parse(response.headers.get("x-asked") ?? "")).toEqual([
      "*/*",
      "text/xml",
      "Tableau Server Client/0.40",
    ]);
    expect(response.headers.get("x-session")).toBe("token-");
    expect(response.headers.get("x-method")).toBe("undefined");
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
  });

  test("with a body of 20 MB", async () => {
    let received = 0;
    fake.answer((request, response) => {
      request.on("data", (chunk: Buffer) => {
        received += chunk.length;
      });
      request.on("end", () => json(response, 200, { fileUpload: { fileSize: "20" } }));
    });
    const response = await ask(faked.prefix, `/api/3.27/sites/${fakedSession.site.id}/fileUploads/1:2`, {
      token: fakedSession.token,
      method: "PUT",
      headers: { "content-type": "multipart/mixed; boundary=x" },
      body: Buffer.alloc(20_000_000, "x"),
    });
    expect([response.status, await response.json()]).toEqual([200, { fileUpload: { fileSize: "20" } }]);
    expect(received).toBe(20_000_000);
  });

  test("and is in the usage record, told apart from the SDK's", async () => {
    await (await client.list(session.token)).arrayBuffer();
    await waitFor(async () => {
      const response = await easel.project.manage(`/usage?credentialId=${client.credentialId}`);
      const { calls } = (await response.json()) as { calls: { door: string; route: string; status: number }[] };
      return calls.some(
        (call) => call.door === "client" && call.route === "/sites/{siteId}/projects" && call.status === 200,
      );
    });
  });
});

describe("Who the session is", () => {
  test("Tableau says itself, in either format", async () => {
    const xml = await (await ask(client.prefix, "/api/3.27/sessions/current")).text();
    expect(xml).toContain(`name="Acme Analytics"`);
    if (whyUnchecked === undefined) expect(await problemsOf([{ name: "session", xml }])).toEqual([]);
    const said = await (await ask(easel.origin, "/api/2.4/sessions/current/", { headers: JSON_ONLY })).json();
    expect(said).toMatchObject({ session: { site: { contentUrl: "acme" }, user: { id: session.user.id } } });
  });

  test("Easel says where Tableau does not tell a connected app", async () => {
    const untold = await startFakeTableau({
      currentSession: (_request, response) => json(response, 401, { error: { code: "401002" } }),
    });
    const other = await startTestEasel({ egressAllow: [untold.host] });
    const { project } = other;
    const keys = { clientId: "c", clientSecret: "i", clientSecretValue: "v", serverUrl: untold.url, site: "fake" };
    await project.manage(`/integrations/${project.integrationId}`, { method: "PATCH", json: keys });
    const payload = { serverUrl: untold.url, site: "fake", method: "connectedApp" };
    const scoped = await openClient(other, project, { payload });
    const { token, site, user } = await scoped.signIn();
    const said = await (await ask(scoped.prefix, "/api/3.27/sessions/current", { token, headers: JSON_ONLY })).json();
    expect(said).toMatchObject({ session: { site: { id: site.id, contentUrl: "fake" }, user: { id: user.id } } });
    const xml = await (await ask(scoped.prefix, "/api/3.27/sessions/current", { token })).text();
    if (whyUnchecked === undefined) expect(await problemsOf([{ name: "session", xml }])).toEqual([]);
    expect((await scoped.list(token)).status).toBe(200);
    await other.close();
    await untold.close();
  });
});
