import type { UnreachableReason } from "@easel/connector";

/** A request that the guard refused, or whose connection failed. The message names no more than the origin. */
export class EgressError extends Error {
  override readonly name = "EgressError";
  /** `egress_busy`: nothing is wrong with the server; Easel has too many calls under way. */
  readonly code: "egress_failed" | "egress_busy";
  readonly reason: UnreachableReason;
  constructor(reason: UnreachableReason, message: string, options?: { cause?: unknown; busy?: boolean }) {
    super(message, { cause: options?.cause });
    this.reason = reason;
    this.code = options?.busy ? "egress_busy" : "egress_failed";
  }
}

/** By the codes of Node (`errno`, `dns`) and undici (its "Errors" page). */
const reasons: ReadonlyMap<string, UnreachableReason> = new Map([
  ...codes("unknownHost", ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME", "ENODATA", "ESERVFAIL"]),
  ...codes("refused", ["ECONNREFUSED", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL"]),
  // A local firewall, and no sockets left: nothing was sent either way.
  ...codes("refused", ["EACCES", "EPERM", "EMFILE", "ENFILE", "ENOBUFS"]),
  ...codes("timeout", ["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]),
  ...codes("cut", ["ECONNRESET", "ECONNABORTED", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_CLOSED", "UND_ERR_DESTROYED"]),
  ...codes("cut", ["UND_ERR_HEADERS_OVERFLOW", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "UND_ERR_INFO"]),
]);

function codes(reason: UnreachableReason, names: readonly string[]): [string, UnreachableReason][] {
  return names.map((name) => [name, reason]);
}

/**
 * Says what an error of the dispatcher, or of an answer's body, means; null where it is none of the network's, and so
 * a bug of ours, or the caller's own abort.
 */
export function unreachableReason(error: unknown): UnreachableReason | null {
  if (error instanceof EgressError) return error.reason;
  if (!(error instanceof Error)) return null;
  if (error.name === "TimeoutError") return "timeout"; // AbortSignal.timeout
  // What came back was not HTTP. By name: undici 8 leaves the code out.
  if (error.name === "HTTPParserError") return "cut";
  return "code" in error && typeof error.code === "string" ? (reasons.get(error.code) ?? null) : null;
}

/**
 * The error of a connection that did not come to be. What has no other name is TLS's: OpenSSL has a code for every way
 * in which a certificate can be wrong.
 */
export function connectionError(cause: Error, target: { origin: string; secure: boolean }): EgressError {
  if (cause instanceof EgressError) return cause;
  const reason = unreachableReason(cause) ?? (target.secure ? "tls" : "refused");
  return new EgressError(reason, `Could not connect to ${target.origin} (${reason}).`, { cause });
}
