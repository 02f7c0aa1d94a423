/** What `GET /__sandbox/stats` answers beside the number of live sessions. */
export type Counts = { signIns: Record<string, number>; calls: Record<string, number> };

export type Stats = ReturnType<typeof openStats>;

/** Counts sign-ins that worked, by identity, and calls, by method and route. Both sets are small and known. */
export function openStats() {
  const signIns = new Map<string, number>();
  const calls = new Map<string, number>();
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  return {
    countSignIn: (identity: string): void => count(signIns, identity),
    countCall: (route: string): void => count(calls, route),
    counts: (): Counts => ({ signIns: Object.fromEntries(signIns), calls: Object.fromEntries(calls) }),
  };
}
