import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atSpokenVersion, ownRouteOf, plainPath } from "./own-routes.ts";

describe("Which route Easel answers itself", () => {
  test.each([
    ["/api/2.4/serverInfo", "serverInfo"],
    ["/api/3.24/serverinfo", "serverInfo"],
    ["/API/exp/SERVERINFO", "serverInfo"],
    ["/api/3.4/auth/signin", "signIn"],
    ["/api/3.4/auth/switchSite", "switchSite"],
    ["/api/3.4/auth/SignOut", "signOut"],
    ["/api/3.4/sessions/current", "currentSession"],
    ["/api/3.4/sessions/abc", "session"],
    ["/api/3.4/auth/serverAdminAccessTokens", null],
    ["/api/3.4/auth", null],
    ["/api/3.4/sessions", null],
    ["/api/3.4/serverinfo/more", null],
    ["/api/3.4/sites/x/auth/signin", null],
    ["/api/-/auth/signin", null],
    ["/auth/signin", null],
    ["/other/3.4/auth/signin", null],
    ["/api/3.4/%61uth/signin", null],
    ["/api/3.4/auth/__proto__", null],
    ["/api/3.4/auth/constructor", null],
    ["/", null],
    ["", null],
  ] as const)("%s is %s", (path, route) => {
    expect(ownRouteOf(path)).toBe(route);
  });
});

describe("A path made plain", () => {
  test.each([
    ["//api/3.4//sites/?a=//b/", "/api/3.4/sites", "?a=//b/"],
    ["/api/3.4/sites/", "/api/3.4/sites", ""],
    ["/", "/", ""],
    ["", "", ""],
    ["?x", "", "?x"],
  ])("%s", (url, path, query) => {
    expect(plainPath(url)).toEqual({ path, query });
  });

  test("is plain for ever, and keeps what is between the slashes", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), fc.nat(3), (url, slashes) => {
        const { pathname, search } = new URL(url);
        const { path, query } = plainPath(pathname.replaceAll("/", "/".repeat(slashes + 1)) + search);
        expect(plainPath(path + query)).toEqual({ path, query });
        expect(query).toBe(search);
        expect(path.split("/").filter(Boolean)).toEqual(pathname.split("/").filter(Boolean));
      }),
    );
  });
});

describe("A call at a version", () => {
  test.each([
    ["/api/3.27/sites/x", "3.19", "/api/3.19/sites/x"],
    ["/api/3.9/sites/x", "3.19", "/api/3.9/sites/x"],
    ["/api/3.19/sites/x", "3.9", "/api/3.9/sites/x"],
    ["/api/4.0/x", "3.29", "/api/3.29/x"],
    ["/api/2.4/x", "3.29", "/api/2.4/x"],
    ["/api/3.27/sites/x", null, "/api/3.27/sites/x"],
    ["/api/-/pulse/definitions", "3.19", "/api/-/pulse/definitions"],
    ["/api/exp/sites/x", "3.19", "/api/exp/sites/x"],
    ["/api/3.27", "3.19", "/api/3.27"],
  ])("%s of a server that speaks %s is made as %s", (path, spoken, made) => {
    expect(atSpokenVersion(path, spoken)).toBe(made);
  });
});
