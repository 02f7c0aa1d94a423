import { easelError } from "../http/errors.ts";
import { type Bucket, fullBucket, take, waitFor } from "./bucket.ts";
import type { Limit, Limited } from "./settings.ts";

/** What one project, one user or one site has under way, and how many calls it may still begin. */
export interface Count {
  underWay: number;
  /** Null until a rate is set. */
  bucket: Bucket | null;
}

export function newCount(): Count {
  return { underWay: 0, bucket: null };
}

/** Throws `limit_reached` where one more call is too many. */
export function check(count: Count, which: Limited, limit: Limit, now: number): void {
  if (count.underWay >= limit.atOnce) throw tooManyAtOnce(which, limit.atOnce);
  const { rate } = limit;
  if (rate === null) return;
  count.bucket ??= fullBucket(rate, now);
  const ms = waitFor(count.bucket, rate, now);
  if (ms > 0) throw tooManyAMinute(which, rate.perMinute, ms);
}

/** Counts a call in that `check` has let through. */
export function begin(count: Count, limit: Limit): void {
  count.underWay += 1;
  if (limit.rate !== null && count.bucket !== null) take(count.bucket);
}

const NAMES: Readonly<Record<Limited, string>> = {
  project: "This project",
  user: "This user",
  site: "This project's use of the Tableau site",
};

/** The headers are those of the IETF's draft "RateLimit header fields for HTTP": the policy, and what is left of it. */
function tooManyAtOnce(which: Limited, most: number) {
  const policy = `"${which}-at-once"`;
  const limit = `${most} calls at a time`;
  return easelError(
    "limit_reached",
    { who: NAMES[which], limit, seconds: "1" },
    {
      "retry-after": "1",
      "ratelimit-policy": `${policy};q=${most};qu="concurrent-requests"`,
      ratelimit: `${policy};r=0`,
    },
  );
}

function tooManyAMinute(which: Limited, most: number, ms: number) {
  const seconds = String(Math.ceil(ms / 1000));
  const policy = `"${which}-per-minute"`;
  const limit = `${most} calls a minute`;
  return easelError(
    "limit_reached",
    { who: NAMES[which], limit, seconds },
    {
      "retry-after": seconds,
      "ratelimit-policy": `${policy};q=${most};w=60`,
      ratelimit: `${policy};r=0;t=${seconds}`,
    },
  );
}
