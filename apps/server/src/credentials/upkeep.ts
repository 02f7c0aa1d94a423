import type { Connector } from "@easel/connector";
import type { DatabaseAccess } from "../database/database.ts";
import type { Egress } from "../egress/egress.ts";
import { EaselError } from "../http/errors.ts";
import type { Projects } from "../projects/projects.ts";
import type { Chore } from "../upkeep.ts";
import type { Credentials } from "./credentials.ts";
import type { LiveSessions, Use } from "./live-sessions.ts";
import type { Signing } from "./signing.ts";
import { type Claimed, claimUnread, claimUnused, setLastUsed, setSecretExpiry, warnOfExpiry } from "./upkeep-store.ts";

/** Said by one statement at most. */
const USED_AT_ONCE = 5000;
/** A secret that lapses is used so many days before. Tries are six hours apart, so that an outage of two days does no harm. */
const BEFORE_LAPSE_DAYS = 3;
/** Kept alive within ten minutes at one server at most: 2,880 a day, and nobody's own sign-in waits for them. */
const PER_SERVER = 20;
/** Asked for the end of their secrets, or passed over, in one go: with that, a process comes to 500,000 a day. */
const READ_AT_ONCE = 200;
const WARNED_AT_ONCE = 500;
const ASK_MS = 10_000;

/**
 * What has to be done for credentials while nobody calls: remember which are in use, keep unused tokens from lapsing
 * where the integration says so, ask when tokens end, and warn of it.
 */
export function credentialChores(parts: {
  database: DatabaseAccess;
  connector: Connector;
  egress: Egress;
  projects: Projects;
  credentials: Credentials;
  liveSessions: LiveSessions;
  signing: Signing;
  onError: (error: unknown) => void;
}): readonly Chore[] {
  const { database, connector, projects, credentials, liveSessions, signing } = parts;
  const send = parts.egress.send(ASK_MS);

  /** The credential as its user would use it; null where it is gone, or nobody may use it any more. */
  const useOf = async ({ id, projectId, subject }: Claimed): Promise<Use | null> => {
    const project = await projects.get(projectId);
    const { user, credentials: theirs } = await credentials.wallet(project, subject);
    const credential = theirs.find((one) => one.id === id);
    const integration = project.integrations.find((one) => one.id === credential?.integrationId);
    if (credential === undefined || integration === undefined) return null;
    return { project, integration, user, credential, claims: {} };
  };

  /** What Tableau refuses is written down by whoever signs in, and is nobody's failure. One that fails does not stop the others. */
  const each = async (claimed: readonly Claimed[], run: (use: Use) => Promise<void>): Promise<void> => {
    for (const one of claimed) {
      try {
        const use = await useOf(one);
        if (use !== null) await run(use);
      } catch (error) {
        if (!(error instanceof EaselError)) parts.onError(error);
      }
    }
  };

  const tellUsed = async (): Promise<void> => {
    const ids = [...new Set(liveSessions.takeUsed().map(({ id }) => id))];
    for (let from = 0; from < ids.length; from += USED_AT_ONCE)
      await setLastUsed(database, ids.slice(from, from + USED_AT_ONCE));
  };

  const keepAlive = async (): Promise<void> => {
    for (const { id, lapsesAfterDays } of connector.methods) {
      if (lapsesAfterDays === undefined) continue;
      const unusedDays = lapsesAfterDays - BEFORE_LAPSE_DAYS;
      const claimed = await claimUnused(database, id, { unusedDays, perServer: PER_SERVER });
      await each(claimed, async (use) => {
        await liveSessions.get(use);
        await setLastUsed(database, [use.credential.id]);
      });
    }
  };

  const readExpiry = async (): Promise<void> => {
    const methods = connector.methods.filter(({ expires }) => expires === true).map(({ id }) => id);
    await each(await claimUnread(database, methods, READ_AT_ONCE), async (use) => {
      const { session } = await liveSessions.get(use);
      const fields = await signing.fields(use.project.id, use.credential.id);
      if (fields === null) return;
      const expiresAt = await connector.secretExpiry(session, fields, send);
      const { id, identity } = use.credential;
      if (expiresAt !== null) await setSecretExpiry(database, { projectId: use.project.id, id, identity }, expiresAt);
    });
  };

  const warn = async (): Promise<void> => {
    while (await warnOfExpiry(database, WARNED_AT_ONCE)) {
      // The next piece.
    }
  };

  return [
    { everyMs: 60_000, run: tellUsed },
    { everyMs: 600_000, run: keepAlive },
    { everyMs: 30_000, run: readExpiry },
    { everyMs: 600_000, run: warn },
  ];
}
