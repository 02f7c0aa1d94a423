import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { PersonalAccessToken } from "../rest/personal-access-tokens/model.ts";

const day = 24 * 3_600_000;

/** A token that was not used for 15 days in a row is over (Tableau help, "Personal Access Tokens"). In ms. */
const tokenIdleLimit = 15 * day;

/** How long a token lives when the site says nothing else: a year. In ms. */
const tokenLifetime = 365 * day;

/** How many tokens one person may have (Tableau help, "Personal Access Tokens"). */
const mostTokens = 10;

/** How many tokens there may be in all. */
const mostTokensInAll = 50_000;

export type NewToken = { owner: string; name: string; secret: string; now: number; lifetime?: number };

type Tokens = Map<string, PersonalAccessToken>;

/** Gives a person a token, unless they have ten, or one of that name. */
export function addToken(tokens: Tokens, { owner, name, secret, now, lifetime = tokenLifetime }: NewToken) {
  const own = tokensOf(tokens, owner);
  if (own.length >= mostTokens || tokens.size >= mostTokensInAll) return "too many";
  if (own.some((token) => token.name === name)) return "name taken";
  const token: PersonalAccessToken = {
    guid: randomUUID(),
    name,
    owner: owner.toLowerCase(),
    secretHash: hashOf(secret),
    createdAt: now,
    expiresAt: now + lifetime,
    lastUsedAt: undefined,
  };
  tokens.set(token.guid, token);
  return token;
}

export function tokensOf(tokens: Tokens, owner: string): PersonalAccessToken[] {
  const name = owner.toLowerCase();
  return Array.from(tokens.values().filter((token) => token.owner === name));
}

/** The token with this name and secret, used now; undefined when there is none or its time is over. */
export function useToken(tokens: Tokens, name: string, secret: string, now: number): PersonalAccessToken | undefined {
  const hash = hashOf(secret);
  const token = tokens.values().find((one) => one.name === name && sameHash(one.secretHash, hash));
  if (token === undefined || isOver(token, now)) return undefined;
  token.lastUsedAt = now;
  return token;
}

/** Whether a token's life is over, or it has lain idle for too long. */
export function isOver({ createdAt, lastUsedAt, expiresAt }: PersonalAccessToken, now: number): boolean {
  return now >= expiresAt || now - (lastUsedAt ?? createdAt) >= tokenIdleLimit;
}

/** How long a token will still live, as sign-in says it: days, hours and minutes. */
export function timeLeft({ expiresAt }: PersonalAccessToken, now: number): string {
  const minutes = Math.max(0, Math.floor((expiresAt - now) / 60_000));
  const written = (number: number): string => String(number).padStart(2, "0");
  return `${Math.floor(minutes / 1440)}:${written(Math.floor(minutes / 60) % 24)}:${written(minutes % 60)}`;
}

/** A secret in the form that Tableau gives. */
export function newTokenSecret(): string {
  return `${randomBytes(16).toString("base64")}:${randomBytes(24).toString("base64url")}`;
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export function sameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
