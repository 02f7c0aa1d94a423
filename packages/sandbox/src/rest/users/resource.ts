import type { Resource } from "../../query/description.ts";
import { equality, ordered } from "../../query/operators.ts";
import type { User } from "./model.ts";

export const userResource: Resource<User> = {
  element: "user",
  plural: "users",
  attributes: [
    { name: "id", type: "luid", from: (user) => user.id },
    { name: "name", type: "string", from: (user) => user.name, filter: equality, sort: true },
    { name: "siteRole", type: "string", from: (user) => user.siteRole, filter: equality, sort: true },
    { name: "lastLogin", type: "dateTime", from: (user) => user.lastLogin, filter: ordered, sort: true },
    { name: "externalAuthUserId", type: "string", from: () => "" },
    { name: "authSetting", type: "string", from: () => "ServerDefault" },
    { name: "fullName", type: "string", from: (user) => user.fullName, show: "single" },
    { name: "email", type: "string", from: (user) => user.name, show: "single" },
    { name: "language", type: "string", from: () => "en", show: "asked" },
    { name: "locale", type: "string", from: () => "en_US", show: "asked" },
    // The name that filters know fullName by (tableau-mcp's list of filterable fields).
    {
      name: "friendlyName",
      type: "string",
      from: (user) => user.fullName,
      show: "never",
      filter: equality,
      sort: true,
    },
  ],
};
