import { type Migration, Migrator } from "kysely/migration";
import type { Handle } from "./database.ts";
import { up as firstRooms } from "./migrations/0001-first-rooms.ts";
import { up as trustsOfOrganisations } from "./migrations/0002-trusts-of-organisations.ts";
import { up as sessionsAndEvents } from "./migrations/0003-sessions-and-events.ts";
import { up as servers } from "./migrations/0004-servers.ts";
import { up as limits } from "./migrations/0005-limits.ts";
import { up as clientKeys } from "./migrations/0006-client-keys.ts";
import { up as usage } from "./migrations/0007-usage.ts";

/** Forward only: there is no `down`. A name, once released, is never changed. */
const migrations: Record<string, Migration> = {
  "0001-first-rooms": { up: firstRooms },
  "0002-trusts-of-organisations": { up: trustsOfOrganisations },
  "0004-servers": { up: servers },
  "0003-sessions-and-events": { up: sessionsAndEvents },
  "0005-limits": { up: limits },
  "0006-client-keys": { up: clientKeys },
  "0007-usage": { up: usage },
};

/** Brings the database up to this version. Several processes may call it at once; one does the work. */
export async function migrate(db: Handle): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(`The database could not be migrated: ${reason}`, { cause: error });
}
