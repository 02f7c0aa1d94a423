import { generateKeyPairSync } from "node:crypto";
import type { OutboundAnswer, OutboundRequest, Send, SignInRequest } from "@easel/connector";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { createTableauConnector } from "./tableau.ts";

const now = Date.parse("2026-11-25T12:00:00Z");
const tableau = createTableauConnector({ clock: () => now });
const serverUrl = "https://10ax.online.tableau.com";
const siteId = "9f0c8a4e-5b1d-4c7a-8e2f-0a1b2c3d4e5f";
const userId = "11111111-2222-4333-8444-555555555555";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

const issuer: SignInRequest = {
  serverUrl,
  apiVersion: "3.27",
  site: "acme",
  method: "connectedApp",
  trustKind: "issuer",
  fields: { issuer: "https://easel.example/issuers/1", keyId: "k1", privateKey: pem, username: "ana@acme.example" },
  scopes: ["tableau:jobs:read", "tableau:content:read"],
};
const uat: SignInRequest = {
  ...issuer,
  trustKind: "uat",
  fields: { ...issuer.fields, tenantId: "t1", usernameClaim: "email" },
};

const answered = (status: number, body: unknown): OutboundAnswer => ({
  kind: "answered",
  status,
  headers: {},
  body: JSON.stringify(body),
});
const granted = answered(200, { credentials: { token: "a|b", site: { id: siteId }, user: { id: userId } } });
const refusal = (detail: string) => answered(401, { error: { code: "401001", summary: "Signin Error", detail } });

function scripted(...answers: OutboundAnswer[]): { send: Send; asked: OutboundRequest[] } {
  const asked: OutboundRequest[] = [];
  return {
    asked,
    send: async (request) => {
      asked.push(request);
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`No answer is scripted for ${request.url}`);
      return answer;
    },
  };
}

async function sentJwt(request: SignInRequest) {
  const { send, asked } = scripted(granted);
  expect((await tableau.signIn(request, send)).kind).toBe("signedIn");
  const { credentials } = JSON.parse(asked[0]?.body ?? "") as { credentials: { jwt: string; isUat?: boolean } };
  const verified = await jwtVerify(credentials.jwt, publicKey, { currentDate: new Date(now) });
  return { header: decodeProtectedHeader(credentials.jwt), claims: verified.payload, credentials };
}

describe("a JWT of Easel's own", () => {
  test("as an external authorization server says who, for Tableau, for five minutes, with the scopes", async () => {
    const { header, claims, credentials } = await sentJwt(issuer);
    expect(header).toEqual({ alg: "RS256", typ: "JWT", kid: "k1" });
    expect(claims).toEqual({
      iss: "https://easel.example/issuers/1",
      sub: "ana@acme.example",
      aud: "tableau",
      iat: now / 1000,
      exp: now / 1000 + 300,
      jti: expect.any(String),
      scp: ["tableau:content:read", "tableau:jobs:read"],
    });
    expect(credentials.isUat).toBeUndefined();
    expect((await sentJwt(issuer)).claims.jti).not.toBe(claims.jti);
  });

  test("as a unified access token names the tenant, and the person in the claim that was agreed", async () => {
    const { claims, credentials } = await sentJwt(uat);
    expect(claims).toMatchObject({ email: "ana@acme.example", "https://tableau.com/tenantId": "t1" });
    expect(claims).not.toHaveProperty("sub");
    expect(credentials.isUat).toBe(true);
  });
});

test.each([
  ["an issuer that is not registered", issuer, "(10082)", "tableau_issuer_refused", "app"],
  ["an issuer that Tableau cannot read", issuer, "(10081)", "tableau_issuer_refused", "app"],
  ["an issuer that is off", issuer, "(10090)", "tableau_issuer_refused", "app"],
  ["a clock or an audience", issuer, "(10084)", "tableau_trust_refused", "person"],
  ["a unified access token that does not fit", uat, "(101002)", "tableau_uat_refused", "app"],
  ["a user whom the site does not know", uat, "(5)", "tableau_user_unknown", "person"],
] as const)("a refusal of %s concerns whom it should", async (_what, request, detail, code, concerns) => {
  const result = await tableau.signIn(request, scripted(refusal(detail)).send);
  expect(result).toMatchObject({ kind: "refused", concerns, problem: { code } });
});

test("kinds of trust never share a session, and a trust signs for no address that it is sent on to", async () => {
  const identities = [issuer, uat, { ...issuer, trustKind: "connectedApp" as const }].map((request) =>
    JSON.stringify(tableau.identity({ ...request, fields: { username: "ana" } })),
  );
  expect(new Set(identities).size).toBe(3);
  const moved: OutboundAnswer = {
    kind: "answered",
    status: 301,
    headers: { location: "https://10ay.online.tableau.com/api/3.27/auth/signin" },
    body: "",
  };
  for (const request of [issuer, uat]) {
    const { send, asked } = scripted(moved);
    expect(await tableau.signIn(request, send)).toMatchObject({ problem: { code: "tableau_trust_moved" } });
    expect(asked).toHaveLength(1);
  }
});

describe("a connected app that is made", () => {
  const session = { serverUrl, apiVersion: "3.27", siteId, userId, token: "a|b", lifetimeMs: 1 };
  const app = (enabled: boolean) => answered(201, { connectedApplication: { clientId: "c/1", enabled } });
  const secret = answered(201, { connectedApplicationSecret: { id: "i", value: "v" } });
  const paths = (asked: readonly OutboundRequest[]) =>
    asked.map(({ method, url }) => `${method} ${url.split(siteId)[1] ?? ""}`);

  test("is switched on where it came switched off", async () => {
    const { send, asked } = scripted(app(false), answered(200, {}), secret);
    expect(await tableau.trustSetup.createApp(session, "Easel", send)).toEqual({
      kind: "made",
      made: { clientId: "c/1", secretId: "i", secretValue: "v" },
    });
    expect(paths(asked)).toEqual([
      "POST /connected-apps/direct-trust",
      "PUT /connected-apps/direct-trust/c%2F1",
      "POST /connected-apps/direct-trust/c%2F1/secrets",
    ]);
  });

  test("is gone again where its secret is refused", async () => {
    const denied = answered(403, { error: { code: "403004", summary: "Forbidden", detail: "Not you." } });
    const { send, asked } = scripted(app(true), denied, answered(204, {}));
    expect(await tableau.trustSetup.createApp(session, "Easel", send)).toMatchObject({
      kind: "refused",
      problem: { code: "tableau_setup_denied", params: { summary: "Forbidden Not you" } },
    });
    expect(paths(asked).at(-1)).toBe("DELETE /connected-apps/direct-trust/c%2F1");
  });

  test("is refused in words where the answer is not Tableau's", async () => {
    const { send } = scripted(answered(201, { hello: "there" }));
    expect(await tableau.trustSetup.createApp(session, "Easel", send)).toMatchObject({
      problem: { code: "tableau_setup_refused" },
    });
  });

  test("an issuer that the site knows already is not ours to remove", async () => {
    const known = answered(409, { error: { code: "409000", summary: "Conflict", detail: "" } });
    const issuerOf = { name: "Easel", url: "https://easel.example/issuers/1" };
    expect(await tableau.trustSetup.registerIssuer(session, issuerOf, scripted(known).send)).toEqual({
      kind: "made",
      made: { id: null },
    });
  });
});
