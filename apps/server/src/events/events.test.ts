import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../database/database.ts";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { payloads, setOwnTrust } from "../testing/sign-in-methods.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { recordEvents } from "./events.ts";

/** How far the server's clock is ahead, in ms. */
let ahead = 0;
let easel: TestEasel;
let control: SandboxControl;
let project: TestProject;
beforeAll(async () => {
  easel = await startTestEasel({ clock: () => Date.now() + ahead });
  control = sandboxControl(easel.sandbox);
});
afterAll(() => easel.close());
beforeEach(async () => {
  ahead += 60_000;
  await control.order({ restore: true });
  project = await easel.newProject();
});

interface Event {
  readonly id: string;
  readonly kind: string;
  readonly sub?: string;
  readonly userId?: string;
  readonly credentialId?: string;
  readonly trustId?: string;
  readonly reason: { readonly code: string; readonly message: string };
}
async function page(query = ""): Promise<{ events: Event[]; next: string | null }> {
  const response = await project.manage(`/events${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as { events: Event[]; next: string | null };
}
const kinds = async (query = ""): Promise<string[]> => (await page(query)).events.map(({ kind }) => kind);

async function call(user: string): Promise<string | undefined> {
  const response = await project.call(user, "/sdk/proxy/tableau/projects?pageSize=1");
  return ((await response.json()) as { code?: string }).code;
}

test("a credential that Tableau refuses is told once, however many calls learn it, and told again when it works", async () => {
  const { id } = await project.connect("ana", { ...payloads(easel.sandbox).pat });
  await control.order({ revokePat: easel.sandbox.keys.pat.name });
  await call("ana");
  // One refusal is doubt, and nothing to tell.
  expect(await kinds()).toEqual([]);
  ahead += 61_000;
  await Promise.all(Array.from({ length: 16 }, () => call("ana")));
  const { events } = await page();
  expect(events).toMatchObject([
    {
      kind: "credential_invalid",
      sub: "ana",
      credentialId: id,
      reason: { code: "tableau_sign_in_refused", message: expect.stringContaining("token") },
    },
  ]);

  await control.order({ restore: true });
  await project.connect("ana", { ...payloads(easel.sandbox).pat });
  expect(await kinds()).toEqual(["credential_recovered", "credential_invalid"]);
  await project.connect("ana", { ...payloads(easel.sandbox).pat });
  expect(await kinds()).toHaveLength(2);
});

test("an app that Tableau refuses is one event, however many credentials use it", async () => {
  await setOwnTrust(project, easel.sandbox);
  const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
  for (const user of users) await project.connect(user, { ...payloads(easel.sandbox).connectedApp });
  await control.order({ deleteAppSecret: true, killSessions: true });
  expect(new Set(await Promise.all(users.map(call)))).toEqual(new Set(["trust_broken"]));
  // Looked at again a minute later, and still the same.
  ahead += 61_000;
  expect(await call("user-1")).toBe("trust_broken");
  const { events } = await page();
  expect(events).toMatchObject([{ kind: "trust_broken", reason: { code: "tableau_app_refused" } }]);

  await control.order({ restore: true });
  ahead += 61_000;
  await Promise.all(users.map(call));
  expect(await kinds()).toEqual(["trust_recovered", "trust_broken"]);
  expect((await page()).events[0]?.trustId).toBe(events[0]?.trustId);
});

test("a token that is used somewhere else is told to everybody who has connected it, in every project", async () => {
  const other = await easel.newProject();
  await project.connect("ana", { ...payloads(easel.sandbox).pat });
  await project.connect("ben", { ...payloads(easel.sandbox).pat });
  await other.connect("eve", { ...payloads(easel.sandbox).pat });
  for (let kill = 0; kill < 5; kill += 1) {
    await control.order({ killSessions: true });
    await Promise.all([call("ana"), call("ben")]);
  }
  expect((await page()).events.map(({ kind, sub }) => `${kind} ${sub}`).sort()).toEqual([
    "credential_contested ana",
    "credential_contested ben",
  ]);
  const { events: theirs } = (await (await other.manage("/events")).json()) as { events: Event[] };
  expect(theirs).toMatchObject([
    { kind: "credential_contested", sub: "eve", reason: { code: "tableau_session_contested" } },
  ]);

  await sql(easel.database.url, "update sessions set contested_at = contested_at - interval '2 minutes'");
  await Promise.all([easel.easel.upkeep.run(), easel.easel.upkeep.run()]);
  expect((await kinds()).sort()).toEqual([
    "credential_contested",
    "credential_contested",
    "credential_settled",
    "credential_settled",
  ]);
});

test("who reads on from the last id that it saw misses nothing that is written meanwhile", async () => {
  const database = openDatabase(easel.database.url, () => {});
  const userId = crypto.randomUUID();
  const write = (number: number): Promise<void> =>
    database.inProject(project.id, async (trx) => {
      const reason = { code: "x", message: String(number), action: "" };
      await recordEvents(trx, [
        { kind: "credential_invalid", projectId: project.id, userId, credentialId: userId, reason },
      ]);
      // Ids are given here, and can be read when this is over.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    });
  const seen: string[] = [];
  let last = "0";
  const read = async (): Promise<void> => {
    const rows = await sql<{ id: string; message: string }>(
      easel.database.url,
      "select id, details->'reason'->>'message' as message from events where project_id = $1 and id > $2 order by id",
      [project.id, last],
    );
    for (const row of rows) {
      seen.push(row.message);
      last = row.id;
    }
  };
  let isOver = false;
  const writing = Promise.all(Array.from({ length: 60 }, (_, number) => write(number))).finally(() => {
    isOver = true;
  });
  while (!isOver) await read();
  await writing;
  await read();
  await database.close();
  expect(seen.map(Number).sort((one, other) => one - other)).toEqual(Array.from({ length: 60 }, (_, index) => index));
});

describe("reading", () => {
  /** Events of three users, as if they had happened. */
  async function happened(count: number): Promise<void> {
    for (const user of ["ana", "ben", "eve"]) await project.call(user, "/sdk/me");
    await sql(
      easel.database.url,
      `insert into events (project_id, kind, user_id, credential_id, details)
       select $1, case when n % 2 = 0 then 'credential_invalid' else 'credential_contested' end,
         (array(select id from users where project_id = $1 order by subject))[1 + n % 3],
         ('00000000-0000-4000-8000-00000000000' || n % 3)::uuid,
         jsonb_build_object('reason', jsonb_build_object('code', 'x', 'message', n::text, 'action', ''))
       from generate_series(1, $2::int) n`,
      [project.id, count],
    );
  }

  test("goes on from page to page, and neither skips nor repeats what comes meanwhile", async () => {
    await happened(25);
    const seen: string[] = [];
    let query = "?limit=10";
    for (let pages = 0; ; pages += 1) {
      const { events, next } = await page(query);
      seen.push(...events.map(({ reason }) => reason.message));
      await happened(3);
      if (next === null) break;
      query = `?limit=10&cursor=${next}`;
      expect(pages).toBeLessThan(5);
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => String(25 - index)));
  });

  test("finds by kind, user and credential", async () => {
    await happened(12);
    expect(new Set(await kinds("?kind=credential_invalid"))).toEqual(new Set(["credential_invalid"]));
    const { events: ofBen } = await page("?sub=ben");
    expect(ofBen).toHaveLength(4);
    expect(new Set(ofBen.map(({ sub }) => sub))).toEqual(new Set(["ben"]));
    expect((await page(`?userId=${ofBen[0]?.userId}`)).events).toEqual(ofBen);
    expect((await page("?credentialId=00000000-0000-4000-8000-000000000001")).events).toHaveLength(4);
    expect(await kinds("?sub=nobody")).toEqual([]);
    for (const wrong of ["?kind=other", "?limit=0", "?cursor=x", "?cursor=99999999999999999999", "?userId=1"])
      expect((await project.manage(`/events${wrong}`)).status).toBe(400);
  });

  test("shows a project its own events only, and forgets old ones", async () => {
    await happened(3);
    const other = await easel.newProject();
    expect(await (await other.manage("/events")).json()).toEqual({ events: [], next: null });
    await sql(
      easel.database.url,
      `update events set at = now() - interval '91 days'
       where project_id = $1 and id = (select min(id) from events where project_id = $1)`,
      [project.id],
    );
    await easel.easel.upkeep.run();
    expect(await kinds()).toHaveLength(2);
  });
});
