import type { User } from "../users/model.ts";

/** Whether a site role may publish anything at all (Tableau help, "Site roles"). */
export function mayPublish({ siteRole }: User): boolean {
  return siteRole === "Creator" || siteRole === "ExplorerCanPublish" || siteRole.includes("Administrator");
}
