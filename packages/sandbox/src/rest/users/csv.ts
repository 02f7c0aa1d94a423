import { parse } from "csv-parse/sync";
import { hashOf } from "../../auth/personal-access-tokens.ts";
import type { AuthSetting, SiteRole } from "./model.ts";

/** Of one CSV file. */
export const mostLines = 20_000;

/** One user of a CSV file. */
export type CsvUser = {
  name: string;
  fullName: string | undefined;
  email: string | undefined;
  siteRole: SiteRole;
  authSetting: AuthSetting | undefined;
  /** Of the password, which is never kept itself; only Tableau Server takes one. */
  passwordHash: string | undefined;
};

/**
 * Reads Tableau's CSV of users (Tableau help, "CSV Import File Guidelines"): no header; user name, password, display
 * name, licence, administrator level, may publish, e-mail address. Undefined when it is no CSV. Of a
 * file that is too long, one line more than it may have is read.
 */
export function readCsv(written: string): string[][] | undefined {
  try {
    return parse(written, { bom: true, relaxColumnCount: true, skipEmptyLines: true, trim: true, to: mostLines + 1 });
  } catch {
    return undefined; // the parser throws on quotes that don't close
  }
}

/** What a line says of a user; undefined when it names nobody or a licence that there is not. */
export function readCsvUser(line: readonly string[]): CsvUser | undefined {
  const [name = "", password = "", fullName = "", licence = "", level = "", publishes = "", email = ""] = line;
  const siteRole = siteRoleOf(licence.toLowerCase(), level.toLowerCase(), publishes.toLowerCase());
  if (nameOf(name) === "" || siteRole === undefined) return undefined;
  return {
    name: nameOf(name),
    fullName: fullName === "" ? undefined : fullName,
    email: email === "" ? undefined : email,
    siteRole,
    authSetting: undefined,
    passwordHash: password === "" ? undefined : hashOf(password),
  };
}

/** Without its domain, as in `example.com\ana`. */
export function nameOf(written: string): string {
  return written.slice(written.lastIndexOf("\\") + 1);
}

/** Clients also write the site role itself as the licence (TSC: `ExplorerCanPublish`). */
function siteRoleOf(licence: string, level: string, publishes: string): SiteRole | undefined {
  const mayPublish = ["1", "true", "yes"].includes(publishes) || licence === "explorercanpublish";
  if (level === "system" || level === "site") {
    return licence === "creator" ? "SiteAdministratorCreator" : "SiteAdministratorExplorer";
  }
  switch (licence) {
    case "creator":
      return "Creator";
    case "explorer":
    case "explorercanpublish":
      return mayPublish ? "ExplorerCanPublish" : "Explorer";
    case "viewer":
      return "Viewer";
    case "unlicensed":
    case "":
      return "Unlicensed";
    default:
      return undefined;
  }
}
