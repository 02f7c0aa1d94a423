import { longestLife } from "./jwt.ts";

/** Token ids remembered to refuse replays; more than this and the oldest are forgotten. */
const mostRemembered = 100_000;

export type Replays = ReturnType<typeof openReplays>;

/** Knows which token ids were used: a JWT signs in once. Times in s. */
export function openReplays() {
  const seen = new Map<string, number>();
  return {
    /** True the first time; remembers an id until a token with it could no longer be valid. */
    isNew(id: string, expiresAt: number, now: number): boolean {
      for (const [known, end] of seen) {
        if (end >= now && seen.size < mostRemembered) break;
        seen.delete(known);
      }
      if (seen.has(id)) return false;
      seen.set(id, Math.max(expiresAt, now + longestLife));
      return true;
    },
  };
}
