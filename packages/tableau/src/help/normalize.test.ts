import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchRoute } from "../route-match.ts";
import { normalize } from "./normalize.ts";
import { booleans, containers, numbers, repeated } from "./schema.ts";

function routeOf(path: string, method = "GET") {
  const result = matchRoute(method, path, "https://tableau.example");
  if (result.kind === "refused") throw new Error(result.problem.code);
  return result.route;
}

const projects = routeOf("/projects");
const normal = (body: unknown) => normalize(projects, body);

describe("normalising", () => {
  test("makes arrays of lists, also of what Tableau leaves out", () => {
    expect(
      normal({
        pagination: { pageNumber: "1", pageSize: "100", totalAvailable: "2" },
        projects: { project: [{ id: "a", name: "12", tags: {} }, { id: "b" }] },
      }),
    ).toEqual({
      pagination: { pageNumber: 1, pageSize: 100, totalAvailable: 2 },
      projects: [{ id: "a", name: "12", tags: [] }, { id: "b" }],
    });
    expect(normal({ workbooks: {} })).toEqual({ workbooks: [] });
    expect(normal({ tags: { tag: { label: "one" } } })).toEqual({ tags: [{ label: "one" }] });
    expect(normal({ flowRuns: { flowRuns: [{ progress: "50" }] } })).toEqual({ flowRuns: [{ progress: 50 }] });
    expect(normal({ permissions: { project: { id: "a" } } })).toEqual({
      permissions: { project: { id: "a" }, granteeCapabilities: [] },
    });
    expect(
      normal({ permissions: { granteeCapabilities: { capabilities: { capability: [{ mode: "Allow" }] } } } }),
    ).toEqual({
      permissions: { granteeCapabilities: [{ capabilities: [{ mode: "Allow" }] }] },
    });
  });

  test("types what the schema types, and only that", () => {
    expect(
      normal({
        workbook: { id: "1", name: "true", contentUrl: "42", size: "7", showTabs: "false", description: "12" },
        serverInfo: { productVersion: { value: "2025", build: "20253" }, restApiVersion: "3.27" },
        error: { code: "404002" },
      }),
    ).toEqual({
      workbook: { id: "1", name: "true", contentUrl: "42", size: 7, showTabs: false, description: "12" },
      serverInfo: { productVersion: { value: "2025", build: "20253" }, restApiVersion: "3.27" },
      error: { code: "404002" },
    });
  });

  test("leaves as text what a number would not be written as again", () => {
    for (const size of ["007", "9007199254740993", "1e3", "", " 1", "NaN", "0x10", "-0"]) {
      expect(normal({ workbook: { size } })).toEqual({ workbook: { size } });
    }
    expect(normal({ recommendation: { score: "0.5" } })).toEqual({ recommendation: { score: 0.5 } });
    expect(normal({ workbook: { encryptExtracts: "enforced" } })).toEqual({
      workbook: { encryptExtracts: "enforced" },
    });
  });

  test("keeps a container that holds more than its list", () => {
    expect(normal({ salesforceApps: {}, datasources: { includeAll: "true", datasource: { size: "1" } } })).toEqual({
      salesforceApps: {},
      datasources: { includeAll: true, datasource: [{ size: 1 }] },
    });
  });

  test("leaves alone what is nested deeper than any answer of Tableau's", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    expect(normal(deep)).toBe(deep);
  });

  test("touches no answer of an API that types its own JSON", () => {
    const body = { data: [{ size: "12", tags: {} }] };
    expect(normalize(routeOf("/api/v1/vizql-data-service/query-datasource", "POST"), body)).toBe(body);
    expect(normalize(routeOf("/api/-/pulse/definitions"), body)).toBe(body);
  });

  const key = fc.oneof(
    fc.constantFrom(...containers.keys(), ...containers.values(), ...repeated.keys(), ...numbers, ...booleans),
    fc.constantFrom("granteeCapabilities", "secret", "__proto__", "name"),
    fc.string(),
  );
  const leaf = fc.oneof(
    fc.constantFrom("true", "false", "12", "-1", "007", ""),
    fc.string(),
    fc.integer().map(String),
    fc.boolean(),
    fc.integer(),
    fc.constant(null),
  );
  const body = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("object")),
    object: fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  })).value;

  test("a second time changes nothing", () => {
    fc.assert(
      fc.property(body, (value) => {
        expect(normal(normal(value))).toEqual(normal(value));
      }),
      { numRuns: 2000 },
    );
  });

  test("loses no text, no number, no boolean", () => {
    fc.assert(
      fc.property(body, (value) => {
        expect(leavesOf(normal(value))).toEqual(leavesOf(value));
      }),
      { numRuns: 2000 },
    );
  });
});

/** What is written in a body, in order, whatever type it has. */
function leavesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leavesOf);
  return [String(value)];
}
