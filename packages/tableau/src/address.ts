import type { Route, SessionAddress } from "@easel/connector";

/** Fills in the version alone, for callers who leave it to Easel. */
export function atVersion(route: Route, apiVersion: string): Route {
  return { ...route, target: route.target.replaceAll("{apiVersion}", apiVersion) };
}

/**
 * The absolute URL of a matched route on a session, placeholders filled in. What is sent is exactly what was matched:
 * `Route.target` is normalised by `route-match.ts`, and the values come from Tableau's own answers.
 */
export function addressOf(route: Route, session: SessionAddress): string {
  let filled = route.target;
  for (const name of PLACEHOLDERS) {
    const placeholder = `{${name}}`;
    // Encoded, a value holds neither another placeholder nor a `$` with a meaning of its own.
    if (filled.includes(placeholder)) filled = filled.replaceAll(placeholder, encodeURIComponent(session[name]));
  }
  return session.serverUrl + filled;
}

const PLACEHOLDERS = ["siteId", "userId", "apiVersion"] as const;
