import type { OutboundAnswer, OutboundRequest } from "@easel/connector";
import { describe, expect, test } from "vitest";
import { compareVersions, probe } from "./probe.ts";

const server = "https://bi.acme.example/tableau";

function answered(body: string, status = 200, headers: Record<string, string> = {}): OutboundAnswer {
  return { kind: "answered", status, headers, body };
}
const json = (version: string) =>
  answered(
    JSON.stringify({
      serverInfo: { productVersion: { value: "2025.3.0", build: "20253.1" }, restApiVersion: version },
    }),
  );
const xml = (version: string) =>
  answered(
    `<?xml version='1.0'?><tsResponse xmlns="http://tableau.com/api" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><serverInfo><productVersion build="20253.1">2025.3.0</productVersion><restApiVersion>${version}</restApiVersion></serverInfo></tsResponse>`,
  );

describe("a probe", () => {
  test("asks serverinfo in JSON, without credentials", async () => {
    const asked: OutboundRequest[] = [];
    await probe(server, async (request) => {
      asked.push(request);
      return json("3.27");
    });
    expect(asked).toEqual([
      { method: "GET", url: `${server}/api/2.4/serverinfo`, headers: { accept: "application/json" } },
    ]);
  });

  test.each([
    ["3.4", "3.4"],
    ["3.9", "3.9"],
    ["3.27", "3.27"],
    ["3.29", "3.29"],
    ["3.30", "3.29"],
    ["4.0", "3.29"],
  ])("of a server with API %s settles on %s, from JSON and XML", async (theirs, ours) => {
    for (const answer of [json(theirs), xml(theirs)]) {
      expect(await probe(server, async () => answer)).toEqual({
        kind: "found",
        server: { serverUrl: server, edition: "server", productVersion: "2025.3.0", apiVersion: ours },
      });
    }
  });

  test.each([
    ["https://10ax.online.tableau.com", "cloud"],
    ["https://online.tableau.com", "cloud"],
    ["https://online.tableau.com.evil.example", "server"],
    ["https://evilonline.tableau.com", "server"],
    ["http://localhost:4610", "server"],
  ])("tells the edition of %s by its host", async (serverUrl, edition) => {
    expect(await probe(serverUrl, async () => json("3.27"))).toMatchObject({ server: { edition } });
  });

  test.each([
    ["JSON", '{"serverInfo":{"productVersion":"20\\u000025\\ud800","restApiVersion":"3.27"}}'],
    [
      "XML",
      "<tsResponse><serverInfo><productVersion>20\u000025\ud800</productVersion><restApiVersion>3.27</restApiVersion></serverInfo></tsResponse>",
    ],
  ])("of a server that says what no database holds can be stored (%s)", async (_format, body) => {
    expect(await probe(server, async () => answered(body))).toMatchObject({
      server: { productVersion: "20\ufffd25\ufffd" },
    });
  });

  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><tsResponse><serverInfo><productVersion>&b;</productVersion><restApiVersion>3.27</restApiVersion></serverInfo></tsResponse>`;
  test.each<[string, OutboundAnswer, string]>([
    ["a page", answered("<!doctype html><html><body>Hi</body></html>"), "tableau_server_not_tableau"],
    ["nothing", answered(""), "tableau_server_not_tableau"],
    ["other JSON", answered('{"serverInfo":{}}'), "tableau_server_not_tableau"],
    ["broken JSON", answered('{"serverInfo":'), "tableau_server_not_tableau"],
    ["XML with entities", answered(bomb), "tableau_server_not_tableau"],
    ["a version that is a path", json("3.27/../auth"), "tableau_server_not_tableau"],
    ["not found", answered("nope", 404), "tableau_server_not_tableau"],
    [
      "Tableau's not found",
      answered('{"error":{"code":"404003","summary":"s","detail":"d"}}', 404),
      "tableau_server_not_tableau",
    ],
    ["a sign-in page", answered("", 302, { location: "/login" }), "tableau_server_not_tableau"],
    ["another host", answered("", 301, { location: "https://tableau.acme.example/" }), "tableau_server_moved"],
    ["a gateway", answered("<html>", 403), "tableau_server_gateway"],
    ["throttling", answered("", 429), "tableau_throttled"],
    ["a failure", answered("", 502), "tableau_server_error"],
    ["a guard", { kind: "unreachable", reason: "forbidden" }, "tableau_server_forbidden"],
    ["no host", { kind: "unreachable", reason: "unknownHost" }, "tableau_server_unreachable"],
    ["silence", { kind: "unreachable", reason: "timeout" }, "tableau_server_slow"],
    ["a bad certificate", { kind: "unreachable", reason: "tls" }, "tableau_server_tls"],
  ])("that meets %s says so", async (_, answer, code) => {
    expect(await probe(server, async () => answer)).toMatchObject({ kind: "notFound", problem: { code } });
  });
});

test("versions compare as numbers", () => {
  expect(["3.10", "3.9", "2.8", "3.27"].toSorted(compareVersions)).toEqual(["2.8", "3.9", "3.10", "3.27"]);
});
