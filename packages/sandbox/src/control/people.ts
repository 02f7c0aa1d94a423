import { randomBytes } from "node:crypto";
import * as z from "zod";
import { addToken, hashOf, newTokenSecret } from "../auth/personal-access-tokens.ts";
import { siteNamed } from "../auth/sign-in.ts";
import { isoSeconds } from "../query/description.ts";
import { siteRoles } from "../rest/users/model.ts";
import { makeUser, userNamed } from "../rest/users/new-user.ts";
import type { World } from "../world.ts";

const day = 24 * 3_600_000;

/** People that can be made. */
const mostUsers = 200_000;

/** The body of `POST /__sandbox/people`: somebody who can sign in. */
export const personSchema = z.strictObject({
  /** The user name, on Tableau Cloud an e-mail address. Whoever is on the site already is given new credentials. */
  name: z.string().trim().min(1).max(255),
  fullName: z.string().min(1).max(255).optional(),
  siteRole: z.enum(siteRoles).default("Explorer"),
  /** The content URL; the site of the printed keys when it is not given. */
  site: z.string().max(200).optional(),
  password: z.string().min(1).max(255).optional(),
  /** What their personal access token is called. */
  patName: z.string().min(1).max(255).default("test"),
});

/** The body of `POST /__sandbox/personal-access-tokens`: one more token for somebody. */
export const tokenSchema = z.strictObject({
  user: z.string().min(1).max(255),
  name: z.string().min(1).max(255),
  /** How long it lives; a year when it is not given. */
  lifetimeDays: z.int().min(1).max(365).optional(),
});

type Made = { made: object } | { problem: string };

export function addPerson(world: World, order: z.output<typeof personSchema>): Made {
  const { name, siteRole, password = randomBytes(15).toString("base64url") } = order;
  const site = siteNamed(world, order.site ?? world.keys.site.contentUrl);
  if (site === undefined) return { problem: `There is no site with the content URL '${order.site}'.` };
  const known = userNamed(site, name);
  if (known === undefined && site.users.size >= mostUsers) return { problem: "There are too many people." };
  const user = known ?? makeUser({ name, siteRole, fullName: order.fullName ?? name });
  user.siteRole = siteRole;
  site.users.set(user.id, user);
  const token = givePersonalAccessToken(world, { user: name, name: order.patName });
  if ("problem" in token) return token;
  world.credentials.passwords.set(name.toLowerCase(), hashOf(password));
  return { made: { id: user.id, name, siteRole, site: { contentUrl: site.contentUrl }, password, pat: token.made } };
}

export function givePersonalAccessToken(world: World, order: z.output<typeof tokenSchema>): Made {
  const { user, name, lifetimeDays } = order;
  const isSomebody = world.sites.some(({ users }) => users.values().some((one) => one.name === user));
  if (!isSomebody) return { problem: `There is no user '${user}'.` };
  const secret = newTokenSecret();
  const lifetime = lifetimeDays === undefined ? {} : { lifetime: lifetimeDays * day };
  const token = addToken(world.credentials.tokens, { owner: user, name, secret, now: world.clock(), ...lifetime });
  if (token === "too many") return { problem: "Nobody can have more than ten personal access tokens." };
  if (token === "name taken") return { problem: `There is already a personal access token named '${name}'.` };
  return { made: { name, secret, guid: token.guid, expiresAt: isoSeconds(token.expiresAt) } };
}
