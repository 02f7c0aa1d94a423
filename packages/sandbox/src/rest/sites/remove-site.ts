import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import { abandon } from "../publishing/publish.ts";
import { forgetAll } from "../revisions/revisions.ts";

/** Takes a site from the server, with its files and the sessions on it. */
export function removeSite({ sites, sessions, files }: World, site: Site): void {
  const [first, second] = sites;
  // The server's schedules are with whichever site is the first (schedules/routes.ts).
  if (first === site && second !== undefined) second.schedules = site.schedules;
  sites.splice(sites.indexOf(site), 1);
  sessions.end((session) => session.site === site);
  for (const job of site.openJobs) abandon(files, job);
  for (const item of [...site.workbooks.values(), ...site.datasources.values(), ...site.flows.values()]) {
    forgetAll(files, item);
  }
}
