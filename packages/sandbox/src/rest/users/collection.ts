import type { Collection } from "../reading.ts";
import type { User } from "./model.ts";
import { userResource } from "./resource.ts";

export const users: Collection<User> = {
  path: "users",
  listed: userResource,
  items: (site) => site.users,
  scope: "tableau:users:read",
  role: "siteAdministrator",
  notFound: "404002",
};
