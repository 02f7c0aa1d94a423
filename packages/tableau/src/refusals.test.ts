import { describe, expect, test } from "vitest";
import { createTableauConnector } from "./tableau.ts";

const tableau = createTableauConnector({ clock: () => 0 });
const serverUrl = "https://10ax.online.tableau.com";

function route(method: string, path: string) {
  const result = tableau.route(method, path, serverUrl);
  if (result.kind === "refused") throw new Error(`${path} was refused`);
  return result.route;
}
const json = (code: string) => JSON.stringify({ error: { code, summary: "Forbidden", detail: "You can't" } });

describe("an answer that is no success", () => {
  test.each([
    [401, json("401002"), "sessionDead", "401002"],
    [401, json("401000"), "sessionDead", "401000"],
    [401, "", "sessionDead", ""],
    [403, json("403004"), "denied", "403004"],
    [403, "<html>blocked</html>", "denied", ""],
    [404, json("404002"), "failed", "404002"],
    [429, '{"errorCode":"429000","message":"Too many"}', "failed", "429000"],
    [
      400,
      '{"errorCode":"400800","message":"Bad formula","messages":[{}],"datetime":"x","tab-error-code":"7"}',
      "failed",
      "400800",
    ],
    [403, '{"code":7,"message":"permission denied","details":[]}', "denied", "7"],
    [500, "<!DOCTYPE html><html></html>", "failed", ""],
    [502, "upstream", "failed", ""],
    [400, '{"error":', "failed", ""],
  ])("%i %s is %s", (status, body, kind, code) => {
    expect(tableau.classify(status, {}, body)).toMatchObject({ kind, error: { code } });
  });

  test("is read from XML, entities and all", () => {
    const body =
      '<?xml version="1.0"?><tsResponse xmlns="http://tableau.com/api"><error code="404002"><summary>Resource Not Found</summary><detail>Workbook &lt;A &amp; B&gt; is 007</detail></error></tsResponse>';
    expect(tableau.classify(404, {}, body)).toEqual({
      kind: "failed",
      error: { code: "404002", summary: "Resource Not Found", detail: "Workbook <A & B> is 007" },
    });
  });

  test("expands no entity that a server defines", () => {
    const body =
      '<!DOCTYPE e [<!ENTITY x "xxxxxxxx">]><tsResponse><error code="404002"><detail>&x;</detail></error></tsResponse>';
    expect(tableau.classify(404, {}, body)).toMatchObject({ error: { code: "", detail: "" } });
  });

  test("says so when it is a web page", () => {
    expect(tableau.classify(504, {}, "<html><h1>Gateway</h1></html>")).toMatchObject({
      error: { summary: "A web page came instead of an answer, with status 504" },
    });
  });
});

describe("a refused call is explained", () => {
  const error = (code: string) => ({ code, summary: "s", detail: "d" });
  const jwt = { method: "connectedApp", scopes: ["tableau:content:read"] };
  const pat = { method: "pat", scopes: [] };

  test("outside the scopes: which scope and who", () => {
    expect(tableau.explain(route("GET", "/users"), error("401002"), jwt)).toEqual({
      code: "tableau_scope_missing",
      message: "Needs tableau:users:read and a site administrator.",
      action: "Add tableau:users:read to the project's Permissions and connect as a site administrator.",
    });
  });

  test("not offered to connected apps", () => {
    expect(tableau.explain(route("GET", "/projects"), error("401002"), jwt)).toMatchObject({
      code: "tableau_scope_missing",
      message: "Tableau does not offer this call to connected apps here.",
    });
  });

  test("a token in use elsewhere", () => {
    expect(tableau.explain(route("GET", "/projects"), error("401002"), pat)).toMatchObject({
      code: "tableau_session_contested",
    });
  });

  test("a password's session that dies at once", () => {
    const password = { method: "password", scopes: [] };
    expect(tableau.explain(route("GET", "/projects"), error("401002"), password)).toMatchObject({
      code: "tableau_session_lost",
    });
  });

  test("a role that is missing, and since when the call exists", () => {
    expect(tableau.explain(route("POST", "/webhooks"), error("403004"), pat)).toEqual({
      code: "tableau_denied",
      message: "Needs a site administrator.",
      action: "Connect as a site administrator, or ask one to do it.",
    });
  });

  test("an edition that lacks the call", () => {
    expect(tableau.explain(route("POST", "/api/3.27/schedules"), error("403004"), pat).action).toContain(
      "Only Tableau Server has it.",
    );
  });

  test("a permission that is missing", () => {
    expect(tableau.explain(route("PUT", "/workbooks/w1"), error("403004"), pat)).toMatchObject({
      message: "This user may not do this at Tableau: update a workbook.",
    });
  });

  test.each([
    ["403157", "switched off"],
    ["403800", "API Access"],
  ])("%s", (code, words) => {
    expect(tableau.explain(route("GET", "/projects"), error(code), pat).message).toContain(words);
  });

  test("a route that the table does not know", () => {
    expect(tableau.explain(route("GET", "/collections"), error("403004"), pat)).toMatchObject({
      code: "tableau_denied",
    });
  });

  test("with codes that have texts", () => {
    for (const signIn of [jwt, pat, { method: "password", scopes: [] }]) {
      for (const code of ["401002", "403004", "", "403157"]) {
        expect(tableau.problems).toHaveProperty(tableau.explain(route("GET", "/users"), error(code), signIn).code);
      }
    }
  });
});

describe("the texts of refusals", () => {
  test.each(Object.entries(tableau.problems))("%s is calm and whole", (code, { status, message, action }) => {
    expect(code).toMatch(/^tableau_[a-z_]+$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).not.toBe(401);
    for (const text of [message, action]) {
      expect(text).toMatch(/^[A-Z{].*\.$/);
      expect(text).not.toMatch(/please|oops|successfully|!/i);
    }
  });
});
