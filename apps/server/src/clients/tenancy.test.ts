import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { openClient, type TestClient } from "./clients.fixture.ts";

/**
 * The doors of Tableau's clients, walked with whatever strangers hold. (The routes of the management API, those of client
 * keys among them, are walked in `projects/tenancy.test.ts`.)
 */
let easel: TestEasel;
let mine: TestProject;
let theirs: TestProject;
let ana: TestClient;
let siteId: string;
/** What belongs to `ana` of `theirs`, besides what stands in the address. */
let secrets: readonly string[];
beforeAll(async () => {
  easel = await startTestEasel();
  mine = easel.project;
  theirs = await easel.newProject();
  ana = await openClient(easel, theirs);
  const { token, site } = await ana.signIn();
  siteId = site.id;
  secrets = [token, ana.key, ana.keyId, theirs.integrationId];
});
afterAll(() => easel.close());

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

function addresses(): { method: string; label: string; url: string }[] {
  const declared = easel.easel.app.declaredRoutes.filter(({ access }) => access === "tableauClient");
  return declared.flatMap(({ method, url }) => {
    const server = url
      .replace(":projectId", theirs.id)
      .replace(":credentialId", ana.credentialId)
      .replace(/\/?(\/api)?\/\*$/, "");
    const below = [`/api/3.27/sites/${siteId}/projects`, "/api/3.27/sessions/current", "/api/-/pulse/definitions", ""];
    return below
      .filter((path) => path !== "" || server !== "")
      .map((path) => ({ method, label: `${method} ${url} ${path}`, url: `${easel.origin}${server}${path}` }));
  });
}

async function walk(token: string | null, expected: readonly number[]): Promise<void> {
  const walked = addresses();
  expect(new Set(walked.map(({ method }) => method))).toEqual(new Set(METHODS));
  for (const { method, label, url } of walked) {
    const response = await fetch(url, {
      method,
      headers: token === null ? {} : { "x-tableau-auth": token },
      ...(/GET|HEAD/.test(method) ? {} : { body: "<tsRequest/>" }),
    });
    const text = await response.text();
    // A method that Easel's own routes do not take is refused before it is asked who calls.
    const isOk = expected.includes(response.status) || (response.status === 405 && url.endsWith("/current"));
    expect([label, response.status, isOk]).toEqual([label, response.status, true]);
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
}

describe("At the doors of Tableau clients, another's credential is reached", () => {
  // 404: an address below the door that is not /api.
  test("without a token by nobody", () => walk(null, [401, 404]));
  test("with a user token of another project by nobody", async () => walk(await mine.token("ana"), [401, 404]));
  test("with another user's token by nobody", async () => walk(await theirs.token("eve"), [401, 404]));

  test("with another project's client key, or a session of it, only where that says what it is for", async () => {
    const own = await openClient(easel, mine);
    const { token } = await own.signIn();
    for (const held of [own.key, token]) {
      const atTheirs = await ana.list(held, ana.prefix);
      expect(atTheirs.status).toBe(401);
      // At the root it is the key's own credential, whoever's site is in the path.
      const atRoot = await fetch(`${easel.origin}/api/3.27/sessions/current`, { headers: { "x-tableau-auth": held } });
      expect(atRoot.status).toBe(200);
    }
  });

  test("never with an id of it under another project's id", async () => {
    const server = `${easel.origin}/projects/${mine.id}/tableau/${ana.credentialId}`;
    for (const held of [await mine.token("ana"), await theirs.token("ana"), ana.key, (await ana.signIn()).token]) {
      const response = await ana.list(held, server);
      expect([401, 404]).toContain(response.status);
    }
  });

  test("by no web page, even of an allowed origin, and no answer lets a page read it", async () => {
    const { token } = await ana.signIn();
    const url = `${ana.prefix}/api/3.27/sites/${siteId}/projects`;
    const asked = await fetch(url, { headers: { "x-tableau-auth": token, origin: "http://localhost:3000" } });
    expect(asked.status).toBe(403);
    const allowed = await fetch(url, { headers: { "x-tableau-auth": token } });
    for (const answer of [asked, allowed]) {
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      expect(answer.headers.get("content-security-policy")).toContain("sandbox");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    const preflight = await fetch(`${easel.origin}/api/3.27/auth/signin`, { method: "OPTIONS" });
    expect(preflight.ok).toBe(false);
  });

  test("under no foreign name", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(easel.origin);
      request({ port, path: "/api/2.4/serverinfo", headers: { host: "evil.example" } }, ({ statusCode, headers }) => {
        expect(headers["content-type"]).toContain("xml");
        resolve(statusCode);
      })
        .once("error", reject)
        .end();
    });
    expect(status).toBe(421);
  });
});
