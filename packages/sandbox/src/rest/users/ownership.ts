import { forgetFollowers } from "../../pulse/model.ts";
import type { Site } from "../../site/site.ts";
import { forgetCustomViewsBy } from "../custom-views/model.ts";
import { forgetFavorites } from "../favorites/favorites.ts";
import { forgetGrantees } from "../permissions/forget.ts";
import type { User } from "./model.ts";

/** What somebody owns on a site; `owner` is theirs to hand over. */
type Owned = { owner: User };

/** Everything that has an owner and can't be without one. */
function* ownable(site: Site): Generator<Owned> {
  yield* site.projects.values();
  yield* site.workbooks.values();
  yield* site.datasources.values();
  yield* site.flows.values();
  yield* site.virtualConnections.values();
}

/** Everybody who owns something. */
export function ownersOf(site: Site): Set<User> {
  return new Set(ownable(site).map(({ owner }) => owner));
}

/** Gives everything that a user owns to another. */
export function handOver(site: Site, user: User, heir: User): void {
  for (const item of ownable(site)) if (item.owner === user) item.owner = heir;
}

/** Takes users from a site, with what only they had: memberships, permissions, favorites, subscriptions, alerts. */
export function removeUsers(site: Site, gone: ReadonlySet<User>): void {
  for (const { members } of site.groups.values()) {
    for (const user of members) if (gone.has(user)) members.delete(user);
  }
  forgetGrantees(site, gone);
  forgetFollowers(site.pulse, new Set(Array.from(gone, ({ id }) => id)));
  for (const { id, user } of site.subscriptions.values()) if (gone.has(user)) site.subscriptions.delete(id);
  for (const alert of site.dataAlerts.values()) {
    alert.recipients = alert.recipients.filter(({ user }) => !gone.has(user));
    if (gone.has(alert.owner)) site.dataAlerts.delete(alert.id);
  }
  // An external asset has to have a contact.
  const { databases, tables } = site.catalog;
  for (const asset of [...databases.values(), ...tables.values()]) {
    if (gone.has(asset.contact)) asset.contact = asset.project.owner;
  }
  forgetCustomViewsBy(site, gone);
  for (const user of gone) {
    forgetFavorites(site, user);
    site.hiddenRecommendations.delete(user.id);
    site.settings.recent.delete(user.id);
    site.users.delete(user.id);
  }
}
