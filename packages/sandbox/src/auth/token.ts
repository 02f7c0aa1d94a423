import type { IncomingHttpHeaders } from "node:http";

/** The session's token that a request brings. */
export function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const token = headers["x-tableau-auth"];
  return typeof token === "string" ? token : token?.[0];
}

/** The access token that a request brings instead of a session's. */
export function bearerOf({ authorization = "" }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}
