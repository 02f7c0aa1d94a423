import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

const newProject = (session: SignedIn, name: string) =>
  session.onSite("/projects", { method: "POST", body: `<tsRequest><project name="${name}"/></tsRequest>` });

describe("a JWT session", () => {
  test("does what its scopes hold, and anything else is 401002 with the session still alive", async () => {
    const session = await sandbox.byJwt(["tableau:content:read"]);
    expect((await session.onSite("/projects")).status).toBe(200);
    for (const path of ["/jobs", "/users"]) {
      expect(await errorOf(await session.onSite(path))).toMatchObject({ code: "401002" });
    }
    expect((await session.onSite("/workbooks")).status).toBe(200);
  });

  test("may hold wildcards for the action, or for everything", async () => {
    const projects = await sandbox.byJwt(["tableau:projects:*"]);
    expect((await newProject(projects, "By wildcard")).status).toBe(201);
    expect(await errorOf(await projects.onSite("/jobs"))).toMatchObject({ code: "401002" });
    const everything = await sandbox.byJwt(["tableau:*:*"]);
    expect((await everything.onSite("/jobs")).status).toBe(200);
  });

  test("never reaches a method that is not offered to JWTs, whatever its scopes", async () => {
    const session = await sandbox.byJwt(["tableau:*:*"]);
    const tokens = await session.onSite(`/users/${session.user.id}/personal-access-tokens`);
    expect(await errorOf(tokens)).toMatchObject({ code: "401002" });
  });

  test("without scopes may look at itself and sign out", async () => {
    const session = await sandbox.byJwt([]);
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
    expect((await session.call("/sessions/current")).status).toBe(200);
    expect((await session.call("/auth/signout", { method: "POST" })).status).toBe(204);
  });
});

describe("site roles", () => {
  test("users and jobs are for site administrators, one's own user is not", async () => {
    const administrator = await sandbox.administrator();
    for (const session of [await sandbox.explorer(), await sandbox.viewer()]) {
      for (const path of ["/users", "/jobs", `/users/${administrator.user.id}`]) {
        expect(await errorOf(await session.onSite(path))).toMatchObject({ code: expect.stringMatching(/^403/) });
      }
      expect((await session.onSite(`/users/${session.user.id}`)).status).toBe(200);
      expect((await session.onSite("/workbooks")).status).toBe(200);
    }
    expect((await administrator.onSite("/users")).status).toBe(200);
  });

  test("top-level projects are for site administrators", async () => {
    for (const session of [await sandbox.explorer(), await sandbox.viewer()]) {
      expect(await errorOf(await newProject(session, "Mine"))).toMatchObject({ code: expect.stringMatching(/^403/) });
    }
  });

  test("nobody on Cloud may list sites", async () => {
    const session = await sandbox.administrator();
    expect(await errorOf(await session.call("/sites"))).toMatchObject({ code: "403069" });
    expect((await session.call(`/sites/${session.site.id}`)).status).toBe(200);
    expect((await session.call("/sites/acme?key=contentUrl")).status).toBe(200);
  });
});
