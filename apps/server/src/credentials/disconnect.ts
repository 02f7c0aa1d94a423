import type { Connector } from "@easel/connector";
import type { DatabaseAccess } from "../database/database.ts";
import type { Egress } from "../egress/egress.ts";
import { EaselError } from "../http/errors.ts";
import type { TrustInEffect } from "../organisations/trust-in-effect.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Credentials } from "./credentials.ts";
import type { Use } from "./live-sessions.ts";
import type { Signing } from "./signing.ts";
import { countNamesakes, sitesOfIdentity } from "./store.ts";

/** Removes the credential, and signs out at Tableau where nobody else uses the same sign-in. */
export type Disconnect = (use: Use) => Promise<void>;

const SIGN_OUT_MS = 5000;

export function createDisconnect(parts: {
  database: DatabaseAccess;
  connector: Connector;
  egress: Egress;
  credentials: Credentials;
  sessions: Sessions;
  signing: Signing;
  trustInEffect: TrustInEffect;
}): Disconnect {
  const { database, connector, egress, credentials, sessions, signing, trustInEffect } = parts;
  const send = egress.send(SIGN_OUT_MS);

  /** The sign-in that ends with this credential; null where somebody else goes on using it. */
  const endingIdentity = async ({ project, integration, credential, claims }: Use): Promise<string | null> => {
    if (credential.identity !== null)
      return (await sitesOfIdentity(database, credential.identity)).length === 0 ? credential.identity : null;
    // A trust signs in as a Tableau user, and several people of a product may be the same one.
    if ((await countNamesakes(database, project.id, credential)) > 0) return null;
    const { organisation, username } = credential;
    const trust = await trustInEffect.find({ projectId: project.id, integration, claims, organisation });
    try {
      return signing.again(project.id, integration, credential, { trust, username }).identity;
    } catch (error) {
      // The trust is gone or has moved: what it signed in runs out by itself.
      if (error instanceof EaselError) return null;
      throw error;
    }
  };

  return async (use) => {
    await credentials.remove(use.user, use.credential);
    const identity = await endingIdentity(use);
    const grant = identity === null ? null : await sessions.remove(identity);
    if (grant !== null) await connector.signOut(grant, send);
  };
}
