import type { Credentials } from "../credentials/credentials.ts";
import type { LiveSessions } from "../credentials/live-sessions.ts";
import type { Changes } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import type { Egress } from "../egress/egress.ts";
import type { UserTokens } from "../keys/user-tokens.ts";
import type { Projects } from "../projects/projects.ts";
import type { Servers } from "../servers/servers.ts";
import type { Chore } from "../upkeep.ts";
import { createClientCallers } from "./callers.ts";
import { type ClientKeys, createClientKeys } from "./client-keys.ts";
import { createClientSessions } from "./client-sessions.ts";
import { createOwnAnswers } from "./own-answers.ts";
import type { ClientRouteParts } from "./routes.ts";
import { createServerInfos } from "./server-info.ts";
import { createClientSignIn } from "./sign-in.ts";

/** Everything that Tableau's clients need of Easel. */
export interface Clients extends Pick<ClientRouteParts, "callers" | "ownAnswers"> {
  readonly keys: ClientKeys;
  readonly chores: readonly Chore[];
  /** Writes what is held. */
  close(): Promise<void>;
}

/** How long a server may take to say its version. */
const SERVER_INFO_MS = 5000;

export function createClients(parts: {
  database: DatabaseAccess;
  changes: Changes;
  egress: Egress;
  projects: Projects;
  userTokens: UserTokens;
  credentials: Credentials;
  liveSessions: Pick<LiveSessions, "peek" | "get">;
  servers: Servers;
  /** The type of the connector that such clients are for. */
  type: string;
  clock: () => number;
}): Clients {
  const { egress, clock } = parts;
  const keys = createClientKeys(parts);
  const sessions = createClientSessions(parts);
  const callers = createClientCallers({ ...parts, sessions, keys });
  const signIn = createClientSignIn({ ...parts, callers, sessions });
  const serverInfos = createServerInfos({ send: egress.send(SERVER_INFO_MS), clock });
  const writeUses = async (): Promise<void> => {
    await keys.uses.write();
    await sessions.writeUses();
  };
  return {
    keys,
    callers,
    ownAnswers: createOwnAnswers({ ...parts, callers, sessions, signIn, serverInfos }),
    chores: [
      { everyMs: 60_000, run: writeUses },
      { everyMs: 3_600_000, run: sessions.prune },
      { everyMs: 3_600_000, run: keys.prune },
    ],
    close: writeUses,
  };
}
