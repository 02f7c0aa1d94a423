import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from "node:crypto";
import fc from "fast-check";
import { importPKCS8, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestEasel, type TestProject } from "../testing/test-easel.ts";

let easel: Awaited<ReturnType<typeof startTestEasel>>;
let project: TestProject;
beforeAll(async () => {
  easel = await startTestEasel();
  ({ project } = easel);
});
afterAll(() => easel.close());

const now = (): number => Math.floor(Date.now() / 1000);

interface ErrorAnswer {
  code: string;
  message: string;
  action: string;
  status: number;
  requestId: string;
  meta: Record<string, unknown>;
}

async function ask(token: string, to: TestProject = project): Promise<{ status: number; body: ErrorAnswer }> {
  const response = await to.call("", "/sdk/me", { token });
  return { status: response.status, body: (await response.json()) as ErrorAnswer };
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("A token that is not good is refused with its own code", () => {
  const { privateKey: foreignKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const claims = (): Record<string, unknown> => ({ sub: "ana", iat: now(), exp: now() + 600 });
  const refused: Array<[what: string, code: string, token: () => Promise<string> | string]> = [
    ["that is not a JWT", "user_token_malformed", () => "nonsense"],
    ["of three parts that are not JSON", "user_token_malformed", () => "a.b.c"],
    ["whose payload is a list", "user_token_malformed", () => `${base64url({ alg: "RS256" })}.${base64url([])}.AAAA`],
    ["of 20,000 characters", "user_token_malformed", () => project.token("ana", { more: "x".repeat(15_000) })],
    ["of a key that is not the project's", "user_token_signature", () => sign(foreignKey, claims())],
    ["of another project", "user_token_signature", async () => (await easel.newProject()).token("ana")],
    ["that is not signed", "user_token_claims", () => `${base64url({ alg: "none" })}.${base64url(claims())}.`],
    ["with HS256 and the public key as its secret", "user_token_claims", () => hs256WithPublicKey(claims())],
    ["that says ES256 over an RSA signature", "user_token_signature", () => relabelled("ES256")],
    [
      "with PS256",
      "user_token_claims",
      () => project.token("ana", {}, { alg: "PS256" }).catch(() => relabelled("PS256")),
    ],
    ["that expired", "user_token_expired", () => project.token("ana", { iat: now() - 7200, exp: now() - 1 })],
    ["that expired before time began", "user_token_expired", () => project.token("ana", { exp: -1e300 })],
    ["without exp", "user_token_claims", () => project.token("ana", { exp: undefined })],
    ["without iat", "user_token_claims", () => project.token("ana", { iat: undefined })],
    ["without sub", "user_token_claims", () => project.token("ana", { sub: undefined })],
    ["with an empty sub", "user_token_claims", () => project.token("")],
    ["with a control character in sub", "user_token_claims", () => project.token("a\u0000b")],
    ["with half a character in sub", "user_token_claims", () => project.token("a\ud800")],
    ["with a sub of 513 characters", "user_token_claims", () => project.token("x".repeat(513))],
    ["that lives longer than a day", "user_token_claims", () => project.token("ana", { exp: now() + 86_402 })],
    ["whose iat is in the future", "user_token_claims", () => project.token("ana", { iat: now() + 120 })],
    ["whose nbf is in the future", "user_token_claims", () => project.token("ana", { nbf: now() + 120 })],
    ["for another audience", "user_token_claims", () => project.token("ana", { aud: "useparagon.com/another" })],
    ["for no audience of a list", "user_token_claims", () => project.token("ana", { aud: [] })],
    ["with an audience of null", "user_token_claims", () => project.token("ana", { aud: null as unknown as string })],
    ["with a restriction that nobody knows", "user_token_permissions", () => restricted({ "integration:slack": true })],
    [
      "with a restriction beside the known one",
      "user_token_permissions",
      () => restricted({ "integration:*": true, x: 1 }),
    ],
    ["with a restriction of nothing", "user_token_permissions", () => restricted({})],
    ["with a restriction that is no object", "user_token_permissions", () => restricted("integration:*")],
  ];

  test.each(refused)("%s: %s", async (_what, code, token) => {
    const { status, body } = await ask(await token());
    expect(body).toMatchObject({ code, status, requestId: expect.any(String), action: expect.stringMatching(/\.$/) });
    expect(status).toBe(code === "user_token_permissions" ? 403 : 401);
    // Without this mark the Paragon SDK logs its user out: right for a bad token, and for nothing else.
    expect(body.meta).not.toHaveProperty("isIntegrationError");
  });

  test.each([
    ["nbf", "soon"],
    ["nbf", null],
    ["iat", "1700000000"],
    ["exp", "1700000000"],
  ])("a time claim that is no number is refused, not ignored: %s", async (claim, value) => {
    const token = await sign(privateKeyOf(project), { ...claims(), [claim]: value });
    expect(await ask(token)).toMatchObject({ status: 401, body: { code: "user_token_claims" } });
  });

  test("no token at all, or another scheme than Bearer", async () => {
    for (const authorization of ["", "Basic YTpi", "Bearer", "Bearer "]) {
      const response = await fetch(`${easel.origin}/projects/${project.id}/sdk/me`, { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: "user_token_missing", meta: {} });
    }
  });

  test("whatever text stands in place of a token, the answer is a coded 401", async () => {
    const part = fc.oneof(
      fc.base64String().map((text) => text.replace(/[+/=]/g, "")),
      fc.json().map((text) => Buffer.from(text).toString("base64url")),
      fc.constant(base64url({ alg: "RS256", kid: project.signingKey.id })),
    );
    const texts = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(".") || "x");
    await fc.assert(
      fc.asyncProperty(texts, async (token) => {
        const { status, body } = await ask(token);
        expect(status).toBe(401);
        expect(body.code).toMatch(/^user_token_/);
      }),
      { numRuns: 60 },
    );
  });

  async function restricted(restriction: unknown): Promise<string> {
    return project.token("ana", { "urn:useparagon:connect:permissions": restriction });
  }

  async function relabelled(alg: string): Promise<string> {
    const [header = "", payload, signature] = (await project.token("ana")).split(".");
    const named = JSON.parse(Buffer.from(header, "base64url").toString()) as object;
    return [base64url({ ...named, alg }), payload, signature].join(".");
  }

  function hs256WithPublicKey(payload: Record<string, unknown>): string {
    const pem = createPublicKey(privateKeyOf(project)).export({ type: "spki", format: "pem" });
    const signed = `${base64url({ alg: "HS256" })}.${base64url(payload)}`;
    return `${signed}.${createHmac("sha256", pem).update(signed).digest("base64url")}`;
  }
});

describe("A token that is good is let in", () => {
  test.each([
    ["with its project as audience", { aud: "AUDIENCE" }],
    ["with its project among several audiences", { aud: ["https://acme.example", "AUDIENCE"] }],
    [
      "with the restriction that allows everything",
      { "urn:useparagon:connect:permissions": { "integration:*": true } },
    ],
    ["that lives a day", { exp: now() + 86_390, iat: now() }],
    ["whose server's clock is half a minute ahead", { iat: now() + 30, nbf: now() + 30 }],
    ["whose sub is in any script", { sub: "Анна 🦊" }],
  ])("%s", async (_what, claims) => {
    const text = JSON.stringify(claims).replaceAll("AUDIENCE", `useparagon.com/${project.id}`);
    const response = await project.call("ana", "/sdk/me", { claims: JSON.parse(text) as Record<string, unknown> });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      authenticated: true,
      userId: (claims as { sub?: string }).sub ?? "ana",
    });
  });

  test("without kid, and with a kid that no key has", async () => {
    expect((await ask(await project.token("ana", {}, { kid: undefined }))).status).toBe(200);
    expect((await ask(await project.token("ana", {}, { kid: randomUUID() }))).status).toBe(200);
  });

  test("signed with ES256 by a key pair of the SaaS's own", async () => {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const publicKey = pair.publicKey.export({ type: "spki", format: "pem" });
    const added = await project.manage("/signing-keys", { method: "POST", json: { publicKey } });
    expect(added.status).toBe(201);
    const payload = { sub: "eva", iat: now(), exp: now() + 60 };
    const token = await new SignJWT(payload).setProtectedHeader({ alg: "ES256" }).sign(pair.privateKey);
    expect((await ask(token)).status).toBe(200);
  });

  test("only until it expires, also when it was verified before", async () => {
    let time = Date.now();
    const moving = await startTestEasel({ clock: () => time, sandbox: easel.sandbox });
    const token = await moving.project.token("ana", { exp: Math.floor(time / 1000) + 60 });
    expect((await ask(token, moving.project)).status).toBe(200);
    time += 61_000;
    expect(await ask(token, moving.project)).toMatchObject({ status: 401, body: { code: "user_token_expired" } });
    await moving.close();
  });

  test("a project that requires an audience refuses a token without one", async () => {
    const strict = await easel.newProject();
    expect((await strict.call("ana", "/sdk/me")).status).toBe(200);
    await strict.manage("", { method: "PATCH", json: { requireAudience: true } });
    const { body } = await ask(await strict.token("ana"), strict);
    expect(body).toMatchObject({
      code: "user_token_claims",
      message: expect.stringContaining(`useparagon.com/${strict.id}`),
    });
    expect((await ask(await strict.token("ana", { aud: `useparagon.com/${strict.id}` }), strict)).status).toBe(200);
  });
});

describe("Signing keys", () => {
  test("rotate: two keys are good together, and the old one's tokens are refused once it is disabled", async () => {
    const rotating = await easel.newProject();
    const old = await rotating.token("ana");
    const { id, privateKey } = await easel.easel.signingKeys.create(rotating.id);
    const fresh = await new SignJWT({ sub: "ana", iat: now(), exp: now() + 60 })
      .setProtectedHeader({ alg: "RS256", kid: id })
      .sign(await importPKCS8(privateKey, "RS256"));
    expect((await ask(old, rotating)).status).toBe(200);
    expect((await ask(fresh, rotating)).status).toBe(200);

    const gone = await rotating.manage(`/signing-keys/${rotating.signingKey.id}`, { method: "DELETE" });
    expect(gone.status).toBe(204);
    expect(await ask(old, rotating)).toMatchObject({ status: 401, body: { code: "user_token_signature" } });
    expect((await ask(fresh, rotating)).status).toBe(200);
    const listed = (await (await rotating.manage("/signing-keys")).json()) as {
      signingKeys: { disabledAt: string | null }[];
    };
    expect(listed.signingKeys.map((key) => key.disabledAt === null)).toEqual([false, true]);
  });

  test("a key that is disabled on one server is refused by another within a second", async () => {
    const second = await startTestEasel({ database: easel.database, sandbox: easel.sandbox });
    const shared = await easel.newProject();
    const token = await shared.token("ana");
    const there = (): Promise<Response> =>
      fetch(`${second.origin}/projects/${shared.id}/sdk/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await there()).status).toBe(200);
    await shared.manage(`/signing-keys/${shared.signingKey.id}`, { method: "DELETE" });
    await vi.waitFor(async () => expect((await there()).status).toBe(401), { timeout: 1000, interval: 20 });
    await second.close();
  });

  test("one public key belongs to one project only", async () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const publicKey = pair.publicKey.export({ type: "spki", format: "pem" });
    const other = await easel.newProject();
    expect((await project.manage("/signing-keys", { method: "POST", json: { publicKey } })).status).toBe(201);
    for (const again of [project, other]) {
      const taken = await again.manage("/signing-keys", { method: "POST", json: { publicKey } });
      expect(taken.status).toBe(409);
      expect(await taken.json()).toMatchObject({ code: "public_key_taken" });
    }
  });

  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "pem" });
  const wrongCurve = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({
    type: "spki",
    format: "pem",
  });
  const { privateKey: secret } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  test.each([
    ["a private key", secret.export({ type: "pkcs8", format: "pem" })],
    ["an RSA key of 1024 bits", weak],
    ["a key on another curve", wrongCurve],
    ["no key at all", "hello"],
    ["nothing", ""],
  ])("%s in place of a public key is refused, and not repeated", async (_what, publicKey) => {
    const response = await project.manage("/signing-keys", { method: "POST", json: { publicKey } });
    expect(response.status).toBe(400);
    const body = JSON.stringify(await response.json());
    expect(body).toContain("request_malformed");
    expect(body).not.toContain("MII");
  });

  test("a key that Easel makes is shown once: no list holds its private half", async () => {
    const made = (await (await project.manage("/signing-keys", { method: "POST" })).json()) as {
      id: string;
      privateKey: string;
    };
    expect(made.privateKey).toContain("BEGIN PRIVATE KEY");
    const listed = await (await project.manage("/signing-keys")).text();
    expect(listed).toContain(made.id);
    expect(listed).not.toContain("PRIVATE");
  });
});

describe("The last rejected token", () => {
  const lastRejected = async (of: TestProject): Promise<Record<string, unknown> | null> =>
    ((await (await of.manage("/last-rejected-token")).json()) as { rejectedToken: Record<string, unknown> | null })
      .rejectedToken;

  test("is read back decoded, with the reason and without its signature", async () => {
    const watched = await easel.newProject();
    expect(await lastRejected(watched)).toBeNull();
    const token = await watched.token("ana", { aud: "wrong", department: "Sales" });
    const { body } = await ask(token, watched);
    const kept = await lastRejected(watched);
    expect(kept).toMatchObject({
      code: "user_token_claims",
      reason: body.message,
      header: { alg: "RS256", kid: watched.signingKey.id },
      claims: { sub: "ana", aud: "wrong", department: "Sales" },
    });
    expect(JSON.stringify(kept)).not.toContain(token.split(".")[2]);
  });

  test("is the newest, however quickly they follow each other", async () => {
    const watched = await easel.newProject();
    for (const sub of ["first", "second", "third"]) await ask(await watched.token(sub, { aud: "wrong" }), watched);
    expect(await lastRejected(watched)).toMatchObject({ claims: { sub: "third" } });
    await ask("nonsense", watched);
    expect(await lastRejected(watched)).toMatchObject({ code: "user_token_malformed", header: null, claims: null });
  });

  test("is kept too where its claims hold what PostgreSQL cannot store as it is", async () => {
    const watched = await easel.newProject();
    await ask(await watched.token("ana", { aud: "wrong", odd: "nul \u0000 and half \ud800", "k\u0000": 1 }), watched);
    expect(await lastRejected(watched)).toMatchObject({ code: "user_token_claims", claims: { sub: "ana" } });
  });
});

describe("A token in the address", () => {
  test("is taken on the popup's two routes", async () => {
    const token = await project.token("ana");
    const origin = "http://localhost:4620";
    const nonce = await fetch(
      `${easel.origin}/projects/${project.id}/sdk/actions/oauth-nonce?originForPostMessage=${origin}&userToken=${token}`,
    );
    expect(nonce.status).toBe(200);
    const build = await fetch(
      `${easel.origin}/v2/projects/${project.id}/sdk/actions/build-oauth?integrationId=${project.integrationId}&oauthMetaKeyId=k&userToken=${token}`,
    );
    expect(build.status).toBe(200);
  });

  test.each([
    "/sdk/me",
    "/sdk/integrations",
    "/sdk/credentials",
    "/sdk/portal",
    "/sdk/actions/session-id/k",
    "/sdk/proxy/tableau/projects",
  ])("is nothing on %s", async (path) => {
    const token = await project.token("ana");
    const response = await fetch(`${easel.origin}/projects/${project.id}${path}?userToken=${token}`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "user_token_missing" });
  });
});

function privateKeyOf(of: TestProject): KeyObject {
  return createPrivateKey(of.signingKey.privateKey);
}

function sign(key: Parameters<SignJWT["sign"]>[0], payload: Record<string, unknown>): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: "RS256" }).sign(key);
}
