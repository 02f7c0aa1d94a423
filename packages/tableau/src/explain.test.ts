import type { Explanation, Person, Situation } from "@easel/connector";
import { describe, expect, test } from "vitest";
import { everything } from "./routes/route-line.ts";
import { routeTable } from "./routes/route-table.ts";
import { createTableauConnector } from "./tableau.ts";

const tableau = createTableauConnector({ clock: () => 0 });
const cloud = { serverUrl: "https://10ax.online.tableau.com", apiVersion: "3.27" };
const server = { serverUrl: "https://tableau.acme.example", apiVersion: "3.20" };
const elif: Person = { name: "Elif Demir", role: "Explorer" };
const ana: Person = { name: "Ana Silva", role: "SiteAdministratorCreator" };

const jwt = { method: "connectedApp", scopes: ["tableau:content:read"], person: null, server: cloud };
const pat = { method: "pat", scopes: [], person: null, server: cloud };

function explained(call: string, code: string, situation: Partial<Situation>): Explanation | null {
  const [method = "", path = ""] = call.split(" ");
  const result = tableau.route(method, path, cloud.serverUrl);
  if (result.kind === "refused") throw new Error(`${path} was refused`);
  const status = Number(code.slice(0, 3)) || 403;
  return tableau.explain(result.route, { code, summary: "s", detail: "d" }, { ...pat, status, ...situation });
}

describe("a 401", () => {
  test("outside the scopes: which scope and which role", () => {
    expect(explained("GET /users", "401002", jwt)).toEqual({
      code: "tableau_scope_missing",
      message: "Needs tableau:users:read and a site administrator.",
      action: "Add tableau:users:read to the project's Permissions and connect as a site administrator.",
    });
  });

  test("and who lacks it", () => {
    expect(explained("POST /users", "401002", { ...jwt, person: elif })?.message).toBe(
      "Needs tableau:users:create and a site administrator; Elif Demir is Explorer.",
    );
    expect(explained("POST /users", "401002", { ...jwt, person: ana })?.message).toBe("Needs tableau:users:create.");
  });

  test("not offered to connected apps", () => {
    expect(explained("GET /projects", "401002", jwt)).toMatchObject({
      code: "tableau_scope_missing",
      message: "Tableau does not offer this call to connected apps here.",
    });
  });

  test("a token in use elsewhere, and a password's session that dies at once", () => {
    expect(explained("GET /projects", "401002", pat)?.code).toBe("tableau_session_contested");
    expect(explained("GET /projects", "401002", { ...pat, method: "password" })?.code).toBe("tableau_session_lost");
  });
});

describe("a 403", () => {
  test.each([
    ["GET /webhooks", null, "Needs a site administrator."],
    ["GET /webhooks", elif, "Needs a site administrator; Elif Demir is Explorer."],
    ["POST /api/3.20/schedules", ana, "Needs a server administrator; Ana Silva is SiteAdministratorCreator."],
    ["POST /workbooks", elif, "Needs a Creator or an Explorer who can publish; Elif Demir is Explorer."],
    [
      "POST /workbooks",
      { name: "Cleo", role: "Creator" },
      "Needs the permission Publish (Write) on the project; Cleo is Creator.",
    ],
    [
      "GET /views/v1/data",
      elif,
      "Needs the permission Download Summary Data (ExportData) on the view; Elif Demir is Explorer.",
    ],
    [
      "GET /workbooks/w1/content",
      elif,
      "Needs the permission Download/Save a Copy (ExportXml) on the workbook; Elif Demir is Explorer.",
    ],
    ["DELETE /datasources/d1", null, "Needs the permission Delete (Delete) on the data source."],
    ["PUT /workbooks/w1", ana, "Tableau does not let Ana Silva (SiteAdministratorCreator) update a workbook: d."],
    ["PUT /orderFavorites/u1", null, "Tableau does not let this user order a user's favorites: d."],
    ["GET /collections", elif, "Tableau does not let Elif Demir (Explorer) make this call: d."],
  ])("%s, %o", (call, person, message) => {
    expect(explained(call, "403004", { person })).toMatchObject({ code: "tableau_denied", message });
  });

  test("says who can give it, and in which edition the call is", () => {
    expect(explained("GET /webhooks", "403004", { person: elif })?.action).toBe(
      "Connect as a site administrator, or ask a site administrator to do it, or to change Elif Demir's site role.",
    );
    expect(explained("POST /api/3.27/schedules", "403004", {})?.action).toContain("Only Tableau Server has it.");
  });

  test.each([
    ["403157", "switched off"],
    ["403800", "API Access"],
    ["403069", "server administrator"],
  ])("%s says it by itself", (code, words) => {
    expect(explained("GET /projects", code, {})?.message).toContain(words);
  });

  test.each(["403091", "403096", "403003", "403039"])("%s is left to Tableau's own words: nobody may do it", (code) => {
    expect(explained("PUT /jobs/j1", code, { person: elif })).toBeNull();
  });
});

describe("a 404", () => {
  test.each([
    ["GET /customviews/c1/pdf", server, "Needs API 3.23; tableau.acme.example speaks 3.20."],
    [
      "GET /api/-/pulse/definitions",
      server,
      "Only Tableau Cloud has this call, and tableau.acme.example is Tableau Server.",
    ],
    ["GET /schedules", cloud, "Only Tableau Server has this call, and 10ax.online.tableau.com is Tableau Cloud."],
    ["GET /api/3.4/sites/{siteId}/customviews", cloud, "Needs API 3.18; the call asks for 3.4."],
    [
      "GET /api/3.28/sites/{siteId}/views",
      server,
      "The path asks for API 3.28, and tableau.acme.example speaks 3.20 at most.",
    ],
  ])("%s", (call, at, message) => {
    expect(explained(call, "404003", { server: at })).toMatchObject({ code: "tableau_call_missing", message });
  });

  test("of an item, or of a call that this server has, is left to Tableau's own words", () => {
    expect(explained("GET /customviews/c1/pdf", "404011", { server })).toBeNull();
    expect(explained("GET /workbooks/w1", "404003", { server })).toBeNull();
    expect(explained("GET /collections", "404003", { server })).toBeNull();
  });
});

test("every route of the table is explained, whoever calls: with its scope, its role, and no word that is missing", () => {
  for (const row of routeTable.filter(({ family }) => family !== "Sessions")) {
    const path = row.template.startsWith("/api/") ? row.template : `/api/{apiVersion}${row.template}`;
    const call = `${row.method} ${path.replace(/\{(?!siteId|apiVersion)\w+\}/g, "x1")}`;
    for (const person of [null, elif, ana, { name: "Victor Lange", role: "Viewer" }]) {
      for (const code of ["401002", "403004", "403000", ""]) {
        const signIn = code === "401002" ? { ...jwt, scopes: ["tableau:nothing:read"] } : {};
        const explanation = explained(call, code, { ...signIn, person });
        expect([call, explanation?.message]).toEqual([call, expect.stringMatching(/^(Needs|Tableau) .*\.$/)]);
        expect(explanation?.message).not.toMatch(/undefined|null|\{|\}/);
        expect(tableau.problems).toHaveProperty(explanation?.code ?? "");
        if (code === "401002" && row.scope !== null && row.scope !== everything)
          expect(explanation?.message).toContain(row.scope);
        if (code === "403004" && row.role !== null && person !== ana) expect(explanation?.message).toContain(row.role);
      }
    }
  }
});

test("what the project's Permissions do not hold names the scope and the role", () => {
  const result = tableau.route("GET", "/users", cloud.serverUrl);
  if (result.kind === "refused") throw new Error("refused");
  expect(tableau.permissionMissing(result.route, elif).params).toEqual({
    scope: "tableau:users:read",
    also: ", and a site administrator; Elif Demir is Explorer",
  });
});
