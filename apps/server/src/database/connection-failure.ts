/**
 * PostgreSQL's codes for a server that goes away or is not ready (Appendix A of its manual): connection exceptions,
 * shutdown (57P01, 57P02), starting up (57P03), a transaction that stood still for too long (25P03); and what the operating system says when nobody listens.
 */
const GONE = new Set(["57P01", "57P02", "57P03", "25P03", "ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ENOTCONN"]);
/** The driver gives these no code. */
const GONE_IN_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** Whether a commit that was sent has happened is unknown: repeating the work could do it twice. */
export class CommitUnknown extends Error {
  override readonly name = "CommitUnknown";
  constructor(cause: unknown) {
    super("The connection broke while the transaction was being committed.", { cause });
  }
}

/** Is the database away, so that the same request may work in a few seconds? */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof CommitUnknown || isConnectionFailure(error);
}

/** Did the database go away, rather than refuse the work? What was under way then may be repeated. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return GONE.has(code) || code.startsWith("08") || GONE_IN_WORDS.test(error.message);
}
