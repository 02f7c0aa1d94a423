import type { OutboundAnswer } from "@easel/connector";
import { expect, test } from "vitest";
import { createTableauConnector } from "./tableau.ts";

const tableau = createTableauConnector({ clock: Date.now });
const session = { serverUrl: "https://tableau.example", apiVersion: "3.27", siteId: "s", userId: "u", token: "secret" };
const answered = (status: number, body: string): OutboundAnswer => ({ kind: "answered", status, headers: {}, body });

test.each([
  ["JSON", '{"session":{"user":{"id":"u","name":"ana@acme.example"}}}'],
  [
    "XML",
    '<tsResponse xmlns="http://tableau.com/api"><session><user id="u" name="ana@acme.example"/></session></tsResponse>',
  ],
])("the user's name is read from %s", async (_format, body) => {
  const asked: unknown[] = [];
  const name = await tableau.whoAmI(session, async (request) => {
    asked.push(request);
    return answered(200, body);
  });
  expect(name).toBe("ana@acme.example");
  expect(asked).toEqual([
    {
      method: "GET",
      url: "https://tableau.example/api/3.27/sessions/current",
      headers: { accept: "application/json", "x-tableau-auth": "secret" },
    },
  ]);
});

test.each([
  ["refuses", answered(403, "")],
  ["says something else", answered(200, "<html></html>")],
  ["is not there", { kind: "unreachable", reason: "timeout" } as const],
])("there is no name where the server %s", async (_what, answer) => {
  expect(await tableau.whoAmI(session, async () => answer)).toBeNull();
});
