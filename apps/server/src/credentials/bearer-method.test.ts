import { generateKeyPairSync } from "node:crypto";
import type { BearerMethod } from "@easel/tableau";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

/** The adapter point for OAuth of Tableau Cloud, with an authorization server that this test is itself. */
const issuer = "https://sso.example";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
let siteId = "";
let granted = 0;
const refreshToken = "a-refresh-token";
const oauth: BearerMethod = {
  id: "oauth",
  title: "Tableau Cloud",
  description: "Signs in at Tableau Cloud.",
  fields: [{ id: "tokenSecret", title: "Refresh token", secret: true }],
  usesTrust: false,
  exclusive: false,
  scoped: false,
  identity: ({ fields }) => [fields.tokenSecret ?? ""],
  accessToken: async ({ fields }, _send, now) => {
    if (fields.tokenSecret !== refreshToken)
      return { kind: "refused", concerns: "person", problem: { code: "tableau_access_token_refused", params: {} } };
    granted += 1;
    const seconds = Math.floor(now / 1000);
    const token = await new SignJWT({
      scope: "tableau:content:read",
      "https://tableau.com/siteId": siteId,
      jti: String(granted),
    })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer(issuer)
      .setSubject(easel.sandbox.keys.users[1]?.name ?? "")
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 600)
      .sign(privateKey);
    return { kind: "granted", token, lifetimeMs: 600_000 };
  },
};

let easel: TestEasel;
let project: TestProject;
let now = Date.now();
beforeAll(async () => {
  easel = await startTestEasel({ bearerMethods: [oauth], clock: () => now });
  project = easel.project;
  const made = await fetch(`${easel.sandbox.url}/__sandbox/bearer-issuers`, {
    method: "POST",
    body: JSON.stringify({ issuer, publicKey: publicKey.export({ type: "spki", format: "pem" }) }),
  });
  expect(made.status).toBe(201);
  await project.connect("root");
  const sites = await project.call("root", "/sdk/proxy/tableau/api/3.27/sites/{siteId}");
  ({ id: siteId } = ((await sites.json()) as { output: { site: { id: string } } }).output.site);
});
afterAll(() => easel.close());

const payload = (tokenSecret: string) => ({
  method: "oauth",
  serverUrl: easel.sandbox.url,
  site: easel.sandbox.keys.site.contentUrl,
  tokenSecret,
});

test("a method whose session is an access token connects, calls as Bearer, and is renewed", async () => {
  await project.connect("gus", payload(refreshToken));
  const call = () => project.call("gus", "/sdk/proxy/tableau/projects");
  expect((await call()).status).toBe(200);
  expect((await call()).status).toBe(200);
  expect(granted).toBe(1);
  // What the user is called, and that no token was signed in with in Tableau's own way.
  expect(await (await project.call("gus", "/sdk/portal")).text()).toContain(easel.sandbox.keys.users[1]?.name);
  now += 11 * 60_000;
  expect((await call()).status).toBe(200);
  expect(granted).toBe(2);
  expect(await sandboxControl(easel.sandbox).calls("POST /auth/signin")).toBeLessThanOrEqual(2);
});

test("is refused in words, and keeps nothing, where its own server refuses", async () => {
  await expect(project.connect("eve", payload("another"))).rejects.toThrow(/422.*tableau_access_token_refused/);
  expect(await (await project.call("eve", "/sdk/credentials")).json()).toEqual([]);
});
