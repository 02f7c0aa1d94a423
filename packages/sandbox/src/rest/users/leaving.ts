import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import type { User } from "./model.ts";
import { removeUser } from "./ownership.ts";

/** Takes a user from a site, ends their sessions and says so. */
export function leave({ sessions, events, clock }: World, site: Site, user: User): void {
  removeUser(site, user);
  sessions.end((session) => session.user === user);
  const item = { id: user.id, name: user.name };
  events.emit({ name: "UserDeleted", site, resource: "USER", item, at: clock() });
}
