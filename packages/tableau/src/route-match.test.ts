import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf } from "./address.ts";
import { matchRoute } from "./route-match.ts";

const serverUrl = "https://10ax.online.tableau.com";
const site = "9f0c8a4e-5b1d-4c7a-8e2f-0a1b2c3d4e5f";
const session = { serverUrl, apiVersion: "3.27", siteId: site, userId: "11111111-2222-4333-8444-555555555555" };

function target(path: string, method = "GET", server = serverUrl): string {
  const result = matchRoute(method, path, server);
  if (result.kind === "refused") throw new Error(`${path} was refused: ${JSON.stringify(result.problem)}`);
  return result.route.target;
}
function template(path: string, method = "GET"): string {
  const result = matchRoute(method, path, serverUrl);
  return result.kind === "route" ? result.route.template : result.problem.code;
}
function sent(path: string, method = "GET"): string {
  const result = matchRoute(method, path, serverUrl);
  if (result.kind === "refused") throw new Error(`${path} was refused`);
  return addressOf(result.route, session);
}

describe("a path", () => {
  test.each([
    ["/projects", `/api/3.27/sites/${site}/projects`],
    ["projects", `/api/3.27/sites/${site}/projects`],
    ["/projects/", `/api/3.27/sites/${site}/projects`],
    ["/Projects?pageSize=10", `/api/3.27/sites/${site}/Projects?pageSize=10`],
    ["/api/3.21/serverinfo", "/api/3.21/serverinfo"],
    ["/API/3.4/serverInfo", "/api/3.4/serverInfo"],
    ["/api/-/search?terms=sales", "/api/-/search?terms=sales"],
    [`/api/{apiVersion}/sites/{siteId}/users/{userId}`, `/api/3.27/sites/${site}/users/${session.userId}`],
    [`/users/%7BuserId%7D/workbooks`, `/api/3.27/sites/${site}/users/${session.userId}/workbooks`],
    [`/views?filter=ownerId:eq:%7buserId%7d`, `/api/3.27/sites/${site}/views?filter=ownerId:eq:${session.userId}`],
    [`${serverUrl}/api/-/search?terms=a`, "/api/-/search?terms=a"],
    [`/${serverUrl}/api/-/search?terms=a`, "/api/-/search?terms=a"],
    ["/https:/10ax.online.tableau.com/api/-/search", "/api/-/search"],
    ["HTTPS://10AX.online.tableau.com:443/api/-/search", "/api/-/search"],
  ])("%s is sent as %s", (path, expected) => {
    expect(sent(path)).toBe(serverUrl + expected);
  });

  test("is relative to the server's path prefix", () => {
    const server = "https://bi.acme.com/tableau";
    expect(target("https://bi.acme.com/tableau/api/-/search", "GET", server)).toBe("/api/-/search");
    expect(matchRoute("GET", "https://bi.acme.com/api/-/search", server)).toMatchObject({
      problem: { code: "tableau_address_foreign" },
    });
  });

  test("keeps an upload session's colons as the caller wrote them", () => {
    const uploads = "/sites/{siteId}/fileUploads/{uploadSessionId}";
    for (const id of ["7720:170fe6b1-1:0", "7720%3A170fe6b1-1%3A0"]) {
      expect(template(`/fileUploads/${id}`, "PUT")).toBe(uploads);
      expect(target(`/fileUploads/${id}`, "PUT")).toMatch(new RegExp(`/fileUploads/${id}$`));
    }
  });

  test.each(["definitions:batchGet", "definitions%3AbatchGet", "definitions%3abatchget"])(
    "knows Pulse's %s",
    (word) => {
      expect(template(`/api/-/pulse/${word}`, "POST")).toBe("/api/-/pulse/definitions:batchGet");
    },
  );

  test("lets a tag hold a slash, a space and letters of any script", () => {
    expect(target("/workbooks/w1/tags/Q1%2FQ2%20süd", "DELETE")).toMatch(/\/tags\/Q1%2FQ2%20s%C3%BCd$/);
  });

  test("lets a site be asked for by name, but not what is in it", () => {
    expect(template("/api/3.27/sites/My%20Site?key=name")).toBe("/sites/{site}");
    expect(template("/api/3.27/sites/acme/jobs")).toBe("tableau_path_unreadable");
  });

  test("never takes a longer route for a site's name", () => {
    expect(template(`/api/3.27/sites/${site}%2Fjobs`)).toBe("tableau_path_unreadable");
  });

  test("matches HEAD as GET", () => {
    expect(matchRoute("head", "/views/v1/data", serverUrl)).toMatchObject({
      route: { method: "HEAD", template: "/sites/{siteId}/views/{viewId}/data", ownMediaType: true },
    });
  });

  test("that the table does not know needs every permission", () => {
    expect(matchRoute("GET", "/collections", serverUrl)).toMatchObject({
      route: { template: "unknown", scope: "tableau:*:*", mintsCredentials: false },
    });
  });

  test.each(["/users/u1/personal-access-tokens", "/scim/tokens", "/site-saml-settings", "/connectedApps/x"])(
    "%s is taken for one that mints credentials",
    (path) => {
      expect(matchRoute("POST", path, serverUrl)).toMatchObject({
        route: { template: "unknown", mintsCredentials: true },
      });
    },
  );
});

describe("a query", () => {
  test.each([
    "?filter=name%3Aeq%3AX%2Ctags%3Ain%3A%5Ba%2Cb+c%5D",
    "?filter=name:eq:Superstore+DS",
    "?filter=",
    "?vf_Region=a\\,b,c&vf_Parameters.Top%20N=5&maxAge=1",
    "?fields=_default_,owner.email&x=%zz&&=",
    "?",
  ])("is sent byte for byte: %s", (query) => {
    expect(target(`/views${query}`)).toBe(`/api/{apiVersion}/sites/{siteId}/views${query}`);
  });

  test("has what no request line can hold encoded", () => {
    expect(target('/views?vf_Region=a b"<süd>')).toMatch(/\?vf_Region=a%20b%22%3Cs%C3%BCd%3E$/);
  });
});

describe("a hostile path", () => {
  test.each([
    ["/../auth/signout", "tableau_path_unreadable"],
    ["/api/3.27/sites/../auth/signout", "tableau_path_unreadable"],
    ["/api/3.27/x/%2e%2e/auth/signout", "tableau_path_unreadable"],
    ["/api/3.27/x/.%2E/auth/signout", "tableau_path_unreadable"],
    ["/api/3.27/%252e%252e/x", "tableau_path_unreadable"],
    ["/api/3.27/..;/auth/signout", "tableau_path_unreadable"],
    ["/api/3.27/auth;x=1/signout", "tableau_path_unreadable"],
    ["/api/3.27/auth%3Bx/signout", "tableau_path_unreadable"],
    ["/api\\3.27\\auth\\signout", "tableau_path_unreadable"],
    ["/api/3.27/auth%5Csignout", "tableau_path_unreadable"],
    ["/api/3.27/auth%2Fsignout", "tableau_path_unreadable"],
    ["/api/3.27//auth/signout", "tableau_path_unreadable"],
    ["//evil.example/api/x", "tableau_path_unreadable"],
    ["/projects#/../auth", "tableau_path_unreadable"],
    ["/projects\u0000", "tableau_path_unreadable"],
    ["/projects%00", "tableau_path_unreadable"],
    ["/projects\r\nX-Tableau-Auth: x", "tableau_path_unreadable"],
    ["/projects?x=\r\nHost: evil", "tableau_path_unreadable"],
    ["/api/3.27/%c0%ae%c0%ae/auth", "tableau_path_unreadable"],
    ["/projects/%zz", "tableau_path_unreadable"],
    ["/api/3.27/auth%20/signout", "tableau_path_unreadable"],
    ["/api/3.27/\u017Fessions/current", "tableau_path_unreadable"],
    [`/${"a".repeat(17_000)}`, "tableau_path_unreadable"],
    ["/api/3.27/sites/{siteId}/{x}", "tableau_path_placeholder"],
    ["/auth/signin", "tableau_route_session"],
    ["/3.27/auth/signout", "tableau_route_session"],
    ["/exp/auth/signout", "tableau_route_session"],
    ["/-/auth/signout", "tableau_route_session"],
    ["/v1/sessions/current", "tableau_route_session"],
    ["/api-version/auth/signout", "tableau_route_session"],
    ["/api/3.27/auth/signout", "tableau_route_session"],
    ["/api/3.27/AUTH/signout", "tableau_route_session"],
    ["/api/3.27/%61u%74h/signout", "tableau_route_session"],
    ["/api/3.27/sessions/current", "tableau_route_session"],
    ["/api/{apiVersion}/auth/switchSite", "tableau_route_session"],
    ["/api/auth/signout", "tableau_route_session"],
    ["/api/exp/auth/signout", "tableau_route_session"],
    [`${serverUrl}/api/3.27/auth/signout`, "tableau_route_session"],
    [`${serverUrl}/vizportal/api/web/v1/logout`, "tableau_route_forbidden"],
    [`${serverUrl}/%61pi`, "tableau_route_forbidden"],
    [serverUrl, "tableau_route_forbidden"],
    ["/api", "tableau_route_forbidden"],
    ["https://evil.example/api/3.27/x", "tableau_address_foreign"],
    ["http://10ax.online.tableau.com/api/-/search", "tableau_address_foreign"],
    ["https://10ax.online.tableau.com@evil.example/api/-/search", "tableau_address_foreign"],
    ["https://10ax.online.tableau.com:8443/api/-/search", "tableau_address_foreign"],
    ["https://10ax.online.tableau.com./api/-/search", "tableau_address_foreign"],
    ["/https:/evil.example/api/-/search", "tableau_address_foreign"],
    ["https://10ax.online.tableau.com%2eevil.example/api/x", "tableau_address_foreign"],
  ])("%s is refused", (path, code) => {
    expect(template(path)).toBe(code);
  });

  test("is refused with a method that Tableau does not have", () => {
    for (const method of ["TRACE", "CONNECT", "OPTIONS", "GET /api HTTP/1.1"]) {
      expect(template("/projects", method)).toBe("tableau_method_unknown");
    }
  });
});

/** Pieces of which attacks, and honest paths, are made. */
const piece = fc.oneof(
  fc.constantFrom(
    ..."/ // . .. %2e %2E%2e %252e %2f %5c \\ ; ;x=1 %00 %0a # ? ?? & : %3A @ ~ + %20 {siteId} %7BsiteId%7D {userId} %c0%ae ſ K".split(
      " ",
    ),
    ..."api API 3.27 3.4 - exp sites auth Auth sessions signout serverinfo projects jobs tags workbooks pulse metadata".split(
      " ",
    ),
    ..."site-id api-version {{site-id}} :workbook-id v1 vizql-data-service relationship-service-war graphql".split(" "),
    ..."https:// https:/ http:// 10ax.online.tableau.com evil.example".split(" "),
    site,
    "%61uth",
    "a%75th",
    " ",
  ),
  fc.string({ maxLength: 4 }),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const hostilePath = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));
const slashedPath = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join("/"));
const anyPath = fc.oneof(
  hostilePath,
  slashedPath,
  slashedPath.map((path) => `/api/${path}`),
);

/** Decoded as often as any server on the way might do it. */
function decodedFully(text: string): string {
  for (let round = 0, now = text; round < 5; round++) {
    try {
      const next = decodeURIComponent(now);
      if (next === now) return now;
      now = next;
    } catch {
      return now;
    }
  }
  return text;
}

describe("whatever a caller writes", () => {
  test("is refused, or sent to a place under /api/ that is no session route, however often it is decoded", () => {
    fc.assert(
      fc.property(anyPath, fc.constantFrom("GET", "POST", "DELETE"), (path, method) => {
        const result = matchRoute(method, path, serverUrl);
        if (result.kind === "refused") return;
        const address = addressOf(result.route, session);
        const [pathname = ""] = address.slice(serverUrl.length).split("?");
        // Parsing it again, as the sender or a server may, changes nothing.
        expect(new URL(address).origin).toBe(serverUrl);
        expect(new URL(address).pathname).toBe(pathname);
        expect(pathname).toMatch(/^\/api\/[!-~]+$/);
        const parts = decodedFully(pathname).normalize("NFKC").toUpperCase().toLowerCase().split(/[/\\]/);
        expect(parts[1]).toBe("api");
        expect(["auth", "sessions"]).not.toContain(parts[2]?.trim().split(";")[0]);
        expect(["auth", "sessions"]).not.toContain(parts[3]?.trim().split(";")[0]);
        expect(parts.slice(1).some((part) => /^[.\s]*$/.test(part))).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  test("is matched the same when what was matched is matched again", () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const first = matchRoute("GET", path, serverUrl);
        if (first.kind === "refused") return;
        expect(matchRoute("GET", first.route.target, serverUrl)).toEqual(first);
      }),
      { numRuns: 2000 },
    );
  });

  test("is refused when it is a session route in any disguise", () => {
    const disguised = fc
      .constantFrom("auth/signin", "auth/signout", "auth/switchSite", "sessions/current", "sessions/x")
      .chain((route) =>
        fc
          .tuple(...Array.from(route, (letter) => fc.constantFrom(...disguises(letter))))
          .map((letters) => letters.join("")),
      );
    const root = fc.constantFrom(
      "/",
      "/3.27/",
      "/exp/",
      "/-/",
      "/{{api-version}}/",
      "/api/api-version/",
      "",
      "/api/3.27/",
      "/api/{apiVersion}/",
      "/API/3.4/",
      "/api/exp/",
      `${serverUrl}/api/3.27/`,
    );
    fc.assert(
      fc.property(root, disguised, fc.constantFrom("", "/", "?x=1", "/?"), (start, route, end) => {
        expect(matchRoute("POST", start + route + end, serverUrl).kind).toBe("refused");
      }),
      { numRuns: 1500 },
    );
  });

  test("never leaves the credential's own server", () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.constant("10ax.online.tableau.com.evil.example"));
    fc.assert(
      fc.property(fc.constantFrom("https://", "http://", "/https:/", "/https://"), host, (scheme, name) => {
        expect(template(`${scheme}${name}/api/3.27/serverinfo`)).toBe("tableau_address_foreign");
      }),
    );
  });

  test("keeps its query byte for byte", () => {
    const query = fc.string({ unit: fc.constantFrom(..."abcXYZ019-._~:/?[]@!$&'()*+,;=%") });
    fc.assert(
      fc.property(query, (text) => {
        expect(target(`/views?${text}`)).toBe(`/api/{apiVersion}/sites/{siteId}/views?${text}`);
      }),
    );
  });
});

function disguises(letter: string): readonly string[] {
  const hex = letter.charCodeAt(0).toString(16);
  return [letter, letter, letter.toUpperCase(), `%${hex}`, `%${hex.toUpperCase()}`, `%25${hex}`];
}
