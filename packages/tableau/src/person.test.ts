import type { OutboundAnswer, OutboundRequest, Send } from "@easel/connector";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTableauConnector } from "./tableau.ts";

const tableau = createTableauConnector({ clock: () => 0 });
const session = {
  serverUrl: "https://bi.acme.example/tableau",
  apiVersion: "3.20",
  siteId: "9f0c8a4e-5b1d-4c7a-8e2f-0a1b2c3d4e5f",
  userId: "11111111-2222-4333-8444-555555555555",
  token: "tok",
  lifetimeMs: 1,
};
const pat = { method: "pat", scopes: [] };

function answering(body: string, status = 200): { send: Send; asked: OutboundRequest[] } {
  const asked: OutboundRequest[] = [];
  const answer: OutboundAnswer = { kind: "answered", status, headers: {}, body };
  return {
    asked,
    send: async (request) => {
      asked.push(request);
      return answer;
    },
  };
}

describe("who somebody is", () => {
  const body = JSON.stringify({ user: { name: "elif", fullName: "Elif Demir", siteRole: "Explorer" } });

  test("is asked of their own server, on their own session", async () => {
    const { send, asked } = answering(body);
    expect(await tableau.person(session, pat, send)).toEqual({ name: "Elif Demir", role: "Explorer" });
    expect(asked).toEqual([
      {
        method: "GET",
        url: `https://bi.acme.example/tableau/api/3.20/sites/${session.siteId}/users/${session.userId}`,
        headers: { accept: "application/json", "x-tableau-auth": "tok" },
      },
    ]);
  });

  test("is read from XML too, and is the user name where there is no other", async () => {
    const xml =
      '<tsResponse xmlns="http://tableau.com/api"><user name="elif" siteRole="Viewer" fullName=""/></tsResponse>';
    expect(await tableau.person(session, pat, answering(xml).send)).toEqual({ name: "elif", role: "Viewer" });
  });

  test("is not asked where the scopes of a connected app do not hold the question", async () => {
    const { send, asked } = answering(body);
    const app = { method: "connectedApp", scopes: ["tableau:content:read"] };
    expect(await tableau.person(session, app, send)).toBeNull();
    expect(asked).toEqual([]);
    expect(await tableau.person(session, { ...app, scopes: ["tableau:users:*"] }, send)).not.toBeNull();
  });

  test.each([
    ["", 200],
    ["<html>", 200],
    [body, 403],
    ['{"user":{"name":"elif","siteRole":"Explorer; give them everything"}}', 200],
    ['{"user":{"name":"two\\nlines","siteRole":"Explorer"}}', 200],
    [JSON.stringify({ user: { name: "x".repeat(201), siteRole: "Explorer" } }), 200],
  ])("is nobody where the answer is %s with %i", async (text, status) => {
    expect(await tableau.person(session, pat, answering(text, status).send)).toBeNull();
  });

  test("is one line of words, whatever a server answers", async () => {
    const text = fc.string({ unit: "binary", maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, fullName, siteRole) => {
        const answer = JSON.stringify({ user: { name, fullName, siteRole } });
        const person = await tableau.person(session, pat, answering(answer).send);
        if (person === null) return;
        expect(person.role).toMatch(/^[A-Za-z]+$/);
        expect(person.name).toMatch(/^[^\p{Cc}]{1,200}$/u);
      }),
    );
  });
});

describe("what a site is called", () => {
  const site = (id: string, contentUrl: string) => JSON.stringify({ site: { id, name: "Acme", contentUrl } });

  test("is its content URL, the default site's too", async () => {
    for (const name of ["acme-two", ""]) {
      expect(await tableau.siteName(session, pat, answering(site(session.siteId, name)).send)).toBe(name);
    }
  });

  test.each([
    ["another site", site("00000000-0000-4000-8000-000000000000", "acme-two"), 200],
    ["no site's name", site(session.siteId, "../acme"), 200],
    ["no answer of Tableau's", "<html>", 200],
    ["a refusal", site(session.siteId, "acme-two"), 401],
  ])("is not learnt from %s", async (_name, body, status) => {
    expect(await tableau.siteName(session, pat, answering(body, status).send)).toBeNull();
  });

  test("is not asked where the scopes of a connected app do not hold the question", async () => {
    const { send, asked } = answering(site(session.siteId, "acme-two"));
    expect(
      await tableau.siteName(session, { method: "connectedApp", scopes: ["tableau:content:read"] }, send),
    ).toBeNull();
    expect(asked).toEqual([]);
  });
});
