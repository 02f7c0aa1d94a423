/** How often a fault strikes: on the next calls, or on every n-th. */
type Often = {
  next?: number | undefined;
  every?: number | undefined;
  /** The calls whose `METHOD /template` holds this, e.g. `/views/{id}/image`; without it, all. */
  route?: string | undefined;
};

export type Throttle = {
  /** How many calls pass in each window of time; the next ones are answered 429. */
  calls: number;
  /** In s. `Retry-After` says how much of it is left. */
  windowSeconds: number;
  /** Whether each session has a count of its own (the default), or all calls have one, sign-ins included. */
  per?: "session" | "all" | undefined;
};

export type Fail = { status: 500 | 502 | 503 | 504 } & Often;

export type Cut = {
  /** How much of the answer's body is sent before the connection is cut. */
  afterBytes: number;
} & Often;

/** The body of `POST /__sandbox/faults`: one or several of these. Keys it does not know are refused. */
export type FaultOrder = {
  /** Ends every session: their tokens are answered 401002. */
  killSessions?: true | undefined;
  /** Every sign-in takes this much longer, in ms; 0 ends it. */
  signInDelayMs?: number | undefined;
  /** Every API answer takes this much longer, in ms; 0 ends it. */
  slowMs?: number | undefined;
  /** Moves the sandbox's clock ahead, in ms: sessions go idle, tokens expire, jobs go on. There is no way back. */
  advanceClockMs?: number | undefined;
  /** The connected app's secrets are no longer known: signing in by its JWTs fails. */
  deleteAppSecret?: true | undefined;
  /** The personal access tokens of this name are revoked and their sessions ended. */
  revokePat?: string | undefined;
  /** Personal access tokens are switched off: everywhere, on a site (by content URL), or for a user (by name). */
  tokensOff?: true | { site: string } | { user: string } | undefined;
  /** Multi-factor authentication is on: on Tableau Cloud a password no longer signs in. */
  mfa?: boolean | undefined;
  /** 429 with `Retry-After` after a number of calls; null ends it. */
  throttle?: Throttle | null | undefined;
  /** 5xx on some calls; null ends it. */
  fail?: Fail | null | undefined;
  /** Answers that break off in the middle of their body; null ends it. */
  cut?: Cut | null | undefined;
  /** Every delivery of a webhook is made twice, byte by byte the same. */
  duplicateDeliveries?: boolean | undefined;
  /** Lists and search don't know what was created less than this long ago, in ms of the sandbox's clock; 0 ends it. */
  indexLagMs?: number | undefined;
  /** Extract refreshes that are started from now on fail. */
  failRefreshes?: boolean | undefined;
  /** VizQL Data Service is switched off on the sites (403157), or no query ends in time (408000); null ends it. */
  vizqlDataService?: "off" | "timeout" | null | undefined;
  /** Undoes all of the above but the clock and the sessions that were ended. Applied before the other keys. */
  restore?: true | undefined;
};
