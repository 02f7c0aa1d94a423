import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf } from "./address.ts";
import { matchRoute } from "./route-match.ts";
import { routeTable } from "./routes/route-table.ts";

const serverUrl = "https://10ax.online.tableau.com";
const siteId = "9f0c8a4e-5b1d-4c7a-8e2f-0a1b2c3d4e5f";
const otherSite = "11111111-1111-4111-8111-111111111111";
const session = { serverUrl, apiVersion: "3.27", siteId, userId: "22222222-2222-4222-8222-222222222222" };

function sent(path: string, method = "GET"): string {
  const result = matchRoute(method, path, serverUrl, siteId);
  if (result.kind === "refused") return result.problem.code;
  return `${result.route.template === "unknown" ? "unknown: " : ""}${addressOf(result.route, session).slice(serverUrl.length)}`;
}

const site = `/api/3.27/sites/${siteId}`;

describe("a path that does not begin with /api/", () => {
  test.each([
    ["/projects", `${site}/projects`],
    ["/content/recent", `${site}/content/recent`],
    ["/schedules/s1/extracts", `${site}/schedules/s1/extracts`],
    ["/settings/extensions", `${site}/settings/extensions`],
    ["/sites/{siteId}/projects", `${site}/projects`],
    [`/sites/${siteId}/projects`, `${site}/projects`],
    ["/sites", "/api/3.27/sites"],
    ["/sites/acme?key=contentUrl", "/api/3.27/sites/acme?key=contentUrl"],
    ["/serverinfo", "/api/3.27/serverinfo"],
    ["/schedules", "/api/3.27/schedules"],
    ["/domains", "/api/3.27/domains"],
    ["/3.21/sites/{siteId}/views", `/api/3.21/sites/${siteId}/views`],
    ["/exp/sites/{siteId}/customviews/c1/content", `/api/exp/sites/${siteId}/customviews/c1/content`],
    ["/-/search?terms=a", "/api/-/search?terms=a"],
    ["/search?terms=a", "/api/-/search?terms=a"],
    ["/suggestions", "/api/-/suggestions"],
    ["/pulse/definitions", "/api/-/pulse/definitions"],
    ["/pulse/of-tomorrow", "unknown: /api/-/pulse/of-tomorrow"],
    ["/content/usage-stats/workbooks/w1", "/api/-/content/usage-stats/workbooks/w1"],
    ["/collections", `unknown: ${site}/collections`],
    ["/projects/of/tomorrow", `unknown: ${site}/projects/of/tomorrow`],
    ["", `${site}`],
  ])("GET %s is %s", (path, expected) => expect(sent(path)).toBe(expected));

  test.each([
    ["/metadata/graphql", "/api/metadata/graphql"],
    ["/relationship-service-war/graphql", "/api/metadata/graphql"],
    ["/vizql-data-service/query-datasource", "/api/v1/vizql-data-service/query-datasource"],
    ["/v1/vizql-data-service/query-datasource", "/api/v1/vizql-data-service/query-datasource"],
    ["/vizql-data-service/v1/query-datasource", "/api/v1/vizql-data-service/query-datasource"],
    ["/pulse/metrics:getOrCreate", "/api/-/pulse/metrics:getOrCreate"],
  ])("POST %s is %s", (path, expected) => expect(sent(path, "POST")).toBe(expected));
});

describe("as other places spell it", () => {
  test.each([
    ["/api/api-version/sites/site-id/projects", `${site}/projects`],
    ["/sites/site-id/projects", `${site}/projects`],
    ["/api/{{api-version}}/sites/{{site-id}}/projects", `${site}/projects`],
    ["/sites/{site_id}/users/{{user-id}}/workbooks", `${site}/users/${session.userId}/workbooks`],
  ])("%s", (path, expected) => expect(sent(path)).toBe(expected));

  test("a tag may be called so", () => {
    expect(sent("/workbooks/w1/tags/user-id", "DELETE")).toBe(`${site}/workbooks/w1/tags/user-id`);
  });

  test.each([
    "/workbooks/workbook-id",
    "/workbooks/:workbook-id/views",
    "/workbooks/{{workbook-id}}",
    "/workbooks/{workbookId}",
    "/workbooks/<workbook-id>",
    "/users/user-id",
    "/views/view-luid/image",
    "/{{base-path}}/sites/{{site-id}}/projects",
  ])("%s is refused in words, since no id looks so", (path) => {
    for (const method of ["GET", "DELETE"]) expect(sent(path, method)).toBe("tableau_path_placeholder");
  });

  test("a page's address is refused in words", () => {
    expect(matchRoute("GET", `${serverUrl}/#/site/acme/home`, serverUrl)).toMatchObject({
      problem: { params: { reason: expect.stringContaining("the address of a page") } },
    });
  });
});

test("another site's id is refused, but for asking about that site itself", () => {
  for (const path of [
    `/api/3.27/sites/${otherSite}/projects`,
    `/sites/${otherSite}/projects`,
    `/api/exp/sites/${otherSite}/x`,
  ]) {
    expect(sent(path)).toBe("tableau_site_other");
  }
  expect(sent(`/sites/${otherSite}`)).toBe(`/api/3.27/sites/${otherSite}`);
  expect(sent(`/api/3.27/sites/${siteId.toUpperCase()}/projects`)).toBe(
    `/api/3.27/sites/${siteId.toUpperCase()}/projects`,
  );
});

test("every route of the table is what it is, also where its path is written without what can be left out", () => {
  const names = new Set(routeTable.map(({ method, template }) => `${method} ${template}`));
  // What is of the server and of the site alike is the site's; the server's is written with its root.
  const isOfBoth = ({ method, template }: { method: string; template: string }) =>
    names.has(`${method} /sites/{siteId}${template}`);
  for (const row of routeTable.filter((one) => one.family !== "Sessions" && !isOfBoth(one))) {
    const path = row.template.replace("{siteId}", siteId).replace(/\{(\w+)\}/g, (_whole, name: string) => `${name}1`);
    const short = path.replace(/^\/api\//, "/");
    const result = matchRoute(row.method, short, serverUrl, siteId);
    expect([short, result]).toMatchObject([
      short,
      { kind: "route", route: { scope: row.scope, template: row.template } },
    ]);
  }
});

test("the route that is checked is the route that Tableau sees: what is sent, read from its root, is the same", () => {
  const part = fc.oneof(
    fc.constantFrom(
      ..."sites site-id {siteId} {{site-id}} projects workbooks users {userId} tags api 3.27 {apiVersion} - exp v1 pulse metadata graphql vizql-data-service schedules settings extensions auth sessions search w1 A%2Fb".split(
        " ",
      ),
      siteId,
    ),
    fc.string({ unit: fc.constantFrom(..."aA1-_.:%2fF{}"), maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 7 }), fc.constantFrom("GET", "PUT", "POST", "DELETE"), (parts, method) => {
      const result = matchRoute(method, `/${parts.join("/")}`, serverUrl, siteId);
      if (result.kind === "refused") return;
      const again = matchRoute(method, addressOf(result.route, session), serverUrl, siteId);
      const seen = again.kind === "route" ? again.route : null;
      expect(seen).toMatchObject({ template: result.route.template, scope: result.route.scope });
      // A server that ignores case and decodes before it looks sees the same route too.
      const target = addressOf(result.route, session).slice(serverUrl.length).toUpperCase();
      const upper = matchRoute(method, target, serverUrl, siteId);
      if (upper.kind === "route") expect(upper.route.template).toBe(result.route.template);
    }),
    { numRuns: 3000 },
  );
});

test("a server that decodes the whole path before it looks sees no other route of the table", () => {
  const known = fc.constantFrom(...routeTable.filter(({ family }) => family !== "Sessions"));
  const value = fc.oneof(
    fc.constantFrom(
      "x1",
      siteId,
      "a%2Fb",
      "tags%2Fx",
      "%2e%2e%2fauth%2fsignout",
      "x%3Fkey=name",
      "permissions%2Fusers",
      "a%2Fcontent",
    ),
    fc.string({ unit: "grapheme", maxLength: 8 }).map(encodeURIComponent),
  );
  fc.assert(
    fc.property(known, fc.array(value, { minLength: 6, maxLength: 6 }), ({ method, template }, values) => {
      const left = [...values];
      const path = template.replaceAll(/\{(\w+)\}/g, (whole, name) => (name === "siteId" ? whole : (left.pop() ?? "")));
      const result = matchRoute(method, template.startsWith("/api/") ? path : `/api/3.27${path}`, serverUrl, siteId);
      if (result.kind === "refused") return;
      const sentPath = addressOf(result.route, session).slice(serverUrl.length).split("?")[0] ?? "";
      const seen = matchRoute(method, decodeURIComponent(sentPath), serverUrl, siteId);
      if (seen.kind === "route") expect(["unknown", result.route.template]).toContain(seen.route.template);
    }),
    { numRuns: 4000 },
  );
});
