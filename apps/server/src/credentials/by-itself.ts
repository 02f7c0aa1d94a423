import type { Connector } from "@easel/connector";
import type { Integration } from "../integrations/integrations.ts";
import type { TrustInEffect } from "../organisations/trust-in-effect.ts";
import type { Project } from "../projects/projects.ts";
import type { Connecting } from "./connect.ts";
import type { Credentials, Wallet } from "./credentials.ts";
import { isOffered } from "./target.ts";
import { tableauUsername } from "./username.ts";

/** Somebody who calls, and has connected nothing. */
export interface Newcomer {
  readonly project: Project;
  readonly integration: Integration;
  readonly wallet: Wallet;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Connects a newcomer whom a trust can sign in, where the integration lets that happen by itself. Their wallet, with what
 * was connected; as it was where there is no such trust. Throws what Tableau says of this person.
 */
export type ConnectByItself = (newcomer: Newcomer) => Promise<Wallet>;

export function createConnectByItself(parts: {
  connector: Connector;
  connecting: Connecting;
  credentials: Credentials;
  trustInEffect: TrustInEffect;
}): ConnectByItself {
  const { connector, connecting, credentials, trustInEffect } = parts;
  const method = connector.methods.find(({ usesTrust }) => usesTrust);
  // Of many first calls at once one connects. Bounded by the requests under way.
  const underWay = new Map<string, Promise<Wallet>>();

  const connect = async ({ project, integration, wallet, claims }: Newcomer, methodId: string): Promise<Wallet> => {
    await connecting.connect({ project, integration, wallet, claims, payload: { method: methodId }, options: {} });
    return credentials.wallet(project, wallet.user.subject);
  };

  return async (newcomer) => {
    const { project, integration, wallet, claims } = newcomer;
    if (!integration.connectsByItself || !integration.isActive || method === undefined) return wallet;
    const trust = await trustInEffect.find({ projectId: project.id, integration, claims, organisation: null });
    const canBe = isOffered({ ...integration, trust }, method) && tableauUsername(claims, integration.usernameClaim);
    if (!canBe) return wallet;
    // With the claims: two user tokens of one person may name two organisations.
    const key = JSON.stringify([wallet.user.id, trust?.id, canBe]);
    const joined = underWay.get(key);
    if (joined !== undefined) return joined;
    const connected = connect(newcomer, method.id).finally(() => underWay.delete(key));
    underWay.set(key, connected);
    return connected;
  };
}
