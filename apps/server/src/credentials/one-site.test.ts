import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

/** Tableau lets a token have one session in the world, on one site. */

let easel: TestEasel;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

const OTHER_SITE = "acme-labs";

function tokenOf(person: number, site: string): Record<string, unknown> {
  const pat = easel.sandbox.keys.users[person]?.pat;
  return { serverUrl: easel.sandbox.url, site, method: "pat", tokenName: pat?.name, tokenSecret: pat?.secret };
}

async function siteName(user: string): Promise<unknown> {
  const response = await easel.project.call(user, "/sdk/proxy/tableau/api/{apiVersion}/sites/{siteId}");
  return ((await response.json()) as { output?: { site: { contentUrl: string } } }).output?.site.contentUrl;
}

test("a token that was connected to the wrong site is reconnected to the right one", async () => {
  await easel.project.connect("ana", tokenOf(0, "acme"));
  expect(await siteName("ana")).toBe("acme");
  await easel.project.connect("ana", tokenOf(0, OTHER_SITE));
  expect(await siteName("ana")).toBe(OTHER_SITE);
  await easel.project.connect("ana", tokenOf(0, "acme"));
  expect(await siteName("ana")).toBe("acme");
});

test("a token that somebody uses on another site is refused in words, and nobody reads the other's site", async () => {
  await easel.project.connect("ben", tokenOf(1, "acme"));
  const response = await easel.project.call("cleo", "/sdk/credentials", {
    method: "POST",
    json: { integrationId: easel.project.integrationId, payload: tokenOf(1, OTHER_SITE) },
  });
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ code: "pat_on_other_site" });
  expect(await siteName("ben")).toBe("acme");
});

test("of two who connect one token to two sites at the same moment, nobody reads the other's site", async () => {
  const connect = (user: string, site: string) =>
    easel.project.call(user, "/sdk/credentials", {
      method: "POST",
      json: { integrationId: easel.project.integrationId, payload: tokenOf(2, site) },
    });
  await Promise.all([connect("dora", "acme"), connect("emil", OTHER_SITE)]);
  expect(["acme", undefined]).toContain(await siteName("dora"));
  expect([OTHER_SITE, undefined]).toContain(await siteName("emil"));
});
