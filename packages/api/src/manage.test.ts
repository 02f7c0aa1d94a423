import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { integrationSettingsSchema, originsSchema, projectChangesSchema, projectParams } from "./manage.ts";

describe("Allowed origins", () => {
  const accepts = (origin: string): boolean => originsSchema.safeParse({ origins: [origin] }).success;

  test("are what browsers send as Origin", () => {
    const names = fc.domain().map((name) => name.toLowerCase());
    const ports = fc.option(fc.integer({ min: 1024, max: 65_535 }), { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom("http", "https"), names, ports, (scheme, name, port) =>
        accepts(`${scheme}://${name}${port === undefined ? "" : `:${port}`}`),
      ),
    );
  });

  test("hold nothing that a CSP would read as more than one source", () => {
    const odd = fc.string({ unit: "binary", maxLength: 40 }).map((text) => `https://${text}`);
    fc.assert(fc.property(odd, (origin) => !accepts(origin) || /^https:\/\/[\w.:[\]-]+$/.test(origin)));
    for (const origin of ["https://a;sandbox", "https://*", "https://a,b", "https://a'b", "https://a b", "https://a/"])
      expect([origin, accepts(origin)]).toEqual([origin, false]);
  });
});

test("permissions are scopes of three parts, of which two may be stars", () => {
  const accepts = (scope: string): boolean => integrationSettingsSchema.safeParse({ permissions: [scope] }).success;
  const good = [
    "tableau:content:read",
    "tableau:viz_data_service:read",
    "tableau:*:read",
    "tableau:jobs:*",
    "tableau:*:*",
  ];
  const bad = [
    "tableau",
    "tableau:content",
    "tableau:content:read:more",
    "*:*:*",
    "tableau:con*:read",
    "slack:a:b",
    " tableau:a:b",
    "",
  ];
  expect(good.filter((scope) => !accepts(scope))).toEqual([]);
  expect(bad.filter(accepts)).toEqual([]);
});

test("a logo is loaded over TLS, and a colour is six digits", () => {
  const accepts = (change: Record<string, unknown>): boolean => projectChangesSchema.safeParse(change).success;
  expect(["https://a.example/x.svg", null].map((logoUrl) => accepts({ logoUrl }))).toEqual([true, true]);
  expect(
    ["http://a.example/x.svg", "javascript:alert(1)", "data:image/svg+xml,x", "x"].map((logoUrl) =>
      accepts({ logoUrl }),
    ),
  ).toEqual([false, false, false, false]);
  expect(["#1f4fd8", "#ABCDEF", "#12345", "red", "#1f4fd8;"].map((accentColor) => accepts({ accentColor }))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("a project id is spelled one way", () => {
  const id = "A8098C1A-F86E-41DA-BD1A-00112444BE1E";
  expect(projectParams.parse({ projectId: id })).toEqual({ projectId: id.toLowerCase() });
});
