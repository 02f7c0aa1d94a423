import type { Connector, Explanation, Person, ProviderError, Route } from "@easel/connector";
import { LRUCache } from "lru-cache";
import type { LiveSessions, Use } from "../credentials/live-sessions.ts";
import type { Egress } from "../egress/egress.ts";
import { connectorError, type EaselError } from "../http/errors.ts";
import type { Servers } from "../servers/servers.ts";
import type { Session } from "../sessions/sessions.ts";

/** Why calls are refused, in words that name the person, the role and the version. Never asked on the usual path. */
export interface Explanations {
  /** Asks Tableau who the person is where that is not known. Null where Tableau's own words say it best. */
  explain(use: Use, route: Route, refusal: Refused): Promise<Explanation | null>;
  /** With what is known already. */
  explainNow(use: Use, route: Route, refusal: Refused): Explanation | null;
  /** The refusal of a route whose scope the project's Permissions do not hold. */
  permissionMissing(use: Use, route: Route): EaselError;
}

export interface Refused {
  readonly status: number;
  readonly error: ProviderError;
}

/** How long a person's name and role are believed: somebody who was just given a role reads the old one so long at most. */
const KNOWN_MS = 300_000;
/** How long somebody of whom Tableau says nothing is not asked for again. */
const UNKNOWN_MS = 60_000;
/** People kept at most. */
const KEPT = 5000;
/** "There is no such address", in Tableau's code, or from something in front of it. */
const UNKNOWN_ADDRESS = new Set(["404003", ""]);
/** A refusal waits for its words no longer than this. */
const ASK_MS = 2000;

export function createExplanations(parts: {
  connector: Connector;
  egress: Egress;
  liveSessions: LiveSessions;
  servers: Servers;
  clock: () => number;
}): Explanations {
  const { connector, liveSessions, servers, clock } = parts;
  const send = parts.egress.send(ASK_MS);
  const people = new LRUCache<string, { person: Person | null; until: number }>({ max: KEPT });
  // Bounded by the calls under way: one question a person.
  const asking = new Map<string, Promise<Person | null>>();

  const known = (key: string): Person | null | undefined => {
    const found = people.get(key);
    return found !== undefined && found.until > clock() ? found.person : undefined;
  };

  const ask = async (key: string, use: Use, session: Session): Promise<Person | null> => {
    const question = asking.get(key) ?? connector.person(session, signInOf(use), send);
    asking.set(key, question);
    try {
      const person = await question;
      people.set(key, { person, until: clock() + (person === null ? UNKNOWN_MS : KNOWN_MS) });
      return person;
    } finally {
      asking.delete(key);
    }
  };

  /** Whose session it is: the user token may name another Tableau user than the one who connected. */
  const keyOf = (use: Use): string => {
    const { serverUrl, siteId, userId } = liveSessions.peek(use) ?? {
      ...use.credential,
      userId: use.credential.tableauUserId,
    };
    // What one project's scopes let it ask is not told to another.
    return `${use.project.id} ${serverUrl} ${siteId} ${userId}`;
  };

  const inWords = (use: Use, route: Route, refusal: Refused, person: Person | null): Explanation | null => {
    const { serverUrl, apiVersion } = liveSessions.peek(use) ?? use.credential;
    const server = { serverUrl, apiVersion: servers.peek(serverUrl)?.apiVersion ?? apiVersion };
    return connector.explain(route, refusal.error, { status: refusal.status, ...signInOf(use), person, server });
  };

  const explainNow: Explanations["explainNow"] = (use, route, refusal) =>
    inWords(use, route, refusal, known(keyOf(use)) ?? null);

  return {
    explainNow,
    explain: async (use, route, refusal) => {
      // A server that was set back to an older version does not have the address of the newer one.
      if (refusal.status === 404 && UNKNOWN_ADDRESS.has(refusal.error.code)) {
        await inTime(servers.askAgain(use.credential.serverUrl));
      }
      const now = explainNow(use, route, refusal);
      const session = liveSessions.peek(use);
      const key = keyOf(use);
      const isPersonal = refusal.status === 401 || refusal.status === 403;
      if (now === null || session === undefined || !isPersonal || known(key) !== undefined) return now;
      return inWords(use, route, refusal, await ask(key, use, session));
    },
    permissionMissing: (use, route) =>
      connectorError(connector.problems, connector.permissionMissing(route, known(keyOf(use)) ?? null)),
  };
}

function signInOf({ credential, integration }: Use): { method: string; scopes: readonly string[] } {
  return { method: credential.method, scopes: integration.permissions };
}

/** Waits for what may help the words, and for no longer than they are worth. */
async function inTime(work: Promise<unknown>): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, ASK_MS).unref());
  await Promise.race([work.catch(() => {}), late]);
}
