import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

let easel: TestEasel;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null;
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: Json }[];
  readonly requestBody?: { content: Record<string, { schema?: Json }> };
  readonly responses: Record<string, { description?: string; content?: Record<string, { schema?: Json }> }>;
}
interface Description {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly paths: Record<string, Record<string, Operation>>;
}

async function description(): Promise<Description> {
  const response = await fetch(`${easel.origin}/manage/v1/openapi.json`);
  expect(response.status).toBe(200);
  return (await response.json()) as Description;
}

describe("openapi.json", () => {
  test("describes every route of the management API, and only those", async () => {
    const { openapi, info, paths } = await description();
    expect(openapi).toMatch(/^3\.1\.\d$/);
    expect(info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    const described = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const declared = easel.easel.app.declaredRoutes
      .filter(({ access }) => access.startsWith("apiKey:"))
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect(described.sort()).toEqual(declared.sort());
  });

  test("says of each what it is for, what is in its path, what it takes and what it answers", async () => {
    const { paths } = await description();
    for (const [path, item] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const label = `${method} ${path}`;
        expect([label, operation.summary]).toEqual([label, expect.stringMatching(/\S{3}/)]);
        expect(operation.tags).toHaveLength(1);
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
        expect([label, declared.map(({ name }) => name)]).toEqual([label, inPath]);
        expect(declared.every(({ required }) => required === true)).toBe(true);
        if (/^(put|patch)$/.test(method))
          expect(operation.requestBody?.content["application/json"]?.schema).toBeDefined();
        expect(Object.keys(operation.responses).some((status) => /^2\d\d$/.test(status))).toBe(true);
        for (const response of Object.values(operation.responses))
          expect(response.description).toEqual(expect.any(String));
        expect(operation.responses.default?.content?.["application/json"]?.schema).toMatchObject({
          properties: { code: {}, message: {}, action: {} },
        });
      }
    }
  });

  test("holds schemas of JSON Schema 2020-12, whose references lead somewhere", async () => {
    const whole = (await description()) as unknown as Json;
    const types = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
    const visit = (node: Json, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        const here = `${path}/${key}`;
        if (key === "nullable") throw new Error(`${here} is OpenAPI 3.0`);
        if (key === "$ref") expect([here, resolve(whole, String(value))]).not.toEqual([here, undefined]);
        if (key === "type" && path.includes("schema") && !path.endsWith("/properties"))
          expect([here, [value].flat().every((type) => types.has(String(type)))]).toEqual([here, true]);
        if (key === "pattern" && typeof value === "string") expect(() => new RegExp(value, "u")).not.toThrow();
        visit(value, here);
      }
    };
    visit(whole, "");
  });

  function resolve(whole: Json, reference: string): unknown {
    return reference
      .replace(/^#\//, "")
      .split("/")
      .reduce<unknown>(
        (node, key) => (typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined),
        whole,
      );
  }
});

describe("A project's settings", () => {
  test("are read and changed, each alone, and nothing else changes", async () => {
    const { project } = easel;
    const before = (await (await project.manage("")).json()) as Record<string, unknown>;
    expect(before).toMatchObject({
      name: "Acme",
      allowedOrigins: [],
      requireAudience: false,
      accentColor: null,
      logoUrl: null,
    });
    let expected = before;
    for (const change of [
      { name: "Acme Analytics" },
      { accentColor: "#1f4fd8" },
      { logoUrl: "https://acme.example/logo.svg" },
      { allowedOrigins: ["http://localhost:4620"] },
      { requireAudience: false },
      { accentColor: null, logoUrl: null, allowedOrigins: [] },
      {},
    ]) {
      const response = await project.manage("", { method: "PATCH", json: change });
      expected = { ...expected, ...change };
      expect([change, response.status]).toEqual([change, 200]);
      expect(await response.json()).toEqual(expected);
      expect(await (await project.manage("")).json()).toEqual(expected);
    }
  });

  test("are the same under the project's id in capitals, and heard of at once", async () => {
    const project = await easel.newProject();
    expect((await project.call("ana", "/sdk/portal")).status).toBe(200);
    const { key } = await easel.easel.apiKeys.create(project.id, "test", "admin");
    const response = await fetch(`${easel.origin}/manage/v1/projects/${project.id.toUpperCase()}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ name: "Renamed" }),
    });
    expect(response.status).toBe(200);
    expect(await (await project.call("ana", "/sdk/portal")).json()).toMatchObject({ project: { name: "Renamed" } });
  });

  test.each([
    ["an unknown field", { colour: "#ffffff" }],
    ["a name of nothing but spaces", { name: "   " }],
    ["a name of 101 characters", { name: "x".repeat(101) }],
    ["a colour that is none", { accentColor: "red; background: url(//evil)" }],
    ["a logo without TLS", { logoUrl: "http://acme.example/logo.svg" }],
    ["a logo that is code", { logoUrl: "javascript:alert(1)" }],
    ["a switch that is a word", { requireAudience: "yes" }],
    ["101 origins", { allowedOrigins: Array.from({ length: 101 }, (_, index) => `https://a${index}.example`) }],
  ])("refuse %s", async (_what, change) => {
    const response = await easel.project.manage("", { method: "PATCH", json: change });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "request_malformed",
      message: expect.stringContaining(Object.keys(change)[0] ?? ""),
    });
  });

  test.each([
    ["PUT", "/allowed-origins", { origins: [], more: 1 }],
    ["POST", "/api-keys", { name: "x", role: "admin", expires: "never" }],
    ["POST", "/signing-keys", { public_key: "x" }],
    ["PATCH", "/integrations/tableau", { client_id: "x" }],
  ])("a field that nobody knows is refused: %s %s", async (method, path, json) => {
    const response = await easel.project.manage(path, { method, json });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "request_malformed" });
  });

  test.each([
    "limit=0",
    "limit=501",
    "limit=x",
    "status=99999",
    "status=-1",
    "to=yesterday",
    "userId=1",
    "cursor=x",
    "slowerThan=x",
  ])("usage refuses ?%s", async (query) => {
    expect((await easel.project.manage(`/usage?${query}`)).status).toBe(400);
  });

  test("usage takes dates as far back as they go", async () => {
    const response = await easel.project.manage("/usage?to=0000-01-01T00:00:00Z");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ calls: [], next: null });
  });
});
