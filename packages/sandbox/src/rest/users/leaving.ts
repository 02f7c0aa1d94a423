import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import type { User } from "./model.ts";
import { removeUsers } from "./ownership.ts";

/** Takes users from a site, ends their sessions and says so. */
export function leave({ sessions, events, clock }: World, site: Site, gone: ReadonlySet<User>): void {
  removeUsers(site, gone);
  sessions.end(({ user }) => gone.has(user));
  for (const { id, name } of gone) {
    events.emit({ name: "UserDeleted", site, resource: "USER", item: { id, name }, at: clock() });
  }
}
