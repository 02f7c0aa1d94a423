import type { Ending, Moment } from "../jobs/effects.ts";
import type { StatusNote } from "../jobs/model.ts";
import type { CsvUser } from "./csv.ts";
import { makeUser, mostUsers } from "./new-user.ts";
import { changeSiteRole } from "./roles.ts";

/** What is left to do when an import's job ends; `skipped` lines named nobody. */
export type UsersImported = { effect: "usersImported"; users: CsvUser[]; skipped: number };

/** Adds the users of a file to a site; who is on it already gets the site role that the file says. */
export function importUsers({ world, site }: Moment, { users, skipped }: UsersImported): Ending {
  let added = 0;
  let changed = 0;
  const names = new Map(site.users.values().map((user) => [user.name.toLowerCase(), user]));
  for (const { passwordHash, ...user } of users) {
    const { name, siteRole } = user;
    const known = names.get(name.toLowerCase());
    if (known === undefined) {
      if (site.users.size >= mostUsers) continue;
      const made = makeUser(user);
      site.users.set(made.id, made);
      names.set(name.toLowerCase(), made);
      if (world.edition === "server" && passwordHash !== undefined) {
        world.credentials.passwords.set(name.toLowerCase(), passwordHash);
      }
      added++;
    } else if (known.siteRole !== siteRole) {
      changeSiteRole(world, site, known, siteRole);
      changed++;
    }
  }
  const notes: StatusNote[] = [
    note("CountOfUsersProcessed", users.length + skipped, "users processed"),
    note("CountOfUsersAddedToSite", added, "users added to the site"),
    note("CountOfUsersSiteRoleUpdated", changed, "users with another site role"),
    note("CountOfUsersSkipped", skipped, "lines skipped"),
  ];
  return { statusNotes: notes };
}

function note(type: string, value: number, what: string): StatusNote {
  return { type, value: String(value), text: `${value} ${what}` };
}
