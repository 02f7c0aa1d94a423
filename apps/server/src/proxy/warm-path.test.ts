import { Client } from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openClient } from "../clients/clients.fixture.ts";
import { colleague, connectByTrust, setTrust } from "../organisations/organisations.fixture.ts";
import { METHODS, payloads } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

let easel: TestEasel;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

/** What may be asked in the background: the proof that changes are heard, and usage rows in batches. */
const IN_THE_BACKGROUND = [
  /^select id::text, topic from changes/,
  /^with batch as \(insert into usage_batches/,
  /^\s*insert into budget_counts/,
  /^select set_config\('role'/,
  /^select (make_usage_day|pg_try_advisory_lock|pg_advisory_unlock)|from pg_class left join pg_inherits/,
  /^\s*update sessions set contest_since = null/,
  /^(begin|commit|start transaction)$/i,
];

/** Every statement that this process sends to PostgreSQL while something happens, whatever sends it. */
async function statementsDuring(run: () => Promise<void>): Promise<string[]> {
  const sent = vi.spyOn(Client.prototype, "query");
  try {
    await run();
    return sent.mock.calls.map(([query]: unknown[]) =>
      typeof query === "string" ? query : String((query as { text?: unknown }).text),
    );
  } finally {
    sent.mockRestore();
  }
}

test.each(METHODS)("calls on a warm path ask the database nothing (%s)", async (method) => {
  const project = await easel.newProject();
  await project.connect("ana", { ...payloads(easel.sandbox)[method] });
  const token = await project.token("ana");
  const call = async (init: { method?: string; body?: string } = {}): Promise<void> => {
    const response = await project.call("ana", "/sdk/proxy/tableau/projects?pageSize=1", { ...init, token });
    await response.arrayBuffer();
    expect(response.status).toBeLessThan(405);
  };
  await call();
  const statements = await statementsDuring(async () => {
    for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 8 }, () => call()));
    await call({ method: "POST", body: "{}" });
  });
  expect(statements.filter((text) => !IN_THE_BACKGROUND.some((known) => known.test(text)))).toEqual([]);
  // Batches, and not a transaction for each call.
  expect(statements.length).toBeLessThan(60);
});

test.each(["acme", "globex"])(
  "nor do those of an organisation, with a trust of its own or without (%s)",
  async (org) => {
    const project = await easel.newProject();
    const { url, keys } = easel.sandbox;
    const order = { way: "keys", serverUrl: url, site: keys.site.contentUrl, ...keys.connectedApp };
    expect((await setTrust(project, order)).status).toBe(200);
    const claims = { ...colleague(keys.users[1]?.name ?? ""), org };
    expect((await connectByTrust(project, "gus", claims)).status).toBe(201);
    const token = await project.token("gus", claims);
    const call = async (): Promise<void> => {
      const response = await project.call("gus", "/sdk/proxy/tableau/projects?pageSize=1", { token });
      await response.arrayBuffer();
      expect(response.status).toBe(200);
    };
    await call();
    const statements = await statementsDuring(async () => {
      for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 8 }, call));
    });
    expect(statements.filter((text) => !IN_THE_BACKGROUND.some((known) => known.test(text)))).toEqual([]);
  },
);

test("nor do a Tableau client's calls, by session, client key or user token", async () => {
  const project = await easel.newProject();
  const client = await openClient(easel, project);
  const { token, site } = await client.signIn();
  for (const carried of [token, client.key, await project.token("ana")]) {
    const call = async (): Promise<void> => {
      const url = `${client.prefix}/api/3.27/sites/${site.id}/projects?pageSize=1`;
      const response = await fetch(url, { headers: { "x-tableau-auth": carried } });
      await response.arrayBuffer();
      expect(response.status).toBe(200);
    };
    await call();
    const statements = await statementsDuring(async () => {
      for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 8 }, call));
    });
    expect(statements.filter((text) => !IN_THE_BACKGROUND.some((known) => known.test(text)))).toEqual([]);
  }
});

test("the count sees what is asked", async () => {
  const statements = await statementsDuring(async () => {
    await easel.project.call("somebody-new", "/sdk/me");
  });
  expect(statements.join("\n")).toContain("users");
});
