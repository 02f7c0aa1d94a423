/** What Easel answers itself at a client's door, in place of Tableau. */
export type OwnRoute = "serverInfo" | "signIn" | "signOut" | "switchSite" | "currentSession" | "session";

/** Which of Easel's own routes a path is, without its query; null where the call goes to Tableau, or is refused on the way. */
export function ownRouteOf(path: string): OwnRoute | null {
  const words = path.split("/").map(wordOf);
  // "", "api", a version; TSC and tabcmd ask at 2.4, and any other is as good.
  if (words[1] !== "api" || words.length < 4 || words.length > 5 || !/^[\w.]+$/.test(words[2] ?? "")) return null;
  const [, , , first = "", second] = words;
  if (second === undefined) return first === "serverinfo" ? "serverInfo" : null;
  if (first === "auth") return AUTH.get(second) ?? null;
  if (first === "sessions") return second === "current" ? "currentSession" : "session";
  return null;
}

// A map: whatever an object inherits is no route.
const AUTH: ReadonlyMap<string, OwnRoute> = new Map([
  ["signin", "signIn"],
  ["signout", "signOut"],
  ["switchsite", "switchSite"],
]);

/** In lower case, as Tableau reads it; what is encoded in another way than it has to be is refused further on. */
function wordOf(part: string): string {
  return /^[\w.-]+$/.test(part) ? part.toLowerCase() : "";
}

/** The method that each of them takes. */
export const OWN_METHODS: Readonly<Record<OwnRoute, string>> = {
  serverInfo: "GET",
  signIn: "POST",
  signOut: "POST",
  switchSite: "POST",
  currentSession: "GET",
  session: "DELETE",
};

/**
 * A path as clients write it, made plain: one slash where their server address and their path both have one, none at the
 * end. The query stays as it is.
 */
export function plainPath(url: string): { path: string; query: string } {
  const mark = url.indexOf("?");
  const written = mark === -1 ? url : url.slice(0, mark);
  const path = written.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
  return { path, query: mark === -1 ? "" : url.slice(mark) };
}

/**
 * A client asks at the version that it was told, or that it likes best; where its server is known to be older, the
 * call is made at the server's. `spoken` is the server's newest, null where Easel does not know of an older one.
 */
export function atSpokenVersion(path: string, spoken: string | null): string {
  const [whole, asked] = /^\/api\/(\d{1,2}\.\d{1,3})(?=\/)/i.exec(path) ?? [];
  if (whole === undefined || asked === undefined || spoken === null || !isNewer(asked, spoken)) return path;
  return `/api/${spoken}${path.slice(whole.length)}`;
}

function isNewer(asked: string, spoken: string): boolean {
  const [major = 0, minor = 0] = asked.split(".").map(Number);
  const [spokenMajor = 0, spokenMinor = 0] = spoken.split(".").map(Number);
  return major === spokenMajor ? minor > spokenMinor : major > spokenMajor;
}
