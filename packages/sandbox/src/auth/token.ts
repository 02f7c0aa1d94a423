import type { IncomingHttpHeaders } from "node:http";

/** The session's token that a request brings. */
export function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const token = headers["x-tableau-auth"];
  return typeof token === "string" ? token : token?.[0];
}
