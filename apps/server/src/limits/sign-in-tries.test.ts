import { afterAll, beforeAll, expect, test } from "vitest";
import { type DatabaseAccess, openDatabase } from "../database/database.ts";
import { prune } from "../database/pruning.ts";
import { EaselError } from "../http/errors.ts";
import { sql } from "../testing/sql.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { createSignInTries, type SignInTries } from "./sign-in-tries.ts";

let url: string;
/** As two processes have them. */
let databases: DatabaseAccess[];
let processes: SignInTries[];
beforeAll(async () => {
  url = await createTestDatabase();
  databases = [0, 1].map(() => openDatabase(url, () => {}));
  processes = databases.map(createSignInTries);
});
afterAll(() => Promise.all(databases.map((database) => database.close())));

let users = 0;
/** A new connected user, so that only the name is counted. */
const someone = (): string => {
  users += 1;
  return `user-${users}`;
};

const isLetThrough = async (run: Promise<unknown>): Promise<boolean> =>
  run.then(
    () => true,
    (error: unknown) => {
      expect(error).toMatchObject({ code: "sign_in_throttled", status: 429 });
      return false;
    },
  );

test("guesses at one name, at the same time and over two processes, are twenty and no more", async () => {
  const guesses = Array.from({ length: 60 }, (_, at) => async () => {
    const tried = await processes[at % 2]?.begin("https://tableau.example", "ana@acme.example", someone());
    tried?.refused();
    await tried?.end();
  });
  const results = await Promise.all(guesses.map((guess) => isLetThrough(guess())));
  expect(results.filter(Boolean)).toHaveLength(20);
});

test("another spelling of the name or the server is the same account, another name is not", async () => {
  const [process] = processes;
  const begin = (server: string, name: string) => process?.begin(server, name, someone()) ?? Promise.reject();
  for (const spelling of ["https://TABLEAU.example", "http://tableau.example:8080/prefix"]) {
    expect(await isLetThrough(begin(spelling, " Ana@Acme.example"))).toBe(false);
  }
  expect(await isLetThrough(begin("https://tableau.example", "elif@acme.example"))).toBe(true);
});

test("sign-ins that worked, or could not be tried, count against nobody", async () => {
  for (let count = 0; count < 30; count += 1) {
    const tried = await processes[count % 2]?.begin("https://tableau.example", "victor", someone());
    await tried?.end();
  }
});

test("one user tries sixty times a minute at most, whatever the names", async () => {
  const user = someone();
  const tries = Array.from({ length: 80 }, (_, at) =>
    isLetThrough(processes[at % 2]?.begin(`https://server-${at}.example`, "x", user) ?? Promise.reject()),
  );
  expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(60);
  const refusal: unknown = await processes[0]?.ask(user).catch((error: unknown) => error);
  if (!(refusal instanceof EaselError)) throw new Error("It was not refused.");
  expect(Number(refusal.headers["retry-after"])).toBeGreaterThan(50);
});

test("a minute later it begins anew, an hour holds sixty, and what is over is removed", async () => {
  const [process] = processes;
  const guess = async () => {
    const tried = await process?.begin("https://tableau.example", "hourly", someone());
    tried?.refused();
  };
  /** The minute's counts end; the hour's end later. */
  const minuteLater = () =>
    sql(url, "update sign_in_tries set ends_at = now() where ends_at < now() + interval '2 minutes'");
  let through = 0;
  for (let round = 0; round < 8; round += 1) {
    for (let count = 0; count < 21; count += 1) if (await isLetThrough(guess())) through += 1;
    await minuteLater();
  }
  expect(through).toBe(60);
  const [database] = databases;
  if (database !== undefined) await prune(database);
  const left = await sql<{ count: string }>(url, "select count(*) from sign_in_tries where ends_at < now()");
  expect(left[0]?.count).toBe("0");
});

test("no name is kept", async () => {
  const rows = await sql<{ row: string }>(url, "select sign_in_tries::text as row from sign_in_tries");
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toMatch(/ana|victor|acme|tableau/i);
});
