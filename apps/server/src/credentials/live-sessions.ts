import type { Connector } from "@easel/connector";
import { LRUCache } from "lru-cache";
import { connectorError, EaselError, easelError, problemText } from "../http/errors.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { Person, TrustInEffect } from "../organisations/trust-in-effect.ts";
import type { Project } from "../projects/projects.ts";
import type { AcquireResult, Session, Sessions, Signer } from "../sessions/sessions.ts";
import type { Trust } from "../trusts/trust.ts";
import type { Trusts } from "../trusts/trusts.ts";
import type { User } from "../users/users.ts";
import type { Credential, Credentials } from "./credentials.ts";
import { createRechecks } from "./rechecks.ts";
import type { Signing } from "./signing.ts";
import { tableauUsername } from "./username.ts";

/** A credential in use: by whom, in which project, with which claims. */
export interface Use {
  readonly project: Project;
  readonly integration: Integration;
  readonly user: User;
  readonly credential: Credential;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface LiveSessions {
  /** A call uses it. From memory only; undefined where something has to be asked or decided. */
  peek(use: Use): Session | undefined;
  /** A live session, by signing in where there is none. Throws an error that says why there can be none. */
  get(use: Use): Promise<{ session: Session; isNew: boolean }>;
  drop(use: Use, session: Session): Promise<void>;
  /**
   * `get` for a body that cannot be sent twice: not a session that is about to be renewed, and none is renewed before
   * `sent` is called, where that would end it.
   */
  hold(use: Use): Promise<{ session: Session; isNew: boolean; sent(): void }>;
  /** The credentials that were used since this was last asked. */
  takeUsed(): readonly Credential[];
  /** Looks once more, a minute after Tableau first refused the person's secret. Timers end with the process. */
  close(): void;
}

/** Tableau refuses now and then what it takes a minute later; repeats lock users out. */
const RECHECK_MS = 60_000;
/** How long a refusal holds for calls that had begun before it was written down. */
const REFUSAL_HOLDS_MS = 5000;
/** Refusals remembered at most. */
const REFUSALS = 1000;
/** Signers kept: making one costs an HMAC. */
const SIGNERS = 50_000;

interface Known {
  readonly integration: Integration;
  readonly credential: Credential;
  readonly trust: Trust | null;
  readonly signer: Signer;
  isUsed: boolean;
}

/** The same site by its name, or by its id where the name has changed since the sign-in. */
function isOfSite(session: Session, credential: Credential): boolean {
  return session.site === credential.site || session.siteId === credential.siteId;
}

function isWhereItWas(session: Session, credential: Credential): boolean {
  return session.serverUrl === credential.serverUrl && session.siteId === credential.siteId;
}

function personOf({ project, integration, credential, claims }: Use): Person {
  return { projectId: project.id, integration, claims, organisation: credential.organisation };
}

export function createLiveSessions(parts: {
  connector: Connector;
  credentials: Credentials;
  sessions: Sessions;
  signing: Signing;
  trusts: Trusts;
  trustInEffect: TrustInEffect;
  clock: () => number;
  onError: (error: unknown) => void;
}): LiveSessions {
  const { connector, credentials, sessions, signing, trusts, trustInEffect, clock } = parts;
  const refusals = new LRUCache<string, { at: number; result: AcquireResult }>({ max: REFUSALS });
  const signers = new LRUCache<string, Known>({ max: SIGNERS });

  /** The trust that signs in; null where the person's own secret does, or where there is none. */
  const findTrust = async (use: Use): Promise<Trust | null> =>
    usesTrust(use) ? (trustInEffect.peek(personOf(use)) ?? trustInEffect.find(personOf(use))) : null;

  const knownOf = (use: Use, trust: Trust | null): Known => {
    const { project, integration, credential, claims } = use;
    const username = tableauUsername(claims, integration.usernameClaim) ?? credential.username;
    const key = `${credential.id} ${username ?? ""}`;
    const known = signers.get(key);
    if (known?.integration === integration && known.credential === credential && known.trust === trust) return known;
    const signer = signing.again(project.id, integration, credential, { trust, username });
    const fresh = { integration, credential, trust, signer, isUsed: false };
    signers.set(key, fresh);
    return fresh;
  };

  const rechecks = createRechecks({
    delayMs: RECHECK_MS + 500,
    look: async (use) => {
      const wallet = await credentials.wallet(use.project, use.user.subject);
      const credential = wallet.credentials.find(({ id }) => id === use.credential.id);
      if (credential?.state.kind !== "doubted") return;
      await get({ ...use, credential }).catch((error: unknown) => {
        // What Tableau says is written down, and is nobody's failure.
        if (!(error instanceof EaselError)) throw error;
      });
    },
    onError: parts.onError,
  });

  const settle = async (
    use: Use,
    trust: Trust | null,
    result: AcquireResult,
  ): Promise<{ session: Session; isNew: boolean }> => {
    const { project, user, credential } = use;
    switch (result.kind) {
      case "session":
        if (credential.state.kind === "doubted") await credentials.trustAgain(user, credential);
        if (result.isNew && trust?.broken != null) await trusts.markWorking(project.id, trust);
        return result;
      case "contested":
        throw connectorError(connector.problems, { code: "tableau_session_contested", params: {} });
      case "busy":
        throw easelError("credential_busy");
      case "failed":
        throw connectorError(connector.problems, result.problem);
      case "refused": {
        const { message, action } = problemText(connector.problems, result.problem);
        const reason = { code: result.problem.code, message, action };
        if (result.concerns === "app" && trust !== null) {
          await trusts.markBroken(project.id, trust, reason);
          throw easelError("trust_broken", { reason: message });
        }
        if (credential.state.kind === "doubted") {
          await credentials.invalidate(user, credential, reason);
          throw easelError("credential_invalid", { reason: message });
        }
        await credentials.doubt(user, credential, reason);
        rechecks.later(use);
        throw connectorError(connector.problems, result.problem);
      }
    }
  };

  /** Calls that are under way when Tableau refuses a sign-in do not have it tried again: repeats lock users out. */
  const acquire = async (signer: Signer): Promise<AcquireResult> => {
    const refusal = refusals.get(signer.identity);
    const isRecent = refusal !== undefined && clock() - refusal.at < REFUSAL_HOLDS_MS;
    if (isRecent && sessions.peek(signer) === undefined) return refusal.result;
    const result = await sessions.acquire(signer);
    if (result.kind === "refused") refusals.set(signer.identity, { at: clock(), result });
    return result;
  };

  const get = async (use: Use): Promise<{ session: Session; isNew: boolean }> => {
    const trust = await findTrust(use);
    refuseKnownBad(use, trust, clock());
    const found = await settle(use, trust, await acquire(knownOf(use, trust).signer));
    // One secret has one session, and that may be of another site than the one that this person connected.
    if (!isOfSite(found.session, use.credential)) throw easelError("pat_on_other_site");
    // A site that moved to another pod of Tableau Cloud, where its sign-in was sent; or one that was made anew.
    if (!isWhereItWas(found.session, use.credential)) await credentials.move(use.user, use.credential, found.session);
    return found;
  };

  return {
    peek: (use) => {
      if (use.credential.state.kind !== "valid") return undefined;
      const trust = usesTrust(use) ? trustInEffect.peek(personOf(use)) : null;
      if (trust === undefined) return undefined;
      const known = knownOf(use, trust);
      known.isUsed = true;
      const session = sessions.peek(known.signer);
      return session !== undefined && isWhereItWas(session, use.credential) ? session : undefined;
    },
    get,
    hold: async (use) => {
      knownOf(use, await findTrust(use)).isUsed = true;
      for (;;) {
        const found = await get(use);
        const { session } = found;
        if (!signing.method(use.credential.method).exclusive) return { ...found, sent: () => {} };
        if (session.leavingUntil <= clock()) return { ...found, ...sessions.hold(session) };
        await sessions.settled(session);
      }
    },
    takeUsed: () => {
      const used: Credential[] = [];
      for (const known of signers.values()) {
        if (known.isUsed) used.push(known.credential);
        known.isUsed = false;
      }
      return used;
    },
    drop: ({ credential, integration }, session) => {
      const { exclusive: isExclusive, scoped } = signing.method(credential.method);
      // Where a session with scopes cannot be asked, the 401 may have meant the route (proxy/scope-refusals.ts).
      const isCertain = !scoped || connector.confirmation(session, credential.method, integration.permissions) !== null;
      return sessions.drop(session, { isExclusive, isCertain });
    },
    close: rechecks.close,
  };

  function usesTrust({ credential }: Use): boolean {
    return signing.method(credential.method).usesTrust;
  }

  function refuseKnownBad(use: Use, trust: Trust | null, now: number): void {
    const { state } = use.credential;
    if (state.kind === "invalid") throw easelError("credential_invalid", { reason: state.reason.message });
    if (state.kind === "doubted" && now - state.at < RECHECK_MS) {
      throw easelError("credential_invalid", { reason: state.reason.message });
    }
    const broken = trust?.broken;
    if (broken != null && now - broken.at.getTime() < RECHECK_MS)
      throw easelError("trust_broken", { reason: broken.reason });
  }
}
