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
  const filled = route.target.replace(/\{(siteId|userId|apiVersion)\}/g, (_, name: string) =>
    encodeURIComponent(placeholderValue(name, session)),
  );
  return session.serverUrl + filled;
}

function placeholderValue(name: string, session: SessionAddress): string {
  if (name === "siteId") return session.siteId;
  return name === "userId" ? session.userId : session.apiVersion;
}
