import { describe, expect, test } from "vitest";
import { consent } from "../consent.ts";
import { matchRoute } from "../route-match.ts";
import { routeTable } from "./route-table.ts";

const serverUrl = "https://10ax.online.tableau.com";
const site = "9f0c8a4e-5b1d-4c7a-8e2f-0a1b2c3d4e5f";

/** A path that a caller would write for a template. */
function sample(template: string): string {
  const filled = template
    .replace("{siteId}", site)
    .replace(/\{(\w+)\}/g, (_, name: string) => (name === "tagName" ? "to%2Fdo" : `${name}-1`));
  return template.startsWith("/api/") ? filled : `/api/3.27${filled}`;
}

describe("the route table", () => {
  test("names each route once", () => {
    const names = routeTable.map(({ method, template }) => `${method} ${template.toLowerCase()}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test.each(routeTable.filter(({ family }) => family !== "Sessions"))("is matched: $method $template", (row) => {
    const result = matchRoute(row.method, sample(row.template), serverUrl);
    expect(result).toMatchObject({
      kind: "route",
      route: {
        method: row.method,
        template: row.template,
        scope: row.scope,
        mintsCredentials: row.mintsCredentials,
        ownMediaType: row.answers !== "json",
        target: sample(row.template),
      },
    });
  });

  test.each(routeTable.filter(({ family }) => family === "Sessions"))("is refused: $method $template", (row) => {
    expect(matchRoute(row.method, sample(row.template), serverUrl)).toMatchObject({
      problem: { code: "tableau_route_session" },
    });
  });

  test("writes scopes as Tableau does", () => {
    const odd = routeTable.filter(({ scope }) => scope !== null && !/^tableau:([a-z_]+|\*):([a-z_]+|\*)$/.test(scope));
    expect(odd).toEqual([]);
  });

  test("has words of consent for each scope", () => {
    const wordless = routeTable.filter(
      ({ scope }) => scope !== null && consent([scope]).some((phrase) => phrase.includes(scope)),
    );
    expect(wordless.map(({ scope }) => scope)).toEqual([]);
  });

  test("titles routes in sentence case, without a full stop", () => {
    expect(routeTable.filter(({ title }) => !/^[A-Z].*[^.]$/.test(title))).toEqual([]);
  });

  test("marks whatever creates or hands out credentials", () => {
    const marked = new Set(
      routeTable.filter((row) => row.mintsCredentials).map((row) => `${row.method} ${row.template}`),
    );
    for (const request of [
      "POST /sites",
      "PUT /sites/{site}",
      "DELETE /sites/{site}",
      "POST /sites/{siteId}/connected-applications",
      "POST /sites/{siteId}/connected-applications/{clientId}/secrets",
      "GET /sites/{siteId}/connected-applications/{clientId}/secrets/{secretId}",
      "POST /sites/{siteId}/connected-apps/external-authorization-servers",
      "PUT /sites/{siteId}/site-oidc-configuration",
      "POST /sites/{siteId}/site-auth-configurations",
      "PUT /sites/{siteId}/settings/mcp",
      "DELETE /auth/serverAdminAccessTokens",
      "POST /sites/{siteId}/users/{userId}/retrieveSavedCreds",
    ]) {
      expect(marked, request).toContain(request);
    }
    expect(marked).not.toContain("GET /sites/{siteId}/projects");
  });
});
