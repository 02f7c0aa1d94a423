/**
 * What a provider lets a site or a user do in a stretch of time. Nothing is refused for it here: the provider decides. It
 * is counted, so that people see what is used up before the provider says no.
 */
export interface Budget {
  /** e.g. `extract-refreshes`. */
  readonly id: string;
  /** e.g. `Extract refreshes started`. */
  readonly title: string;
  /** Null: counted, and no number is known. */
  readonly limit: number | null;
  /** Counted from the full hour, day or minute, by UTC. */
  readonly windowMs: number;
  /** Whose it is: the whole site's, or each of its users'. */
  readonly per: "site" | "user";
  /** The editions in which the limit holds. */
  readonly editions: readonly ("cloud" | "server")[];
}
