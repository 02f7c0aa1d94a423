import { sql } from "kysely";
import { afterEach, expect, test } from "vitest";
import { openDatabase } from "../database/database.ts";
import { startTestEasel } from "../testing/test-easel.ts";

let easel: Awaited<ReturnType<typeof startTestEasel>>;
afterEach(() => easel.close());

async function newLink(): Promise<string> {
  easel = await startTestEasel();
  const path = await easel.easel.firstRun.link(easel.project.id);
  return easel.origin + path;
}

const claim = (link: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(link, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded", ...headers } });
const keyIn = (page: string): string | undefined => /easel_key_[\w-]+/.exec(page)?.[0];

test("the link asks first, as often as it is opened, and is spent by its button", async () => {
  const link = await newLink();
  for (const _time of [1, 2]) {
    const page = await fetch(link);
    expect(page.status).toBe(200);
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(keyIn(await page.text())).toBeUndefined();
  }
  const claimed = await claim(link);
  expect(claimed.status).toBe(200);
  expect(claimed.headers.get("cache-control")).toBe("no-store");
  const key = keyIn(await claimed.text());
  const settings = await fetch(`${easel.origin}/manage/v1/projects/${easel.project.id}/api-keys`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(settings.status).toBe(200);
});

test("a link that was used is over, and so is every other one, and there are no more", async () => {
  const link = await newLink();
  const other = easel.origin + (await easel.easel.firstRun.link(easel.project.id));
  expect((await claim(link)).status).toBe(200);
  for (const spent of [link, other]) {
    const page = await fetch(spent);
    expect(page.status).toBe(404);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(await page.text()).toContain("This link is over");
    const again = await claim(spent);
    expect(again.status).toBe(404);
    expect(keyIn(await again.text())).toBeUndefined();
  }
  expect(await easel.easel.firstRun.link(easel.project.id)).toBeNull();
  expect(await easel.easel.firstRun.isClaimed()).toBe(true);
});

test("a link is over after thirty minutes", async () => {
  const link = await newLink();
  const database = openDatabase(easel.database.url, () => {});
  const age = (interval: string) =>
    sql`update first_run_links set expires_at = expires_at - ${interval}::interval`.execute(database.db);
  await age("29 minutes");
  expect((await fetch(link)).status).toBe(200);
  await age("1 minute");
  expect((await fetch(link)).status).toBe(404);
  expect((await claim(link)).status).toBe(404);
  expect(await easel.easel.firstRun.isClaimed()).toBe(false);
  await database.close();
});

test("of people who press the button together, with one link or with several, one gets a key", async () => {
  const link = await newLink();
  const other = easel.origin + (await easel.easel.firstRun.link(easel.project.id));
  const answers = await Promise.all([link, other, link, other, link].map((each) => claim(each)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404]);
  const { apiKeys } = (await (await easel.project.manage("/api-keys")).json()) as { apiKeys: { name: string }[] };
  expect(apiKeys.filter(({ name }) => name === "First run")).toHaveLength(1);
});

test("only Easel's own page may press the button", async () => {
  const link = await newLink();
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "http://localhost:1" },
    { origin: "null", "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
  ]) {
    const refused = await claim(link, headers as Record<string, string>);
    expect(refused.status).toBe(403);
    expect(keyIn(await refused.text())).toBeUndefined();
  }
  expect((await claim(link, { origin: easel.origin, "sec-fetch-site": "same-origin" })).status).toBe(200);
});

test.each(["", "short", "A".repeat(43), "A".repeat(5000), "%00", "..%2f..%2f"])(
  "a code that is none is over: %s",
  async (code) => {
    await newLink();
    const page = await fetch(`${easel.origin}/app/first-run/${code}`);
    expect(page.status).toBe(404);
  },
);

test("the database holds the link's hash only", async () => {
  const link = await newLink();
  const database = openDatabase(easel.database.url, () => {});
  const { rows } = await sql<{
    row: string;
  }>`select to_jsonb(first_run_links)::text as row from first_run_links`.execute(database.db);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).not.toContain(link.split("/").at(-1));
  await database.close();
});
