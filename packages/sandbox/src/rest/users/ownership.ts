import type { Site } from "../../site/site.ts";
import { forgetCustomViewsBy } from "../custom-views/model.ts";
import { forgetFavorites } from "../favorites/favorites.ts";
import { forgetGrantee } from "../permissions/forget.ts";
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

export function ownsContent(site: Site, user: User): boolean {
  for (const { owner } of ownable(site)) if (owner === user) return true;
  return false;
}

/** Gives everything that a user owns to another. */
export function handOver(site: Site, user: User, heir: User): void {
  for (const item of ownable(site)) if (item.owner === user) item.owner = heir;
}

/** Takes a user from a site, with what only the user had: memberships, permissions, favorites, subscriptions, alerts. */
export function removeUser(site: Site, user: User): void {
  for (const group of site.groups.values()) group.members.delete(user);
  forgetGrantee(site, user);
  forgetFavorites(site, user);
  forgetCustomViewsBy(site, user);
  for (const { id, user: subscriber } of site.subscriptions.values())
    if (subscriber === user) site.subscriptions.delete(id);
  for (const alert of site.dataAlerts.values()) {
    alert.recipients = alert.recipients.filter((recipient) => recipient.user !== user);
    if (alert.owner === user) site.dataAlerts.delete(alert.id);
  }
  // An external asset has to have a contact.
  const { databases, tables } = site.catalog;
  for (const asset of [...databases.values(), ...tables.values()]) {
    if (asset.contact === user) asset.contact = asset.project.owner;
  }
  site.users.delete(user.id);
}
