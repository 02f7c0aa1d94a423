/** So many a minute in the long run, and as many as a minute's at once. */
export interface Rate {
  readonly perMinute: number;
}

/** A token bucket: two numbers and no timer. */
export interface Bucket {
  tokens: number;
  /** When `tokens` was right, in milliseconds. */
  at: number;
}

const MINUTE_MS = 60_000;
/** What adding parts of tokens may be off by. */
const ROUNDING = 1e-6;

export function fullBucket({ perMinute }: Rate, now: number): Bucket {
  return { tokens: perMinute, at: now };
}

/** Brings the bucket up to now. It never holds more than the rate allows, also where that was lowered meanwhile. */
function refill(bucket: Bucket, { perMinute }: Rate, now: number): void {
  // A clock that was set back gives nothing, and takes nothing.
  const elapsed = Math.max(0, now - bucket.at);
  bucket.tokens = Math.min(perMinute, bucket.tokens + (elapsed * perMinute) / MINUTE_MS);
  bucket.at = now;
}

/** How long until there is a token, in whole milliseconds; 0: there is one now. */
export function waitFor(bucket: Bucket, rate: Rate, now: number): number {
  refill(bucket, rate, now);
  const missing = 1 - bucket.tokens;
  return missing <= ROUNDING ? 0 : Math.ceil((missing * MINUTE_MS) / rate.perMinute - ROUNDING);
}

/** Takes a token, which `waitFor` has said is there. */
export function take(bucket: Bucket): void {
  bucket.tokens -= 1;
}
