import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pat, type SignedIn, type TestSandbox } from "../testing/client.ts";

const day = 24 * 3_600_000;

const madeSchema = z.object({
  id: z.string(),
  name: z.string(),
  password: z.string(),
  pat: z.object({ name: z.string(), secret: z.string(), guid: z.string() }),
});
const listSchema = z.object({
  personalAccessTokens: z.object({
    personalAccessToken: z
      .array(
        z.object({
          tokenName: z.string(),
          tokenGuid: z.string(),
          lastUsedAt: z.string().optional(),
          expiresAt: z.string(),
        }),
      )
      .optional(),
  }),
});

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await openTestSandbox();
});
afterEach(() => sandbox.close());

const makePerson = async (what: object = {}) =>
  madeSchema.parse(await (await sandbox.make("people", { name: "new@acme.example", ...what })).json());

const byToken = ({ pat: { name, secret } }: { pat: { name: string; secret: string } }) => ({
  personalAccessTokenName: name,
  personalAccessTokenSecret: secret,
});

const tokensOf = async (session: SignedIn, userId: string) => {
  const answer = await session.onSite(`/users/${userId}/personal-access-tokens`);
  return listSchema.parse(await answer.json()).personalAccessTokens.personalAccessToken ?? [];
};

describe("a personal access token", () => {
  test("of a person that a test makes signs in, as their password does", async () => {
    const person = await makePerson({ siteRole: "Creator" });
    const session = await sandbox.as(byToken(person));
    expect(session.user.id).toBe(person.id);
    expect((await sandbox.signIn({ name: person.name, password: person.password })).status).toBe(200);
  });

  test("is over after 15 days unused, and each use begins them anew", async () => {
    for (let times = 0; times < 3; times++) {
      sandbox.advance(14 * day);
      expect((await sandbox.signIn(pat(sandbox, 0))).status).toBe(200);
    }
    sandbox.advance(15 * day);
    expect(await errorOf(await sandbox.signIn(pat(sandbox, 0)))).toMatchObject({ code: "401001" });
  });

  test("is over at its end, and signing in says how long that is, which a password's does not", async () => {
    const person = await makePerson();
    const made = await sandbox.make("personal-access-tokens", { user: person.name, name: "short", lifetimeDays: 2 });
    const token = { pat: { name: "short", secret: z.object({ secret: z.string() }).parse(await made.json()).secret } };
    const lifeOf = async (credentials: object) =>
      (await objectOf(await sandbox.signIn(credentials), "credentials")).estimatedTimeToExpiration;
    expect(await lifeOf(byToken(person))).toMatch(/^36[45]:\d\d:\d\d$/);
    sandbox.advance(day + 3_600_000);
    expect(await lifeOf(byToken(token))).toMatch(/^0:2[23]:\d\d$/);
    expect(await lifeOf({ name: person.name, password: person.password })).toBeUndefined();
    sandbox.advance(day);
    expect(await errorOf(await sandbox.signIn(byToken(token)))).toMatchObject({ code: "401001" });
  });

  test("is listed with its last use by its owner and by an administrator of all their sites, not by others", async () => {
    const person = await makePerson();
    const session = await sandbox.as(byToken(person));
    const expected = [
      { tokenName: "test", tokenGuid: person.pat.guid, lastUsedAt: expect.any(String), expiresAt: expect.any(String) },
    ];
    expect(await tokensOf(session, person.id)).toEqual(expected);
    const administrator = await sandbox.administrator();
    expect(await tokensOf(administrator, person.id)).toEqual(expected);
    const others = await session.onSite(`/users/${administrator.user.id}/personal-access-tokens`);
    expect(await errorOf(others)).toMatchObject({ code: "403004" });
    // Elif is on the second site too, where Ana administers as well.
    const elif = await sandbox.explorer();
    expect((await tokensOf(administrator, elif.user.id)).map(({ tokenName }) => tokenName)).toEqual(["elif-notebooks"]);
  });

  test("that is revoked is gone, with what it began", async () => {
    const person = await makePerson();
    const session = await sandbox.as(byToken(person));
    const administrator = await sandbox.administrator();
    const path = `/users/${person.id}/personal-access-tokens/${person.pat.guid}`;
    expect((await administrator.onSite(path, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
    expect(await errorOf(await sandbox.signIn(byToken(person)))).toMatchObject({ code: "401001" });
    expect(await tokensOf(administrator, person.id)).toEqual([]);
    const again = await administrator.onSite(path, { method: "DELETE" });
    expect(await errorOf(again)).toMatchObject({ code: "404040" });
  });

  test("can be switched off everywhere, on a site, or for a user", async () => {
    const elif = { site: { contentUrl: "acme-labs" }, ...pat(sandbox, 1) };
    const fails = async (credentials: object) => (await sandbox.signIn(credentials)).status === 401;
    await sandbox.order({ tokensOff: { site: "acme" } });
    expect([await fails(pat(sandbox, 0)), await fails(pat(sandbox, 1)), await fails(elif)]).toEqual([
      true,
      true,
      false,
    ]);
    await sandbox.order({ restore: true, tokensOff: { user: sandbox.keys.user.name } });
    expect([await fails(pat(sandbox, 0)), await fails(pat(sandbox, 1)), await fails(elif)]).toEqual([
      true,
      false,
      false,
    ]);
    await sandbox.order({ tokensOff: true });
    expect(await fails(elif)).toBe(true);
    await sandbox.order({ restore: true });
    expect(await fails(pat(sandbox, 0))).toBe(false);
  });

  test("can't be an eleventh, nor have a name twice, nor be nobody's", async () => {
    const person = await makePerson();
    const more = (name: string, user = person.name) => sandbox.make("personal-access-tokens", { user, name });
    expect((await more("test")).status).toBe(400);
    for (let count = 1; count < 10; count++) expect((await more(`token ${count}`)).status).toBe(201);
    expect((await more("one too many")).status).toBe(400);
    expect((await more("mine", "nobody@acme.example")).status).toBe(400);
  });
});
