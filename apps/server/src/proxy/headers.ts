import type { IncomingHttpHeaders } from "node:http";

export type Headers = Record<string, string | string[]>;

/** One hop's own (RFC 9110, section 7.6.1). `expect` is answered when the body is read (`http/continue.ts`). */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
];

/** The caller's own business with Easel, with its browser and with whatever stands in front: none of Tableau's. */
const NOT_UPSTREAM = new Set([
  ...HOP_BY_HOP,
  "host",
  "authorization",
  "cookie",
  "x-tableau-auth",
  "accept-encoding",
  "content-length",
  "content-type",
  "accept",
  "origin",
  "referer",
  "forwarded",
  "x-real-ip",
  "x-request-id",
  // Another method than the one that was checked.
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
  // Its traces: Tableau's part in them is what Easel sees of it, and baggage may say who its people are.
  "traceparent",
  "tracestate",
  "baggage",
]);
const NOT_UPSTREAM_BEGINNING = /^(?:x-paragon-|x-easel-|easel-|sec-|x-forwarded-|access-control-|cf-)/;

const NONE: ReadonlySet<string> = new Set();

/** Tableau's own business with its browser sessions, and what Easel says itself. */
const NOT_DOWNSTREAM = new Set([
  ...HOP_BY_HOP,
  "set-cookie",
  "set-cookie2",
  "content-security-policy",
  "content-security-policy-report-only",
  "x-frame-options",
  "x-content-type-options",
  "strict-transport-security",
  "alt-svc",
  "clear-site-data",
  "x-request-id",
  "vary",
]);

export interface UpstreamChoices {
  /** The caller's Accept is not passed on to routes with a media type of their own. */
  readonly accept: string | null;
  readonly contentType: string | null;
  /** Null lets the HTTP client count. */
  readonly contentLength: string | null;
  readonly acceptEncoding: string;
}

/** The headers that go to Tableau, without the session. */
export function upstreamHeaders(headers: IncomingHttpHeaders, choices: UpstreamChoices): Headers {
  const passed: Headers = {};
  const named = connectionNames(headers.connection);
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined || NOT_UPSTREAM.has(name) || named.has(name)) continue;
    if (!NOT_UPSTREAM_BEGINNING.test(name)) passed[name] = value;
  }
  passed["accept-encoding"] = choices.acceptEncoding;
  if (choices.accept !== null) passed.accept = choices.accept;
  if (choices.contentType !== null) passed["content-type"] = choices.contentType;
  if (choices.contentLength !== null) passed["content-length"] = choices.contentLength;
  return passed;
}

/**
 * The headers that come back, without those that Easel sets itself.
 *
 * @param changed what else is left out, where the body does not go as it came
 */
export function downstreamHeaders(headers: IncomingHttpHeaders, changed: ReadonlySet<string> = NONE): Headers {
  const passed: Headers = {};
  const named = connectionNames(headers.connection);
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined || NOT_DOWNSTREAM.has(name) || named.has(name) || changed.has(name)) continue;
    if (!name.startsWith("access-control-")) passed[name] = value;
  }
  return passed;
}

/** Whatever Tableau sends back is shown by no browser as a page of Easel's origin. */
export const PROXIED_ANSWER_HEADERS = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'",
  "referrer-policy": "no-referrer",
} as const;

/**
 * The Content-Type to send. The Paragon SDK says `auto`, or `auto, text/xml` where the developer's own header was
 * merged; the body then tells.
 *
 * @param start the first bytes of the body; null where there is none
 */
export function contentType(header: string | undefined, start: Buffer | null): string | null {
  if (start === null) return null;
  const own = header?.replace(/^\s*auto\s*(,|$)\s*/i, "").trim();
  if (own !== undefined && own !== "") return own;
  switch (start.subarray(0, 64).toString("latin1").trimStart()[0]) {
    case "{":
    case "[":
      return "application/json";
    case "<":
      return "text/xml";
    default:
      // Tableau reads a body without a type as XML; anything else has to say what it is.
      return null;
  }
}

/** The headers that are one hop's own because its `Connection` names them. */
function connectionNames(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || connection === "keep-alive" || connection === "close") return NONE;
  return new Set(connection.toLowerCase().split(/[\s,]+/));
}
