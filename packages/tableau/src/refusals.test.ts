import { describe, expect, test } from "vitest";
import { createTableauConnector } from "./tableau.ts";

const tableau = createTableauConnector({ clock: () => 0 });
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

  test("is no longer than anyone reads", () => {
    const long = "\u{1f600}".repeat(15_000);
    const { error } = tableau.classify(403, {}, JSON.stringify({ error: { code: long, summary: long, detail: long } }));
    for (const said of Object.values(error)) {
      expect(said.length).toBe(1000);
      expect(said.isWellFormed()).toBe(true);
    }
  });

  test("says so when it is a web page", () => {
    expect(tableau.classify(504, {}, "<html><h1>Gateway</h1></html>")).toMatchObject({
      error: { summary: "A web page came instead of an answer, with status 504" },
    });
  });
});

describe("the texts of refusals", () => {
  test.each(Object.entries(tableau.problems))("%s is calm and whole", (code, { status, message, action }) => {
    expect(code).toMatch(/^tableau_[a-z_]+$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).not.toBe(401);
    for (const text of [message, action]) {
      expect(text).toMatch(/^[A-Z{].*[.}]$/);
      expect(text).not.toMatch(/please|oops|successfully|!/i);
    }
  });
});
