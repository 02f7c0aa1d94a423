/**
 * What can keep the embedded server from running:
 * - `postgres_in_use`: another process owns this data directory; its server is left alone.
 * - `postgres_start_failed`: initdb or the server ended early, or the directory cannot be used; `logLines` has its last words.
 * - `postgres_unsupported_platform`: no server binary for this system; `DATABASE_URL` is the way out.
 * - `postgres_version_mismatch`: the data was written by another major version of PostgreSQL.
 */
export type PostgresErrorCode =
  | "postgres_in_use"
  | "postgres_start_failed"
  | "postgres_unsupported_platform"
  | "postgres_version_mismatch";

/** The one error `startPostgres` rejects with. `message` says what happened, `action` what to do about it. */
export class PostgresError extends Error {
  override readonly name = "PostgresError";
  readonly code: PostgresErrorCode;
  readonly action: string;
  /** The last lines the server or initdb wrote, oldest first; empty when it never ran. */
  readonly logLines: readonly string[];

  constructor(code: PostgresErrorCode, text: { message: string; action: string; logLines?: readonly string[] }) {
    super(text.message);
    this.code = code;
    this.action = text.action;
    this.logLines = text.logLines ?? [];
  }
}

/** The `code` of a system error such as `"ENOENT"`, or null for anything else. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Turns whatever stopped a start into a PostgresError, so that callers meet one type. */
export function asPostgresError(error: unknown, dataDirectory: string): PostgresError {
  if (error instanceof PostgresError) return error;
  return new PostgresError("postgres_start_failed", {
    message: `PostgreSQL could not be started in ${dataDirectory}: ${error instanceof Error ? error.message : String(error)}.`,
    action: "Check that the directory belongs to the user who starts Easel and that the disk has room.",
  });
}
