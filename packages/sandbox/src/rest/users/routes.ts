import { isSiteAdministrator } from "../../auth/roles.ts";
import { indexed } from "../../control/index-lag.ts";
import { drawPage } from "../../query/listing.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { isMember } from "../groups/model.ts";
import { groupResource } from "../groups/resource.ts";
import { readerOf } from "../permissions/effective.ts";
import { find, listRoute, readItem } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { workbookResource } from "../workbooks/resource.ts";
import { users } from "./collection.ts";
import { csvRoutes } from "./csv-routes.ts";
import type { User } from "./model.ts";
import { userWriteRoutes } from "./write-routes.ts";

export const userRoutes: readonly Route[] = [
  listRoute(users),
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/users/{id}",
    body: "none",
    jwt: users.scope,
    role: "anyone",
    handle(call) {
      const refusal = refuseOthers(call);
      return refusal ?? readItem(users, call);
    },
  },
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/users/{id}/groups",
    body: "none",
    jwt: users.scope, // inferred
    role: "anyone",
    handle: groupsOfUser,
  },
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/users/{id}/workbooks",
    body: "none",
    jwt: "tableau:content:read",
    role: "anyone",
    handle: workbooksOfUser,
  },
  ...userWriteRoutes,
  ...csvRoutes,
];

function groupsOfUser(call: SessionCall): Reply | Refusal {
  const user = oneself(call);
  if (isRefusal(user)) return user;
  const groups = call.session.site.groups.values().filter((group) => isMember(user, group));
  const elements = drawPage(groupResource, groups, call.query, call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

/** What the user may see, or with `ownedBy=true` only what is theirs. */
function workbooksOfUser(call: SessionCall): Reply | Refusal {
  const user = oneself(call);
  if (isRefusal(user)) return user;
  const ownedOnly = call.query.get("ownedBy")?.toLowerCase() === "true";
  const sees = ownedOnly ? undefined : readerOf(user);
  const workbooks = call.session.site.workbooks
    .values()
    .filter((workbook) => (sees === undefined ? workbook.owner === user : sees(workbook)));
  const elements = drawPage(workbookResource, indexed(call.world, workbooks), call.query, call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

function oneself(call: SessionCall): User | Refusal {
  return refuseOthers(call) ?? find(users, call);
}

/** Everyone may read their own user; others' are for administrators. */
function refuseOthers({ session: { user }, parameters }: SessionCall): Refusal | undefined {
  if (isSiteAdministrator(user) || parameters.id?.toLowerCase() === user.id) return undefined;
  return refuse("403133", "Reading other users needs a site administrator.");
}
