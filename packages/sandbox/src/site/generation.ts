import type { Edition } from "../edition.ts";
import type { User } from "../rest/users/model.ts";
import { type Random, seededRandom } from "./random.ts";
import type { Site } from "./site.ts";

/** What every part of a site's content is made from. The same seed and the same `now` make the same site. */
export type Generation = {
  site: Site;
  /** In ms. All times are relative to it, so that a demo's jobs are recent. */
  now: number;
  /** How many times the usual amount: 1, or up to 100 for load tests. */
  scale: number;
  /** Which Tableau it is: tasks have their schedules otherwise on each. */
  edition: Edition;
  /** The numbers of one part, by its name. Each part has its own, so that adding to one never changes another. */
  random: (part: string) => Random;
  /** Who owns content; known once the users are made. */
  authors: readonly [User, ...User[]];
};

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export function randomParts(seed: string, site: Site): Generation["random"] {
  return (part) => seededRandom(JSON.stringify([seed, site.contentUrl, part]));
}

/** When something was made and last changed, some time in the last 800 days. */
export function pastTimes(random: Random, now: number): { createdAt: number; updatedAt: number } {
  const age = random.between(30, 800);
  return { createdAt: now - age * day, updatedAt: now - random.between(0, age * 24) * hour };
}
