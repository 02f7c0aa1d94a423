import type { Connector } from "@easel/connector";
import type { DatabaseAccess } from "../database/database.ts";
import type { Egress } from "../egress/egress.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { User } from "../users/users.ts";
import type { Credential, Credentials } from "./credentials.ts";
import { sitesOfIdentity } from "./store.ts";

/** Removes the credential, and signs out at Tableau where nobody else uses the same sign-in. */
export type Disconnect = (user: User, credential: Credential) => Promise<void>;

const SIGN_OUT_MS = 5000;

export function createDisconnect(parts: {
  database: DatabaseAccess;
  connector: Connector;
  egress: Egress;
  credentials: Credentials;
  sessions: Sessions;
}): Disconnect {
  const { database, connector, egress, credentials, sessions } = parts;
  const send = egress.send(SIGN_OUT_MS);
  return async (user, credential) => {
    await credentials.remove(user, credential);
    if (credential.identity === null) return;
    const others = await sitesOfIdentity(database, credential.identity);
    if (others.length > 0) return;
    const grant = await sessions.remove(credential.identity);
    if (grant !== null) await connector.signOut(grant, send);
  };
}
