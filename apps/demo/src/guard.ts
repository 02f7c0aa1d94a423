import type { FastifyRequest } from "fastify";
import type { ProblemCode } from "./problems.ts";

/** Why a request may not be answered, or undefined. `demoOrigin` is undefined while the demo file is not there. */
export function refusal(
  request: FastifyRequest,
  port: number,
  demoOrigin: string | undefined,
): ProblemCode | undefined {
  const host = request.headers.host ?? "";
  const ours = new Set([`localhost:${port}`, `127.0.0.1:${port}`]);
  if (demoOrigin !== undefined) ours.add(new URL(demoOrigin).host);
  // A page of another name that resolves to 127.0.0.1 (DNS rebinding) would else be same-origin with Acme.
  if (!ours.has(host)) return "foreign_host";
  if (!request.url.startsWith("/api/")) return undefined;

  const origin = request.headers.origin;
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return "foreign_origin";
  if (origin !== undefined && !isOrigin(origin, host)) return "foreign_origin";
  // Browsers name the origin on every POST and DELETE; SameSite=Lax alone would let other ports of localhost in.
  if (request.method !== "GET" && request.method !== "HEAD" && origin === undefined) return "foreign_origin";
  return undefined;
}

/**
 * The headers of every answer. The policy is what a product that embeds Easel needs: Easel's origin in `connect-src`
 * (the SDK's calls), `frame-src` (the portal) and `img-src` (integration icons), and nothing else.
 */
export function securityHeaders(easelOrigin: string | undefined): Record<string, string> {
  const easel = easelOrigin === undefined ? "" : ` ${easelOrigin}`;
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      `img-src 'self'${easel}`,
      `connect-src 'self'${easel}`,
      easelOrigin === undefined ? "frame-src 'none'" : `frame-src${easel}`,
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin",
    // `same-origin` would cut the SDK off from its own popup.
    "cross-origin-opener-policy": "same-origin-allow-popups",
  };
}

function isOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
