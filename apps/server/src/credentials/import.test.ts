import { Writable } from "node:stream";
import pino from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startFakeTableau } from "../testing/fake-tableau.ts";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { setOwnTrust } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

interface Result {
  readonly outcome: string;
  readonly user: string;
  readonly externalId: string | null;
  readonly credential?: Record<string, unknown> & { readonly id: string };
  readonly error?: { readonly code: string; readonly message: string };
}

let easel: TestEasel;
let project: TestProject;
let log = "";
beforeAll(async () => {
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      log += String(chunk);
      done();
    },
  });
  easel = await startTestEasel({ log: pino({ level: "trace" }, stream) });
});
beforeEach(async () => {
  project = await easel.newProject();
});
afterAll(() => easel.close());

async function send(items: readonly object[]): Promise<readonly Result[]> {
  const response = await project.manage("/credentials", { method: "POST", json: { credentials: items } });
  const body = (await response.json()) as { results: Result[] };
  expect([response.status, body]).toEqual([200, expect.objectContaining({ results: expect.any(Array) })]);
  return body.results;
}

function pat(at: number): Record<string, string> {
  const { url, keys } = easel.sandbox;
  const token = keys.users[at]?.pat;
  if (token === undefined) throw new Error(`The sandbox has no person ${at}.`);
  return { serverUrl: url, site: keys.site.contentUrl, tokenName: token.name, tokenSecret: token.secret };
}

async function list(query = ""): Promise<{ credentials: { id: string; sub: string }[]; next: string | null }> {
  const response = await project.manage(`/credentials${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Awaited<ReturnType<typeof list>>;
}

describe("an import", () => {
  test("connects users by every method, and they call Tableau at once", async () => {
    await setOwnTrust(project, easel.sandbox);
    const { keys, url } = easel.sandbox;
    const [, elif] = keys.users;
    const results = await send([
      { user: "u-pat", externalId: "main", ...pat(0) },
      {
        user: "u-password",
        serverUrl: url,
        site: keys.site.contentUrl,
        username: elif?.name,
        password: elif?.password,
      },
      { user: "u-app", username: elif?.name },
    ]);
    expect(results.map(({ outcome, user, externalId }) => [outcome, user, externalId])).toEqual([
      ["created", "u-pat", "main"],
      ["created", "u-password", null],
      ["created", "u-app", null],
    ]);
    expect(results.map(({ credential }) => credential?.method)).toEqual(["pat", "password", "connectedApp"]);
    expect(results[0]?.credential).toMatchObject({
      sub: "u-pat",
      serverUrl: url,
      site: "acme",
      username: keys.user.name,
      status: "VALID",
      apiVersion: "3.27",
      reason: null,
    });
    for (const user of ["u-pat", "u-password", "u-app"]) {
      const claims = { "tableau.username": undefined };
      const response = await project.call(user, "/sdk/proxy/tableau/projects?pageSize=1", { claims });
      expect([user, response.status]).toEqual([user, 200]);
    }
  });

  test("keeps nothing that does not sign in, and says why for each, while the others go through", async () => {
    const results = await send([
      { user: "good", ...pat(0) },
      { user: "wrong", ...pat(1), tokenSecret: "not-it" },
      { user: "where", ...pat(1), serverUrl: "https://10.0.0.1/" },
      { user: "where-too", ...pat(2), serverUrl: "https://10.0.0.1/" },
      { user: "half", serverUrl: easel.sandbox.url, site: "acme", tokenName: "t" },
      { user: "nothing" },
    ]);
    expect(results.map(({ user, outcome, error }) => [user, outcome, error?.code])).toEqual([
      ["good", "created", undefined],
      ["wrong", "refused", "tableau_sign_in_refused"],
      ["where", "refused", "tableau_server_forbidden"],
      ["where-too", "refused", "tableau_server_forbidden"],
      ["half", "refused", "credential_fields"],
      ["nothing", "refused", expect.stringMatching(/^(trust_|method_not_offered)/)],
    ]);
    expect((await list()).credentials.map(({ sub }) => sub)).toEqual(["good"]);
  });

  test("that is sent again changes nothing but what has changed", async () => {
    const items = [
      { user: "ana", externalId: "one", ...pat(0) },
      { user: "ana", externalId: "two", ...pat(1) },
      { user: "ana", ...pat(2) },
      { user: "bea", ...pat(2) },
    ];
    const first = await send(items);
    const before = await sandboxControl(easel.sandbox).signIns();
    const second = await send(items);
    expect(second.map(({ outcome }) => outcome)).toEqual(Array(4).fill("replaced"));
    expect(second.map(({ credential }) => credential?.id)).toEqual(first.map(({ credential }) => credential?.id));
    // The sessions of the first time are proved alive, and serve.
    expect(await sandboxControl(easel.sandbox).signIns()).toBe(before);
    expect((await list()).credentials).toHaveLength(4);
  });

  test("of a hundred comes to its end, in the order that it was sent", async () => {
    const users = Array.from({ length: 100 }, (_, at) => `user-${at}`);
    const results = await send(users.map((user, at) => ({ user, ...pat(at % 3) })));
    expect(results.map(({ user, outcome }) => [user, outcome])).toEqual(users.map((user) => [user, "created"]));
    expect(
      (await project.manage("/credentials", { method: "POST", json: { credentials: Array(101).fill({ user: "x" }) } }))
        .status,
    ).toBe(400);
  });

  test("asks a server that does not answer once, not once for each", async () => {
    const fake = await startFakeTableau({ signIn: (_request, response) => response.writeHead(404).end("gone") });
    const asked = await startTestEasel({ egressAllow: [fake.host], sandbox: easel.sandbox });
    project = asked.project;
    const items = Array.from({ length: 20 }, (_, at) => ({ user: `u${at}`, ...pat(0), serverUrl: fake.url }));
    const results = await send(items);
    expect(new Set(results.map(({ error }) => error?.code))).toEqual(new Set(["tableau_server_not_tableau"]));
    expect(fake.received.filter(({ url }) => url.endsWith("/auth/signin")).length).toBeLessThanOrEqual(8);
    await asked.close();
    await fake.close();
  });

  test("is for admins, and shows no secret: not in answers, not in errors, not in the log", async () => {
    for (const role of ["member", "support"] as const) {
      const { key } = await easel.easel.apiKeys.create(project.id, role, role);
      const response = await project.manage("/credentials", {
        method: "POST",
        json: { credentials: [{ user: "a", ...pat(0) }] },
        headers: { authorization: `Bearer ${key}` },
      });
      expect(response.status).toBe(403);
    }
    const [result] = await send([{ user: "ana", ...pat(0) }]);
    const refused = await send([{ user: "eve", ...pat(1), tokenSecret: "eve-types-it-wrong" }]);
    const malformed = await project.manage("/credentials", {
      method: "POST",
      json: { credentials: [{ user: "eve", tokenSecret: ["eve-types-it-wrong"], pat: "eve-types-it-wrong" }] },
    });
    const shown = JSON.stringify([result, refused, await list()]) + (await malformed.text()) + log;
    expect(malformed.status).toBe(400);
    for (const secret of [pat(0).tokenSecret, pat(1).tokenSecret, "eve-types-it-wrong"])
      expect(shown).not.toContain(secret);
  });
});

describe("a project's credentials", () => {
  test("are read page by page, the newest first, by user and by status", async () => {
    await send(Array.from({ length: 7 }, (_, at) => ({ user: `u${at}`, ...pat(at % 3) })));
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await list(`?limit=3${cursor}`);
      seen.push(...page.credentials.map(({ sub }) => sub));
      cursor = page.next === null ? "" : `&cursor=${page.next}`;
    } while (cursor !== "");
    expect([...seen].sort()).toEqual(["u0", "u1", "u2", "u3", "u4", "u5", "u6"]);
    expect((await list("?sub=u3")).credentials.map(({ sub }) => sub)).toEqual(["u3"]);
    expect((await list("?status=INVALID")).credentials).toEqual([]);
    expect((await list("?status=VALID&limit=500")).credentials).toHaveLength(7);
    for (const query of ["?cursor=x", `?cursor=1~${"-".repeat(36)}`, "?limit=0", "?status=GONE"]) {
      expect((await project.manage(`/credentials${query}`)).status).toBe(400);
    }
  });

  test("are deleted, and signed out where nobody else uses the sign-in", async () => {
    const [first, second] = await send([
      { user: "ana", ...pat(0) },
      { user: "bea", ...pat(0) },
    ]);
    const path = (result: Result | undefined) => `/credentials/${result?.credential?.id}`;
    expect(await (await project.manage(path(first))).json()).toMatchObject({ sub: "ana", method: "pat" });
    const signOuts = () => sandboxControl(easel.sandbox).calls("POST /auth/signout");
    const before = await signOuts();
    expect((await project.manage(path(first), { method: "DELETE" })).status).toBe(204);
    expect((await project.manage(path(first))).status).toBe(404);
    expect((await project.call("ana", "/sdk/proxy/tableau/projects")).status).toBe(409);
    expect((await project.call("bea", "/sdk/proxy/tableau/projects")).status).toBe(200);
    expect(await signOuts()).toBe(before);
    expect((await project.manage(path(second), { method: "DELETE" })).status).toBe(204);
  });
});
