import type { ServerFacts } from "@easel/connector";

/** Tableau Cloud's pods, e.g. `10ax.online.tableau.com`, and the address that leads to them. */
export function isCloudHost(hostname: string): boolean {
  return hostname === "online.tableau.com" || hostname.endsWith(".online.tableau.com");
}

/** By host alone: a server can say anything of itself. */
export function editionOf(serverUrl: string): ServerFacts["edition"] {
  return isCloudHost(new URL(serverUrl).hostname) ? "cloud" : "server";
}

/** Host and port, for sentences. */
export function hostOf(serverUrl: string): string {
  return new URL(serverUrl).host;
}

/** The path before `/api/`, e.g. `/tableau`; "" for most servers. */
export function pathPrefixOf(serverUrl: string): string {
  return new URL(serverUrl).pathname.replace(/\/+$/, "");
}
