import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consent } from "./consent.ts";
import { permits } from "./permissions.ts";

describe("permissions", () => {
  test.each([
    [["tableau:content:read"], "tableau:content:read", true],
    [["tableau:content:read"], "tableau:jobs:read", false],
    [["tableau:*:*"], "tableau:jobs:read", true],
    [["tableau:*:*"], "tableau:*:*", true],
    [["tableau:*:read"], "tableau:jobs:read", true],
    [["tableau:*:read"], "tableau:jobs:update", false],
    [["tableau:*:read", "tableau:projects:*"], "tableau:*:*", false],
    [["tableau:projects:*"], "tableau:projects:delete", true],
    [["tableau:projects:*"], "tableau:projects_x:delete", false],
    [["*:*:*"], "tableau:jobs:read", false],
    [["tableau:*"], "tableau:jobs:read", false],
    [[], "tableau:jobs:read", false],
    [["tableau:content:read", "tableau:jobs:read"], "tableau:jobs:read", true],
  ])("%j hold %s: %s", (permissions, scope, held) => {
    expect(permits(permissions, scope)).toBe(held);
  });

  test("hold what they name, and more permissions never hold less", () => {
    const scope = fc
      .tuple(fc.constantFrom("content", "jobs", "projects", "*"), fc.constantFrom("read", "update", "*"))
      .map(([resource, action]) => `tableau:${resource}:${action}`);
    fc.assert(
      fc.property(fc.array(scope), fc.array(scope), scope, (some, more, wanted) => {
        if (some.includes(wanted)) expect(permits(some, wanted)).toBe(true);
        if (permits(some, wanted)) expect(permits([...more, ...some], wanted)).toBe(true);
      }),
    );
  });
});

describe("consent", () => {
  test.each([
    [
      ["tableau:content:read", "tableau:jobs:read"],
      ["read projects, workbooks, views and data sources", "see jobs"],
    ],
    [["tableau:tasks:run", "tableau:flows:run"], ["run extract refreshes and flows"]],
    [["tableau:projects:*"], ["manage projects"]],
    [["tableau:*:read"], ["see everything that you can reach in Tableau"]],
    [["tableau:workbook_tags:update", "tableau:view_tags:update"], ["change tags"]],
    [["tableau:users:read", "tableau:groups:read", "tableau:jobs:read"], ["see users, groups and jobs"]],
    [["tableau:something_new:read"], ["use the permission tableau:something_new:read"]],
    [[], []],
  ])("to %j reads %j", (permissions, phrases) => {
    expect(consent(permissions)).toEqual(phrases);
  });

  test("to everything is short and says that it is everything", () => {
    const phrases = consent(["tableau:content:read", "tableau:*:*"]);
    expect(phrases.length).toBeLessThanOrEqual(6);
    expect(phrases.at(-1)).toBe("everything else that you may do in Tableau");
  });
});
