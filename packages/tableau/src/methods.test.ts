import type { SignInRequest } from "@easel/connector";
import { describe, expect, test } from "vitest";
import { createTableauConnector } from "./tableau.ts";

const tableau = createTableauConnector({ clock: () => 0 });
const base: SignInRequest = {
  serverUrl: "https://10ax.online.tableau.com",
  apiVersion: "3.27",
  site: "acme",
  method: "pat",
  fields: { tokenName: "n", tokenSecret: "s" },
  scopes: [],
};
const session = {
  serverUrl: base.serverUrl,
  apiVersion: "3.27",
  siteId: "9f0c8a4e-5b1d-4c7a-8e2f-0a1b2c3d4e5f",
  userId: "11111111-2222-4333-8444-555555555555",
};

describe("the identity of a sign-in", () => {
  test("by token is the same at every site, since the token has one session in the world", () => {
    expect(tableau.identity({ ...base, site: "other" })).toEqual(tableau.identity(base));
    expect(tableau.identity({ ...base, apiVersion: "3.4" })).toEqual(tableau.identity(base));
    expect(tableau.identity({ ...base, scopes: ["tableau:jobs:read"] })).toEqual(tableau.identity(base));
  });

  test.each<[string, Partial<SignInRequest>]>([
    ["secret", { fields: { tokenName: "n", tokenSecret: "x" } }],
    ["name", { fields: { tokenName: "x", tokenSecret: "s" } }],
    ["server", { serverUrl: "https://bi.acme.example" }],
  ])("by token differs with the %s", (_, change) => {
    expect(tableau.identity({ ...base, ...change })).not.toEqual(tableau.identity(base));
  });

  test("by token stays the same when its site moves to another pod of Tableau Cloud, and a trust's does not", () => {
    const moved = { serverUrl: "https://10ay.online.tableau.com" };
    expect(tableau.identity({ ...base, ...moved })).toEqual(tableau.identity(base));
    const app = { ...base, method: "connectedApp" };
    expect(tableau.identity({ ...app, ...moved })).not.toEqual(tableau.identity(app));
  });

  test("by password differs with site and password", () => {
    const password = { ...base, method: "password", fields: { username: "ana", password: "pw" } };
    const identities = [
      password,
      { ...password, site: "other" },
      { ...password, fields: { username: "ana", password: "x" } },
    ].map((request) => JSON.stringify(tableau.identity(request)));
    expect(new Set(identities).size).toBe(3);
  });

  test("by connected app differs with everything but the order of the scopes", () => {
    const fields = { clientId: "c", secretId: "i", secretValue: "v", username: "ana" };
    const app = { ...base, method: "connectedApp", fields, scopes: ["tableau:b:read", "tableau:a:read"] };
    expect(tableau.identity({ ...app, scopes: ["tableau:a:read", "tableau:b:read"] })).toEqual(tableau.identity(app));
    const identities = [
      app,
      { ...app, site: "other" },
      { ...app, scopes: ["tableau:a:read"] },
      ...Object.keys(fields).map((name) => ({ ...app, fields: { ...fields, [name]: "x" } })),
    ].map((request) => JSON.stringify(tableau.identity(request)));
    expect(new Set(identities).size).toBe(identities.length);
  });
});

describe("the methods", () => {
  test("ask for what the portal's form sends", () => {
    const fields = Object.fromEntries(tableau.methods.map(({ id, fields }) => [id, fields.map((field) => field.id)]));
    expect(fields).toEqual({ connectedApp: [], pat: ["tokenName", "tokenSecret"], password: ["username", "password"] });
  });

  test("hide what is secret", () => {
    const secret = tableau.methods.flatMap(({ fields }) => fields.filter((field) => field.secret).map(({ id }) => id));
    expect(secret).toEqual(["tokenSecret", "password"]);
  });
});

describe("a confirmation", () => {
  test("asks who a session without scopes is", () => {
    expect(tableau.confirmation(session, "pat", [])).toBe(`${base.serverUrl}/api/3.27/sessions/current`);
  });

  test("lists one project where the scopes allow it, else there is none", () => {
    expect(tableau.confirmation(session, "connectedApp", ["tableau:*:read"])).toBe(
      `${base.serverUrl}/api/3.27/sites/${session.siteId}/projects?pageSize=1`,
    );
    expect(tableau.confirmation(session, "connectedApp", ["tableau:jobs:read"])).toBeNull();
  });
});

test("a session travels in one header", () => {
  expect(tableau.authorization({ token: "a|b|c" })).toEqual({ "x-tableau-auth": "a|b|c" });
  expect(tableau.authorization({ token: "a.b.c", carriedAs: "bearer" })).toEqual({ authorization: "Bearer a.b.c" });
});
