import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  colleague,
  connectByTrust,
  projectsOf,
  setTrust,
  startReachableEasel,
} from "../organisations/organisations.fixture.ts";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

let easel: TestEasel;
let second: TestEasel;
let now = Date.UTC(2027, 0, 1);
beforeAll(async () => {
  easel = await startReachableEasel({ developmentKeys: "none", clock: () => now });
  second = await startTestEasel({ sandbox: easel.sandbox, database: easel.database, clock: () => now });
});
afterAll(async () => {
  await second.close();
  await easel.close();
});

async function keysAt(project: TestProject, origin = easel.origin): Promise<string[]> {
  const response = await fetch(`${origin}/issuers/${project.id}/jwks.json`);
  return ((await response.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
}

test("keys rotate by themselves: the next is published a week ahead, the last a day longer than it signs", async () => {
  const project = await easel.newProject();
  const { url, keys } = easel.sandbox;
  const { name: tokenName, secret: tokenSecret } = keys.pat;
  const order = { way: "registerIssuer", serverUrl: url, site: keys.site.contentUrl, tokenName, tokenSecret };
  expect((await setTrust(project, order)).status).toBe(200);
  const claims = colleague(keys.users[1]?.name ?? "");
  await connectByTrust(project, "gus", claims);

  const seen: string[][] = [];
  const start = now;
  for (let day = 0; day <= 68; day += 1) {
    now = start + day * DAY_MS;
    await easel.easel.upkeep.run();
    const published = await keysAt(project);
    expect(await keysAt(project, second.origin)).toEqual(published);
    await sandboxControl(easel.sandbox).order({ killSessions: true });
    expect([day, await projectsOf(project, "gus", claims)]).toEqual([day, "200"]);
    if (seen.at(-1)?.join() !== published.join()) seen.push(published);
  }
  const [first, next, third] = [...new Set(seen.flat())];
  expect(seen).toEqual([[first], [first, next], [next], [next, third], [third]]);
}, 120_000);

test("one key for all processes, however many ask at once, and none of another project", async () => {
  const [mine, theirs] = [await easel.newProject(), await easel.newProject()];
  const asked = await Promise.all(
    Array.from({ length: 12 }, (_, index) => keysAt(mine, index % 2 === 0 ? easel.origin : second.origin)),
  );
  expect(new Set(asked.map(String)).size).toBe(1);
  expect(asked[0]).toHaveLength(1);
  expect(await keysAt(theirs)).not.toEqual(asked[0]);
});

test("of a project that is not there, nothing is published", async () => {
  for (const path of ["jwks.json", ".well-known/openid-configuration", ".well-known/oauth-authorization-server"]) {
    expect((await fetch(`${easel.origin}/issuers/${randomUUID()}/${path}`)).status).toBe(404);
  }
  const { id } = easel.project;
  expect((await fetch(`${easel.origin}/issuers/${id}/../../x/.well-known/openid-configuration`)).status).toBe(404);
  const inserted = await fetch(`${easel.origin}/.well-known/oauth-authorization-server/issuers/${id}`);
  const appended = await fetch(`${easel.origin}/issuers/${id}/.well-known/openid-configuration`);
  expect(await inserted.json()).toEqual(await appended.json());
});
