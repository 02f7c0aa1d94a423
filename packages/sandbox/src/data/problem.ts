/** Why a query cannot be answered. Who asks decides how it says so: the APIs have codes of their own. */
export type QueryProblem = {
  kind: "problem";
  cause: "formula" | "rule" | "unknown field" | "duplicate field" | "unreadable";
  message: string;
};

export function isProblem(value: object): value is QueryProblem {
  return "kind" in value && value.kind === "problem";
}

/** Thrown deep inside of a formula or a query, and caught where the query began: see `orProblem`. */
class Failure extends Error {
  readonly problem: QueryProblem;

  constructor(problem: QueryProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

export function fail(cause: QueryProblem["cause"], message: string): never {
  throw new Failure({ kind: "problem", cause, message });
}

/** What the work gives, or why it failed. */
export function orProblem<Result>(work: () => Result): Result | QueryProblem {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failure) return error.problem;
    throw error;
  }
}
