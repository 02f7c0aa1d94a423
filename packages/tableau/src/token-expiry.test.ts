import type { OutboundAnswer } from "@easel/connector";
import { expect, test } from "vitest";
import { createTableauConnector } from "./tableau.ts";

const tableau = createTableauConnector({ clock: Date.now });
const session = { serverUrl: "https://tableau.example", apiVersion: "3.27", siteId: "s", userId: "u", token: "secret" };
const answered = (body: string, status = 200): OutboundAnswer => ({ kind: "answered", status, headers: {}, body });
const expiry = (answer: OutboundAnswer) => tableau.secretExpiry(session, { tokenName: "mine" }, async () => answer);

const other = { tokenName: "other", tokenGuid: "1", expiresAt: "2027-01-01T00:00:00Z" };
const mine = {
  tokenName: "mine",
  tokenGuid: "2",
  lastUsedAt: "2026-11-01T00:00:00Z",
  expiresAt: "2026-12-24T10:00:00Z",
};

test.each([
  ["JSON", JSON.stringify({ personalAccessTokens: { personalAccessToken: [other, mine] } })],
  [
    "XML",
    `<tsResponse xmlns="http://tableau.com/api"><personalAccessTokens>
      <personalAccessToken tokenName="mine" tokenGuid="2" expiresAt="2026-12-24T10:00:00Z"/></personalAccessTokens></tsResponse>`,
  ],
])("the end of a token is read from %s, and asked for at its user's list", async (_format, body) => {
  const asked: unknown[] = [];
  const found = await tableau.secretExpiry(session, { tokenName: "mine" }, async (request) => {
    asked.push(request);
    return answered(body);
  });
  expect(found).toEqual(new Date("2026-12-24T10:00:00Z"));
  expect(asked).toEqual([
    {
      method: "GET",
      url: "https://tableau.example/api/3.27/sites/s/users/u/personal-access-tokens",
      headers: { accept: "application/json", "x-tableau-auth": "secret" },
    },
  ]);
});

test.each([
  ["has no such list", answered("", 404)],
  ["lists other tokens only", answered(JSON.stringify({ personalAccessTokens: { personalAccessToken: [other] } }))],
  ["lists none", answered('{"personalAccessTokens":{}}')],
  [
    "says a time that is none",
    answered(JSON.stringify({ personalAccessTokens: { personalAccessToken: [{ ...mine, expiresAt: "soon" }] } })),
  ],
  ["says something else", answered("<html></html>")],
  ["is not there", { kind: "unreachable", reason: "timeout" } as const],
])("nothing is known where the server %s", async (_what, answer) => {
  expect(await expiry(answer)).toBeNull();
});
