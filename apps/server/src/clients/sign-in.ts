import { LRUCache } from "lru-cache";
import type { Credential } from "../credentials/credentials.ts";
import type { LiveSessions, Use } from "../credentials/live-sessions.ts";
import { tableauUsername } from "../credentials/username.ts";
import { EaselError, easelError } from "../http/errors.ts";
import type { Element } from "./answers.ts";
import type { ClientCallers, Holder, Place } from "./callers.ts";
import { hashOf, isClientKey } from "./client-keys.ts";
import type { ClientSessions } from "./client-sessions.ts";
import type { SignInRequest } from "./request-body.ts";

export interface ClientSignIn {
  /**
   * Signs a client in to Easel; Tableau hears nothing of it.
   * @param place null at the root, where the sign-in's name says it
   * @param address the client's, which has so many wrong tries
   */
  signIn(request: SignInRequest, place: Place | null, address: string): Promise<Element>;
}

/** Tableau's forms of a sign-in: what it calls itself, and the secret in it. */
interface Secret {
  readonly name: string;
  readonly secret: string;
}

export function createClientSignIn(parts: {
  callers: ClientCallers;
  sessions: ClientSessions;
  liveSessions: Pick<LiveSessions, "peek" | "get">;
  clock: () => number;
}): ClientSignIn {
  const { callers, sessions, liveSessions } = parts;
  const wrong = createWrongTries(parts.clock);

  /** A user token may name another Tableau user than the one who connected: whom, only a session at Tableau tells. */
  const whoIs = async (use: Use): Promise<{ siteId: string; userId: string }> => {
    const { credential, claims, integration } = use;
    const known = liveSessions.peek(use);
    if (known !== undefined) return known;
    const named = tableauUsername(claims, integration.usernameClaim);
    const isOther = named !== null && named !== credential.username;
    return isOther
      ? (await liveSessions.get(use)).session
      : { siteId: credential.siteId, userId: credential.tableauUserId };
  };

  const begin = async ({ use, key, signingKeyId, expiresAt }: Holder): Promise<Element> => {
    const { project, credential, claims } = use;
    const { siteId, userId } = await whoIs(use);
    const token = await sessions.begin({
      projectId: project.id,
      credentialId: credential.id,
      claims,
      signingKeyId,
      clientKeyId: key?.id ?? null,
      expiresAt,
      siteId,
    });
    return {
      name: "credentials",
      attributes: { token },
      content: [
        { name: "site", attributes: { id: siteId, contentUrl: credential.site } },
        { name: "user", attributes: { id: userId } },
      ],
    };
  };

  const holderOf = async (secret: string, place: Place): Promise<Holder> => {
    // Somebody's secret at Tableau, mostly: it is not looked at.
    if (!isClientKey(secret) && secret.split(".").length !== 3) throw easelError("client_secret_foreign");
    return callers.holder(secret, place);
  };

  return {
    signIn: async (request, door, address) => {
      const { name, secret } = secretOf(request);
      const place = door ?? placeIn(name);
      // Of one length, however long the names are that somebody makes up.
      const tries = hashOf(JSON.stringify([address, place.projectId, place.credential]));
      wrong.check(tries);
      const holder = await holderOf(secret, place).catch((error: unknown) => {
        if (error instanceof EaselError && error.status < 500) wrong.count(tries);
        throw error;
      });
      if (request.user?.id) throw easelError("client_sign_in_as");
      const { credential } = holder.use;
      if (request.site?.contentUrl) checkSite(credential, request.site.contentUrl);
      const { state } = credential;
      if (state.kind === "invalid") throw easelError("credential_invalid", { reason: state.reason.message });
      return begin(holder);
    },
  };
}

/** Refuses to change to another site. To the own one a client has not to change: Tableau says so with a code of its own. */
export function refuseSwitch({ credential }: Use, site: string): EaselError {
  checkSite(credential, site);
  return easelError("client_site_own");
}

/** In any letter case, as at Tableau. */
function checkSite(credential: Credential, site: string): void {
  if (site.toLowerCase() === credential.site.toLowerCase()) return;
  throw easelError("client_site_other", { own: inWords(credential.site), site: inWords(site.slice(0, 100)) });
}

function inWords(site: string): string {
  return site === "" ? "the default site" : `the site ${site}`;
}

/** What Tableau calls a token, a password and a JWT are all ways to hand over a user token or a client key. */
function secretOf(request: SignInRequest): Secret {
  const { personalAccessTokenName, personalAccessTokenSecret, jwt, name, password, isUat } = request;
  if (isUat?.toLowerCase() === "true") throw easelError("client_sign_in_form", { form: "a unified access token" });
  if (personalAccessTokenSecret) return { name: personalAccessTokenName ?? "", secret: personalAccessTokenSecret };
  if (jwt) return { name: "", secret: jwt };
  if (password) return { name: name ?? "", secret: password };
  throw easelError("client_sign_in_unreadable", {
    detail: "it holds no personal access token, no user name and password, and no JWT.",
  });
}

/** `projectId/credentialId`. */
function placeIn(name: string): Place {
  const [, projectId, credential] = /^([0-9a-f-]{36})\/(.{1,300})$/is.exec(name.trim()) ?? [];
  if (projectId === undefined || credential === undefined) throw easelError("client_sign_in_unnamed");
  return { projectId, credential };
}

const WINDOW_MS = 60_000;
const WRONG_TRIES = 10;
/** Addresses and credentials remembered at most. */
const KEPT = 20_000;

/**
 * Wrong secrets in a minute, of one address at one credential; whoever has the right one elsewhere is not kept out. In
 * this process only: keys of 256 bits and signatures are not guessed, so that this bounds what a broken script costs.
 */
function createWrongTries(clock: () => number) {
  const counts = new LRUCache<string, { since: number; count: number }>({ max: KEPT });
  const current = (tries: string): { since: number; count: number } => {
    const known = counts.get(tries);
    return known !== undefined && clock() - known.since < WINDOW_MS ? known : { since: clock(), count: 0 };
  };
  return {
    check: (tries: string): void => {
      const { since, count } = current(tries);
      if (count < WRONG_TRIES) return;
      const seconds = Math.max(1, Math.ceil((since + WINDOW_MS - clock()) / 1000));
      throw easelError("sign_in_throttled", {}, { "retry-after": String(seconds) });
    },
    count: (tries: string): void => {
      const entry = current(tries);
      counts.set(tries, { ...entry, count: entry.count + 1 });
    },
  };
}
