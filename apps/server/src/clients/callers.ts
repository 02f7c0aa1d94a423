import { type Credential, type Credentials, pickCredential, type Wallet } from "../credentials/credentials.ts";
import type { Use } from "../credentials/live-sessions.ts";
import { easelError } from "../http/errors.ts";
import type { UserTokens } from "../keys/user-tokens.ts";
import type { Project, Projects } from "../projects/projects.ts";
import { type ClientKeys, hashOf, isClientKey, type LiveKey } from "./client-keys.ts";
import type { ClientSession, ClientSessions } from "./client-sessions.ts";

/** Which credential a client's address, or the name in its sign-in, says that it means. */
export interface Place {
  readonly projectId: string;
  /** An id, an external id, or `ext:` and an external id. */
  readonly credential: string;
}

/** Who a secret is: a connected user with one credential, and what their authority ends with. */
export interface Holder {
  readonly use: Use;
  readonly key: LiveKey | null;
  readonly signingKeyId: string | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
}

export interface ClientCaller {
  readonly use: Use;
  /** Null where the call carries a user token or a client key itself. */
  readonly session: ClientSession | null;
}

export interface ClientCallers {
  /**
   * Who calls, by what the call carries. Without a promise where everything is in memory.
   * @param place null at the root, where a session or a client key says alone which credential is meant
   */
  admit(token: string | undefined, place: Place | null): ClientCaller | Promise<ClientCaller>;
  /** Whose a user token or a client key is. Throws where it is nobody's, or not of this place. */
  holder(secret: string, place: Place): Promise<Holder>;
}

export function createClientCallers(parts: {
  projects: Projects;
  userTokens: UserTokens;
  credentials: Credentials;
  sessions: ClientSessions;
  keys: ClientKeys;
  type: string;
  clock: () => number;
}): ClientCallers {
  const { projects, userTokens, credentials, sessions, keys, type, clock } = parts;

  /** From memory only. */
  const peekSession = (token: string, place: Place | null): ClientCaller | undefined => {
    const session = sessions.peek(token);
    const project = session && projects.peek(session.projectId);
    const wallet = project && credentials.peek(project, session.subject);
    if (session === undefined || project === undefined || wallet === undefined) return undefined;
    if (session.keyHash !== null && keys.peek(session.keyHash) === undefined) return undefined;
    return admitSession(session, project, wallet, place);
  };

  const findSession = async (token: string, place: Place | null): Promise<ClientCaller> => {
    const session = await sessions.get(token);
    if (session.keyHash !== null) await keys.live(session.keyHash);
    const project = await projects.get(session.projectId);
    return admitSession(session, project, await credentials.wallet(project, session.subject), place);
  };

  const admitSession = (
    session: ClientSession,
    project: Project,
    wallet: Wallet,
    place: Place | null,
  ): ClientCaller => {
    const isSigned = session.signingKeyId === null || project.signingKeys.some(({ id }) => id === session.signingKeyId);
    const credential = wallet.credentials.find(({ id }) => id === session.credentialId);
    if (!isSigned || credential === undefined) throw easelError("client_session_ended");
    if (place !== null && !isOf(place, project, credential)) throw easelError("client_session_elsewhere");
    sessions.used(session);
    if (session.keyHash !== null) keys.uses.count(session.keyHash, clock());
    return { use: useOf(project, wallet, credential, session.claims), session };
  };

  const holderOfKey = async (secret: string, place: Place | null): Promise<Holder> => {
    const key = await keys.live(hashOf(secret));
    const project = await projects.get(key.projectId);
    const wallet = await credentials.wallet(project, key.subject);
    const credential = wallet.credentials.find(({ id }) => id === key.credentialId);
    // Of another place it is told no more than that it is not valid there.
    if (credential === undefined || (place !== null && !isOf(place, project, credential)))
      throw easelError("client_key_unknown");
    keys.uses.count(key.hash, clock());
    return { use: useOf(project, wallet, credential, {}), key, signingKeyId: null, expiresAt: key.expiresAt };
  };

  const holderOfToken = async (secret: string, place: Place): Promise<Holder> => {
    const project = await projects.get(place.projectId);
    const token = await userTokens.verify(project, secret);
    const wallet = await credentials.wallet(project, token.subject);
    const use = useOf(project, wallet, ownCredential(project, wallet, place), token.claims);
    return { use, key: null, signingKeyId: token.signingKeyId, expiresAt: token.expiresAt };
  };

  const holder: ClientCallers["holder"] = (secret, place) =>
    isClientKey(secret) ? holderOfKey(secret, place) : holderOfToken(secret, place);

  /** The user's own, of the integration that such clients are for. Another user's is as unknown as one that nobody has. */
  const ownCredential = (project: Project, wallet: Wallet, place: Place): Credential => {
    const integrations = new Set(project.integrations.filter((one) => one.type === type).map(({ id }) => id));
    const own = wallet.credentials.filter(({ integrationId }) => integrations.has(integrationId));
    return pickCredential(own, place.credential);
  };

  return {
    holder,
    admit: (token, place) => {
      if (token === undefined) throw easelError("client_token_missing");
      if (isSessionToken(token)) return peekSession(token, place) ?? findSession(token, place);
      if (place === null && !isClientKey(token)) throw easelError("client_session_ended");
      const held = place === null ? holderOfKey(token, null) : holder(token, place);
      return held.then(({ use }) => ({ use, session: null }));
    },
  };
}

/** What Easel hands out has three parts, as Tableau's tokens have; user tokens and client keys never hold a bar. */
function isSessionToken(token: string): boolean {
  return token.includes("|");
}

/** Does the place mean this very credential? Its user's other ones do not matter. */
function isOf({ projectId, credential: named }: Place, project: Project, credential: Credential): boolean {
  if (projectId.toLowerCase() !== project.id) return false;
  return named.toLowerCase() === credential.id || named.replace(/^ext:/, "") === credential.externalId;
}

function useOf(
  project: Project,
  { user }: Wallet,
  credential: Credential,
  claims: Readonly<Record<string, unknown>>,
): Use {
  const integration = project.integrations.find(({ id }) => id === credential.integrationId);
  if (integration?.isActive !== true) throw easelError("integration_inactive");
  return { project, integration, user, credential, claims };
}
