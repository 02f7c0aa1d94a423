import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildApp } from "./app.ts";
import { meSchema, problemBodySchema, sandboxCredentialsSchema, userTokenSchema } from "./contract.ts";
import { makeTestDemo, type TestDemo } from "./demo-file.fixture.ts";
import { openDemoFile } from "./demo-file.ts";

let files: TestDemo;
let pagesDir: string;
let app: FastifyInstance;
let origin: string;
let now: number;

beforeEach(async () => {
  now = Date.now();
  files = await makeTestDemo();
  await files.write();
  pagesDir = await mkdtemp(join(tmpdir(), "easel-demo-pages-"));
  await mkdir(join(pagesDir, "assets"));
  await writeFile(join(pagesDir, "index.html"), "<!doctype html><title>Acme</title>");
  await writeFile(join(pagesDir, "assets", "app-1a2b.js"), "export {};");
  app = await buildApp({ demoFile: openDemoFile(files.path), pagesDir, clock: () => now, logger: false });
  origin = (await app.listen({ port: 0, host: "127.0.0.1" })).replace("127.0.0.1", "localhost");
});

afterEach(async () => {
  await app.close();
  await files.remove();
  await rm(pagesDir, { recursive: true, force: true });
});

/** A call as Acme's own page makes it. */
function call(path: string, init: { method?: string; body?: unknown; cookie?: string; headers?: object } = {}) {
  return fetch(`${origin}${path}`, {
    method: init.method ?? "GET",
    headers: {
      origin,
      ...(init.body === undefined ? {} : { "content-type": "application/json" }),
      ...(init.cookie === undefined ? {} : { cookie: init.cookie }),
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
}

async function signIn(person = "ana@acme.example"): Promise<string> {
  const answer = await call("/api/session", { method: "POST", body: { person } });
  expect(answer.status).toBe(200);
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

async function problemOf(answer: Response) {
  const body = problemBodySchema.parse(await answer.json());
  expect(body.status).toBe(answer.status);
  expect(body.requestId).toBe(answer.headers.get("x-request-id"));
  return body;
}

describe("signing in to Acme", () => {
  test("the people are the sandbox's, with their role in words and no secret", async () => {
    const text = await (await call("/api/people")).text();
    expect(JSON.parse(text).people[0]).toEqual({
      id: "ana@acme.example",
      name: "Ana",
      email: "ana@acme.example",
      role: "Site administrator, Creator",
    });
    expect(text).not.toMatch(/password|secret/);
  });

  test("a chosen person is signed in by an httpOnly cookie that carries the port in its name", async () => {
    const answer = await call("/api/session", { method: "POST", body: { person: "ben@acme.example" } });
    const cookie = answer.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(new RegExp(`^acme_session_${new URL(origin).port}=.+HttpOnly; SameSite=Lax$`));
    const me = meSchema.parse(await (await call("/api/me", { cookie: cookie.split(";")[0] ?? "" })).json());
    expect(me.person?.name).toBe("Ben");
  });

  test("signing out ends the session in the browser", async () => {
    const answer = await call("/api/session", { method: "DELETE", cookie: await signIn() });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("set-cookie")).toContain("Max-Age=0");
  });

  test("nobody is signed in without a cookie, or with a forged one", async () => {
    const cookie = await signIn();
    expect(await (await call("/api/me")).json()).toEqual({ person: null });
    expect(await (await call("/api/me", { cookie: `${cookie.slice(0, -4)}AAAA` })).json()).toEqual({ person: null });
  });

  test("an unknown person and an unreadable body are refused in words", async () => {
    const unknown = await call("/api/session", { method: "POST", body: { person: "mallory" } });
    expect((await problemOf(unknown)).code).toBe("person_unknown");
    const unreadable = await call("/api/session", { method: "POST", body: { who: "ana" } });
    expect((await problemOf(unreadable)).code).toBe("request_invalid");
  });
});

describe("the user token", () => {
  test("is signed with the project's key and says who the person is", async () => {
    const answer = await call("/api/user-token", { cookie: await signIn() });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { userToken, expiresAt } = userTokenSchema.parse(await answer.json());
    expect(decodeProtectedHeader(userToken)).toMatchObject({ alg: "RS256", kid: "key-1" });
    const { payload } = await jwtVerify(userToken, files.publicKey, {
      algorithms: ["RS256"],
      audience: `useparagon.com/${files.demo.projectId}`,
    });
    const iat = Math.floor(now / 1000);
    expect(payload).toEqual({
      sub: "ana@acme.example",
      name: "Ana",
      email: "ana@acme.example",
      email_verified: true,
      org: "acme",
      "tableau.username": "ana@acme.example",
      aud: `useparagon.com/${files.demo.projectId}`,
      iat,
      exp: iat + 3600,
    });
    expect(expiresAt).toBe((iat + 3600) * 1000);
  });

  test("is not given to someone who is not signed in, nor after the session's end", async () => {
    expect((await problemOf(await call("/api/user-token"))).code).toBe("session_missing");
    const cookie = await signIn();
    now += 9 * 60 * 60 * 1000;
    expect((await problemOf(await call("/api/user-token", { cookie }))).code).toBe("session_expired");
  });
});

describe("what reaches the browser", () => {
  test("the sandbox box holds only the signed-in person's own token", async () => {
    const answer = await call("/api/sandbox-credentials", { cookie: await signIn("cleo@acme.example") });
    expect(sandboxCredentialsSchema.parse(await answer.json())).toEqual({
      address: "http://localhost:4610/#/site/acme/home",
      tokenName: "token of cleo@acme.example",
      tokenSecret: "secret of cleo@acme.example",
    });
    expect((await problemOf(await call("/api/sandbox-credentials"))).code).toBe("session_missing");
  });

  test("no answer holds a password or the signing key", async () => {
    const cookie = await signIn();
    for (const path of ["/api/config", "/api/people", "/api/me", "/api/user-token", "/api/sandbox-credentials"]) {
      const text = await (await call(path, { cookie })).text();
      expect(text).not.toMatch(/password of|PRIVATE KEY/);
    }
  });
});

describe("requests from elsewhere", () => {
  test("a page of another origin can neither sign a person in nor read the user token", async () => {
    const cookie = await signIn();
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "http://localhost:4600" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ]) {
      const signedIn = await call("/api/session", { method: "POST", body: { person: "ana@acme.example" }, headers });
      expect((await problemOf(signedIn)).code).toBe("foreign_origin");
      expect((await problemOf(await call("/api/user-token", { cookie, headers }))).code).toBe("foreign_origin");
    }
  });

  test("a change without an origin is refused", async () => {
    const answer = await fetch(`${origin}/api/session`, { method: "DELETE" });
    expect((await problemOf(answer)).code).toBe("foreign_origin");
  });

  test("another host name is not answered", async () => {
    expect(await statusUnderHost("rebound.example")).toBe(421);
    expect(await statusUnderHost("localhost:4620")).toBe(200);
  });
});

describe("the pages", () => {
  test("each page is the same document, under a policy that lets in Easel and nothing else", async () => {
    for (const path of ["/", "/developer"]) {
      const answer = await call(path);
      expect(await answer.text()).toContain("<title>Acme</title>");
      const policy = answer.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("style-src 'self';");
      expect(policy).toContain("connect-src 'self' http://localhost:4600;");
      expect(policy).toContain("frame-src http://localhost:4600;");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
    }
  });

  test("assets are kept for good, the document is asked for again", async () => {
    expect((await call("/assets/app-1a2b.js")).headers.get("cache-control")).toContain("immutable");
    expect((await call("/")).headers.get("cache-control")).toBe("no-cache");
  });

  test("an address that does not exist says so, in HTML to a person and in JSON to code", async () => {
    expect((await problemOf(await call("/nothing"))).code).toBe("not_found");
    const page = await call("/nothing", { headers: { accept: "text/html" } });
    expect(page.status).toBe(404);
    expect(await page.text()).toContain("There is nothing at this address.");
  });

  test("pages that were not built are named", async () => {
    await rm(join(pagesDir, "index.html"));
    expect((await problemOf(await call("/"))).code).toBe("pages_missing");
  });
});

describe("the demo file", () => {
  test("missing or unusable, each is its own sentence, and the pages still come", async () => {
    await files.remove();
    expect((await problemOf(await call("/api/config"))).code).toBe("demo_file_missing");
    expect((await call("/")).status).toBe(200);
    await mkdir(join(files.path, ".."), { recursive: true });
    await writeFile(files.path, '{"origin":"http://localhost:4600"');
    expect((await problemOf(await call("/api/config"))).code).toBe("demo_file_unusable");
  });

  test("written anew, it is used from the next request on", async () => {
    await files.write({ projectId: "another-project" });
    expect(await (await call("/api/config")).json()).toEqual({
      easelOrigin: "http://localhost:4600",
      projectId: "another-project",
      integrationId: files.demo.integrationId,
    });
  });

  test("with another signing key, the sessions of the project before it are over", async () => {
    const cookie = await signIn();
    const other = await makeTestDemo();
    await files.write({ signingKey: other.demo.signingKey });
    await other.remove();
    expect(await (await call("/api/me", { cookie })).json()).toEqual({ person: null });
  });
});

function statusUnderHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${origin}/`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
  });
}
