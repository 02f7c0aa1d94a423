import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cuttable } from "../testing/cut-database.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { newKey } from "../vault/keys.ts";
import { isAllowedOrigin } from "./origins.ts";

let easel: TestEasel;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

const ask = (project: TestProject, origin: string, token?: string): Promise<Response> =>
  project.call("ana", "/sdk/me", { headers: { origin }, ...(token === undefined ? {} : { token }) });

describe("A page", () => {
  test("on this machine may use a project that names no origins, and read every answer", async () => {
    for (const origin of [
      "http://localhost:4620",
      "http://127.0.0.1:8080",
      "https://localhost",
      "http://app.localhost:3000",
      "http://[::1]:99",
    ]) {
      const response = await ask(easel.project, origin);
      expect(response.status).toBe(200);
      expect(response.headers.get("access-control-allow-origin")).toBe(origin);
      expect(response.headers.get("vary")).toMatch(/origin/i);
      for (const name of ["x-request-id", "retry-after", "x-ratelimit-remaining", "content-disposition"]) {
        expect(response.headers.get("access-control-expose-headers")).toContain(name);
      }
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  test.each([
    "https://app.example.com",
    "null",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "http://evil.example#localhost",
    "file://",
    "chrome-extension://localhost",
    "http://2130706433.example",
  ])("at %s may not use a project that names no origins", async (origin) => {
    const response = await ask(easel.project, origin);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "origin_not_allowed", meta: { isIntegrationError: true } });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("may use a project that names its origin, exactly, and none that it does not name", async () => {
    const project = await easel.newProject();
    const allowed = await project.manage("/allowed-origins", {
      method: "PUT",
      json: { origins: ["https://app.example.com"] },
    });
    expect(allowed.status).toBe(200);
    expect((await ask(project, "https://app.example.com")).status).toBe(200);
    const others = [
      "http://app.example.com",
      "https://app.example.com:8443",
      "https://example.com",
      "http://localhost:4620",
      "null",
    ];
    for (const origin of others) expect((await ask(project, origin)).status).toBe(403);
  });

  test("reads why it is refused", async () => {
    const response = await ask(easel.project, "http://localhost:4620", "nonsense");
    expect(response.status).toBe(401);
    expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:4620");
    const proxied = await easel.project.call("nobody", "/sdk/proxy/tableau/projects", {
      headers: { origin: "http://localhost:4620" },
    });
    expect(proxied.status).toBe(409);
    expect(proxied.headers.get("access-control-allow-origin")).toBe("http://localhost:4620");
  });

  test("of Easel's own may always call", async () => {
    const project = await easel.newProject();
    await project.manage("/allowed-origins", { method: "PUT", json: { origins: ["https://app.example.com"] } });
    expect((await ask(project, easel.origin)).status).toBe(200);
  });

  test("of Easel's own may call also where a proxy in front speaks TLS", async () => {
    const published = await startTestEasel({
      environment: { EASEL_PUBLIC_URL: "https://easel.example.com" },
      sandbox: easel.sandbox,
    });
    expect((await ask(published.project, "https://easel.example.com")).status).toBe(200);
    expect((await ask(published.project, "https://easel.example.com.evil.example")).status).toBe(403);
    const metadata = (await (await published.project.call("ana", "/sdk/metadata")).json()) as { icon: string }[];
    expect(metadata[0]?.icon).toBe("https://easel.example.com/integrations/tableau.svg");
    await published.close();
  });

  test("the whole world, short of loopback, is outside while a project names no origins", () => {
    const origins = fc.webUrl({ withFragments: false, withQueryParameters: false }).map((url) => new URL(url).origin);
    fc.assert(fc.property(origins, (origin) => !isAllowedOrigin({ allowedOrigins: [] }, origin)));
  });
});

describe("A preflight", () => {
  const preflight = (origin: string, path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(origin + path, {
      method: "OPTIONS",
      headers: {
        origin: "https://anywhere.example",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization,content-type,x-paragon-sdk-version,x.own+header",
        ...headers,
      },
    });

  test("is answered with what was asked for, and kept for two hours", async () => {
    for (const path of [
      `/projects/${easel.project.id}/sdk/me`,
      "/projects/none/sdk/proxy/tableau/a/b?c=d",
      `/v2/projects/x/sdk/events/trigger`,
    ]) {
      const response = await preflight(easel.origin, path);
      expect(response.status).toBe(204);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "access-control-allow-origin": "https://anywhere.example",
        "access-control-allow-headers": "authorization,content-type,x-paragon-sdk-version,x.own+header",
        "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
        "access-control-max-age": "7200",
      });
    }
  });

  test("never echoes what is not a list of header names", async () => {
    for (const odd of ["a: b", "authorization; x", '"quoted"', "x".repeat(3000)]) {
      const response = await preflight(easel.origin, "/projects/x/sdk/me", { "access-control-request-headers": odd });
      expect(response.headers.get("access-control-allow-headers")).toBe("authorization, content-type");
    }
  });

  test("is answered while the database is away", async () => {
    const database = await cuttable(await createTestDatabase());
    const alone = await startTestEasel({ database: { url: database.url, keys: newKey() }, sandbox: easel.sandbox });
    await database.cut();
    const response = await preflight(alone.origin, `/projects/${alone.project.id}/sdk/me`);
    expect(response.status).toBe(204);
    await database.mend();
    await alone.close();
    await database.close();
  });
});

test("allowed origins are origins: anything else is refused and changes nothing", async () => {
  const project = await easel.newProject();
  const set = (origins: unknown): Promise<Response> =>
    project.manage("/allowed-origins", { method: "PUT", json: { origins } });
  expect((await set(["https://app.example.com", "http://localhost:3000", "https://[::1]:8443"])).status).toBe(200);
  const odd = [
    "*",
    "https://*.example.com",
    "https://app.example.com/",
    "https://app.example.com/path",
    "https://a;sandbox",
    "https://a b",
    "app.example.com",
    "ftp://app.example.com",
    "HTTPS://APP.EXAMPLE.COM",
    "null",
    "",
    7,
  ];
  for (const origin of odd) expect([origin, (await set([origin])).status]).toEqual([origin, 400]);
  const kept = (await (await project.manage("/allowed-origins")).json()) as { origins: string[] };
  expect(kept.origins).toEqual(["https://app.example.com", "http://localhost:3000", "https://[::1]:8443"]);
});
