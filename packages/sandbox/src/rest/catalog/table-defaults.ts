import { isRefusal, refuse } from "../../wire/refusals.ts";
import { subjectOf } from "../permissions/draw.ts";
import { may } from "../permissions/effective.ts";
import { defaultCapabilities } from "../permissions/kinds.ts";
import { ruleRoutes } from "../permissions/rule-routes.ts";
import { find } from "../reading.ts";
import type { Route } from "../route.ts";
import { databases } from "./database-routes.ts";

/** What the tables of a database get by default; until it is set, what the database's project has for tables. */
export const tableDefaultRoutes: readonly Route[] = ruleRoutes(
  "/sites/{siteId}/databases/{id}/default-permissions/tables",
  (call, purpose) => {
    const database = find(databases, call);
    if (isRefusal(database)) return database;
    const { user } = call.session;
    if (purpose === "change" && !may(user, "ChangePermissions", database)) {
      return refuse("403004", `${user.name} may not set permissions on '${database.name}'.`);
    }
    return {
      subject: subjectOf(databases.listed, database, call.scene),
      capabilities: defaultCapabilities.tables,
      rules: database.tablePermissions ?? database.project.defaultPermissions.tables,
      set(rules) {
        database.tablePermissions = rules;
      },
    };
  },
);
