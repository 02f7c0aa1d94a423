import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { EventFilter, EventInput, EventPage } from "./kinds.ts";
import { deleteOldEvents, insertEvents, listEvents } from "./store.ts";

export type { CredentialEvent, EventFilter, EventInput, EventPage, EventReason, StoredEvent } from "./kinds.ts";

/**
 * Stores events in the transaction that makes the change which they tell of: both are there, or neither. One change is
 * told once, so call it only where the row was changed. Call it last in the transaction (events/store.ts).
 */
export function recordEvents(trx: Trx, events: readonly EventInput[]): Promise<void> {
  return insertEvents(trx, events);
}

export interface Events {
  /** The newest first. */
  list(
    projectId: string,
    filter: EventFilter,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<EventPage>;
  /** Removes what is older than events are kept. */
  prune(): Promise<void>;
}

/** Events are kept for so long: a quarter, so that last month can be looked at. */
const KEPT_DAYS = 90;
/** Removed by one statement at most. */
const AT_ONCE = 10_000;

export function createEvents(database: DatabaseAccess): Events {
  return {
    list: (projectId, filter, page) => listEvents(database, projectId, filter, page),
    prune: async () => {
      while (await deleteOldEvents(database, KEPT_DAYS, AT_ONCE)) {
        // The next piece.
      }
    },
  };
}
