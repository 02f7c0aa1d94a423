/**
 * PostgreSQL's codes for a server that goes away or is not ready (Appendix A of its manual): connection exceptions,
 * shutdown (57P01, 57P02), starting up (57P03); and what the operating system says when nobody listens.
 */
const GONE = new Set(["57P01", "57P02", "57P03", "ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ENOTCONN"]);
/** The driver gives these no code. */
const GONE_IN_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** Did the database go away, rather than refuse the work? */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return GONE.has(code) || code.startsWith("08") || GONE_IN_WORDS.test(error.message);
}
