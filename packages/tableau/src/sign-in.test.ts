import type { OutboundAnswer, OutboundRequest, Send, SignInRequest } from "@easel/connector";
import fc from "fast-check";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { createTableauConnector } from "./tableau.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const tableau = createTableauConnector({ clock: () => now });
const pod = "https://10ax.online.tableau.com";
const server = "https://bi.acme.example";
const siteId = "9f0c8a4e-5b1d-4c7a-8e2f-0a1b2c3d4e5f";
const userId = "11111111-2222-4333-8444-555555555555";

/** Answers in order, and keeps what was asked. */
function scripted(...answers: readonly OutboundAnswer[]): { send: Send; asked: OutboundRequest[] } {
  const asked: OutboundRequest[] = [];
  const left = [...answers];
  const send: Send = async (request) => {
    asked.push(request);
    const answer = left.shift();
    if (answer === undefined) throw new Error(`No answer is scripted for ${request.url}`);
    return answer;
  };
  return { send, asked };
}

function answered(status: number, body: unknown, headers: Record<string, string> = {}): OutboundAnswer {
  return { kind: "answered", status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}
const granted = answered(200, {
  credentials: {
    token: "Zm9v|bar|baz",
    site: { id: siteId, contentUrl: "acme" },
    user: { id: userId },
    estimatedTimeToExpiration: "361:42:58",
  },
});
function error(status: number, code: string, detail: string, summary = "Signin Error"): OutboundAnswer {
  return answered(status, { error: { summary, detail, code } });
}
const moved = (location: string, status = 301) => answered(status, "", { location });

const pat: SignInRequest = {
  serverUrl: pod,
  apiVersion: "3.27",
  site: "acme",
  method: "pat",
  fields: { tokenName: "acme", tokenSecret: "s3cret==:x" },
  scopes: ["tableau:content:read"],
};
const password: SignInRequest = {
  ...pat,
  serverUrl: server,
  method: "password",
  fields: { username: "ana", password: "pw" },
};
const keys = { clientId: "client-1", secretId: "secret-1", secretValue: "value-1", username: "ana@acme.example" };
const app: SignInRequest = {
  ...pat,
  method: "connectedApp",
  fields: keys,
  scopes: ["tableau:jobs:read", "tableau:content:read", "tableau:jobs:read"],
};

describe("a sign-in", () => {
  test("by token asks in JSON and takes Tableau's answer", async () => {
    const { send, asked } = scripted(granted);
    expect(await tableau.signIn(pat, send)).toEqual({
      kind: "signedIn",
      session: { serverUrl: pod, apiVersion: "3.27", siteId, userId, token: "Zm9v|bar|baz", lifetimeMs: 120 * 60_000 },
    });
    expect(asked).toMatchObject([
      {
        method: "POST",
        url: `${pod}/api/3.27/auth/signin`,
        headers: { accept: "application/json", "content-type": "application/json" },
      },
    ]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      credentials: {
        personalAccessTokenName: "acme",
        personalAccessTokenSecret: "s3cret==:x",
        site: { contentUrl: "acme" },
      },
    });
  });

  test("by password lasts four hours at Tableau Server", async () => {
    const { send, asked } = scripted(granted);
    expect(await tableau.signIn({ ...password, site: "" }, send)).toMatchObject({
      session: { lifetimeMs: 240 * 60_000 },
    });
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      credentials: { name: "ana", password: "pw", site: { contentUrl: "" } },
    });
  });

  test("by connected app sends a JWT that Tableau's rules accept, never the keys", async () => {
    const { send, asked } = scripted(granted);
    expect(await tableau.signIn(app, send)).toMatchObject({ kind: "signedIn" });
    const body = asked[0]?.body ?? "";
    expect(body).not.toContain(keys.secretValue);
    const { jwt } = JSON.parse(body).credentials;
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: "HS256", typ: "JWT", kid: "secret-1", iss: "client-1" });
    const { payload } = await jwtVerify(jwt, new TextEncoder().encode(keys.secretValue), {
      currentDate: new Date(now),
    });
    expect(payload).toMatchObject({
      iss: "client-1",
      sub: "ana@acme.example",
      aud: "tableau",
      iat: now / 1000,
      exp: now / 1000 + 300,
      scp: ["tableau:content:read", "tableau:jobs:read"],
    });
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("by connected app never uses one JWT twice", async () => {
    const { send, asked } = scripted(granted, granted);
    await tableau.signIn(app, send);
    await tableau.signIn(app, send);
    const ids = asked.map(({ body }) => JSON.parse(atob(JSON.parse(body ?? "").credentials.jwt.split(".")[1])).jti);
    expect(new Set(ids).size).toBe(2);
  });

  test("reads XML too", async () => {
    const xml = `<?xml version='1.0' encoding='UTF-8'?><tsResponse xmlns="http://tableau.com/api"><credentials token="tok|en"><site id="${siteId}" contentUrl="acme"/><user id="${userId}"/></credentials></tsResponse>`;
    const { send } = scripted(answered(200, xml));
    expect(await tableau.signIn(pat, send)).toMatchObject({
      kind: "signedIn",
      session: { token: "tok|en", siteId, userId },
    });
  });

  test.each([
    ["pat", { ...pat, fields: { tokenName: "acme" } }, "tableau_sign_in_incomplete", "person"],
    ["connectedApp", { ...app, fields: { ...keys, username: "" } }, "tableau_sign_in_incomplete", "person"],
    ["connectedApp", { ...app, fields: { username: "ana" } }, "tableau_sign_in_incomplete", "app"],
    [
      "connectedApp",
      { ...app, scopes: Array.from({ length: 400 }, (_, at) => `tableau:resource_${at}:read`) },
      "tableau_scopes_too_many",
      "app",
    ],
  ])("that can't succeed is refused before anything is sent: %s, %o", async (_, request, code, concerns) => {
    const { send, asked } = scripted();
    expect(await tableau.signIn(request, send)).toMatchObject({ kind: "refused", concerns, problem: { code } });
    expect(asked).toEqual([]);
  });
});

describe("a redirect", () => {
  test.each([301, 302, 307, 308])("from Tableau Cloud to a pod is followed once, as a POST (%i)", async (status) => {
    const { send, asked } = scripted(
      moved("https://prod-useast-b.online.tableau.com/api/3.27/auth/signin", status),
      granted,
    );
    const result = await tableau.signIn({ ...pat, serverUrl: "https://online.tableau.com" }, send);
    expect(result).toMatchObject({
      kind: "signedIn",
      session: { serverUrl: "https://prod-useast-b.online.tableau.com", lifetimeMs: 120 * 60_000 },
    });
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST https://online.tableau.com/api/3.27/auth/signin",
      "POST https://prod-useast-b.online.tableau.com/api/3.27/auth/signin",
    ]);
    expect(asked[1]?.body).toBe(asked[0]?.body);
  });

  test("is not followed twice", async () => {
    const { send, asked } = scripted(moved("https://a.online.tableau.com/"), moved("https://b.online.tableau.com/"));
    expect(await tableau.signIn(pat, send)).toMatchObject({
      kind: "failed",
      problem: {
        code: "tableau_server_moved",
        params: { host: "a.online.tableau.com", address: "https://b.online.tableau.com" },
      },
    });
    expect(asked).toHaveLength(2);
  });

  test("carries no secret to another place", async () => {
    const elsewhere = fc.constantFrom(
      "https://evil.example/",
      "http://10ay.online.tableau.com/",
      "https://online.tableau.com.evil.example/",
      "https://evilonline.tableau.com/",
      "https://10ay.online.tableau.com:8443/",
      "//evil.example/api",
      "https://user:pw@10ay.online.tableau.com/",
      "/somewhere/else",
      "javascript:alert(1)",
      "http://[broken",
    );
    await fc.assert(
      fc.asyncProperty(
        elsewhere,
        fc.constantFrom(301, 302, 303, 307, 308),
        fc.constantFrom(pat, password, app),
        async (location, status, request) => {
          const { send, asked } = scripted(moved(location, status), granted);
          const result = await tableau.signIn(request, send);
          expect(result).toMatchObject({ kind: "failed" });
          expect(asked).toHaveLength(1);
        },
      ),
    );
  });

  test.each([301, 302, 307, 308])("never gets a JWT of a trust, not even within Tableau Cloud (%i)", async (status) => {
    const { send, asked } = scripted(moved("https://10ay.online.tableau.com/api/3.27/auth/signin", status), granted);
    expect(await tableau.signIn(app, send)).toMatchObject({
      kind: "refused",
      concerns: "app",
      problem: {
        code: "tableau_trust_moved",
        params: { host: "10ax.online.tableau.com", address: "https://10ay.online.tableau.com" },
      },
    });
    expect(asked).toHaveLength(1);
  });

  test("of a Tableau Server to https names the address to use", async () => {
    const { send } = scripted(moved("https://bi.acme.example/api/3.27/auth/signin"));
    expect(await tableau.signIn({ ...password, serverUrl: "http://bi.acme.example" }, send)).toMatchObject({
      problem: { code: "tableau_server_moved", params: { address: "https://bi.acme.example" } },
    });
  });
});

describe("Tableau's refusal", () => {
  test.each([
    [
      "of a token",
      pat,
      error(401, "401001", "The personal access token you provided is invalid."),
      "person",
      "tableau_sign_in_refused",
    ],
    [
      "of a password",
      password,
      error(401, "401001", "Error signing in to Tableau Server"),
      "person",
      "tableau_sign_in_refused",
    ],
    [
      "of an unknown user",
      app,
      error(401, "401001", "Error signing in to Tableau Server (5)"),
      "person",
      "tableau_user_unknown",
    ],
    [
      "of a password at Tableau Cloud",
      { ...password, serverUrl: pod },
      error(401, "401001", "Error signing in to Tableau Cloud"),
      "person",
      "tableau_password_refused",
    ],
    [
      "of a JWT's claims",
      app,
      error(401, "401001", "Error signing in to Tableau Server (16)"),
      "person",
      "tableau_keys_refused",
    ],
    ["of audience or clock", app, error(401, "401001", "errorCode=10084"), "person", "tableau_keys_refused"],
    [
      "without a number",
      app,
      error(401, "401001", "Error signing in to Tableau Server"),
      "person",
      "tableau_keys_refused",
    ],
    ["of an unknown app", app, error(401, "401001", "Connected app not found (126)"), "app", "tableau_app_refused"],
    [
      "of an unknown secret",
      app,
      error(401, "401001", "Secret not found, error code: 127"),
      "app",
      "tableau_app_refused",
    ],
    ["of too many secrets", app, error(401, "401001", "(128)"), "app", "tableau_app_refused"],
    ["of an unknown key", app, error(401, "401001", "x (10085)"), "app", "tableau_app_refused"],
    ["of an app that is gone", app, error(401, "401001", "x (10089)"), "app", "tableau_app_refused"],
    ["of an app that is off", app, error(401, "401001", "x (10090)"), "app", "tableau_app_refused"],
    ["of a site", pat, error(404, "404001", "Site not found", "Resource Not Found"), "person", "tableau_site_unknown"],
    [
      "of a suspended site",
      pat,
      error(403, "403075", "Site suspended.", "Forbidden."),
      "person",
      "tableau_sign_in_denied",
    ],
  ])("%s is read", async (_, request, answer, concerns, code) => {
    const { send } = scripted(answer);
    const result = await tableau.signIn(request, send);
    expect(result).toMatchObject({ kind: "refused", concerns, problem: { code, error: { code: /^4/ } } });
  });

  test("is not taken for an app's because of digits in a user's name", async () => {
    const { send } = scripted(error(401, "401001", "User ana126 could not sign in (5)"));
    expect(await tableau.signIn(app, send)).toMatchObject({
      concerns: "person",
      problem: { code: "tableau_user_unknown" },
    });
  });

  test("is read from XML", async () => {
    const xml =
      '<tsResponse xmlns="http://tableau.com/api"><error code="401001"><summary>Signin Error</summary><detail>Token &amp; site</detail></error></tsResponse>';
    const { send } = scripted(answered(401, xml));
    expect(await tableau.signIn(pat, send)).toMatchObject({
      problem: {
        code: "tableau_sign_in_refused",
        error: { code: "401001", summary: "Signin Error", detail: "Token & site" },
      },
    });
  });
});

describe("nothing is learnt about the secret", () => {
  test.each([
    ["when a server fails", answered(503, "<html>down</html>"), "tableau_server_error"],
    ["when a page answers", answered(200, "<!doctype html><html></html>"), "tableau_server_not_tableau"],
    ["when the answer lacks a token", answered(200, { credentials: {} }), "tableau_server_not_tableau"],
    [
      "when a site's id is a path",
      answered(200, { credentials: { token: "t", site: { id: "../auth" }, user: { id: userId } } }),
      "tableau_server_not_tableau",
    ],
    [
      "when a token would break a header",
      answered(200, { credentials: { token: "t\r\nx: y", site: { id: siteId }, user: { id: userId } } }),
      "tableau_server_not_tableau",
    ],
    ["when a gateway asks for a sign-in", answered(401, "", { "www-authenticate": "Basic" }), "tableau_server_gateway"],
    ["when a firewall refuses", answered(403, "<html>blocked</html>"), "tableau_server_gateway"],
    ["when there is no such page", answered(404, "<html>not found</html>"), "tableau_server_not_tableau"],
    ["when calls are too many", answered(429, "", { "retry-after": "7" }), "tableau_throttled"],
    ["when it is forbidden", { kind: "unreachable", reason: "forbidden" } as const, "tableau_server_forbidden"],
    ["when there is no host", { kind: "unreachable", reason: "unknownHost" } as const, "tableau_server_unreachable"],
    ["when nobody listens", { kind: "unreachable", reason: "refused" } as const, "tableau_server_unreachable"],
    ["when it takes too long", { kind: "unreachable", reason: "timeout" } as const, "tableau_server_slow"],
    ["when the certificate is wrong", { kind: "unreachable", reason: "tls" } as const, "tableau_server_tls"],
    ["when the line is cut", { kind: "unreachable", reason: "cut" } as const, "tableau_server_unreachable"],
  ])("%s", async (_, answer, code) => {
    for (const request of [pat, app]) {
      const { send } = scripted(answer);
      expect(await tableau.signIn(request, send)).toMatchObject({ kind: "failed", problem: { code } });
    }
  });

  test("and no secret is in any refusal, whatever the server says", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 100, max: 599 }),
        fc.string(),
        fc.constantFrom(pat, password, app),
        async (status, body, request) => {
          const { send } = scripted(answered(status, body), granted);
          const said = JSON.stringify(await tableau.signIn(request, send));
          for (const secret of ["s3cret==:x", "value-1"]) expect(said).not.toContain(secret);
        },
      ),
    );
  });
});

test("signing out posts once with the session's token", async () => {
  const { send, asked } = scripted(answered(401, ""));
  await tableau.signOut({ serverUrl: pod, apiVersion: "3.27", siteId, userId, token: "tok" }, send);
  expect(asked).toEqual([
    { method: "POST", url: `${pod}/api/3.27/auth/signout`, headers: { "x-tableau-auth": "tok" } },
  ]);
});
