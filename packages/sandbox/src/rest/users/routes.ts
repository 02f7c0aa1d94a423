import { isSiteAdministrator } from "../../auth/roles.ts";
import { refuse } from "../../wire/refusals.ts";
import { type Collection, listRoute, readItem } from "../reading.ts";
import type { Route } from "../route.ts";
import type { User } from "./model.ts";
import { userResource } from "./resource.ts";

const users: Collection<User> = {
  path: "users",
  listed: userResource,
  items: (site) => site.users,
  scope: "tableau:users:read",
  role: "siteAdministrator",
  notFound: "404002",
};

export const userRoutes: readonly Route[] = [
  listRoute(users),
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/users/{id}",
    body: "none",
    jwt: users.scope,
    role: "anyone",
    // Everyone may read their own user; others' are for administrators.
    handle(call) {
      const { user } = call.session;
      const isOwn = call.parameters.id?.toLowerCase() === user.id;
      if (isOwn || isSiteAdministrator(user)) return readItem(users, call);
      return refuse("403004", "Reading other users needs a site administrator.");
    },
  },
];
