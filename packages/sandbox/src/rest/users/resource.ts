import { detail, type Resource } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { record } from "../../wire/element.ts";
import type { User } from "./model.ts";

export const userResource: Resource<User> = {
  element: "user",
  plural: "users",
  attributes: [
    { name: "id", type: "luid", from: (user) => user.id },
    { name: "name", type: "string", from: (user) => user.name, filter: ["eq", "in", "cieq"], sort: true },
    { name: "siteRole", type: "string", from: (user) => user.siteRole, filter: equality, sort: true },
    { name: "lastLogin", type: "dateTime", from: (user) => user.lastLogin, filter: ordered, sort: true },
    { name: "externalAuthUserId", type: "string", from: () => "" },
    { name: "authSetting", type: "string", from: (user) => user.authSetting },
    { name: "fullName", type: "string", from: (user) => user.fullName, show: "single" },
    { name: "email", type: "string", from: (user) => user.email, show: "single" },
    { name: "language", type: "string", from: (user) => user.language, show: "asked" },
    { name: "locale", type: "string", from: (user) => user.locale, show: "asked" },
    // The name that filters know fullName by (tableau-mcp's list of filterable fields).
    {
      name: "friendlyName",
      type: "string",
      from: (user) => user.fullName,
      show: "never",
      filter: equality,
      sort: true,
    },
    { name: "luid", type: "luid", from: (user) => user.id, show: "never", filter: equality },
    { name: "domainName", type: "string", from: domainOf, show: "never", filter: equality },
    { name: "isLocal", type: "boolean", from: (user) => domainOf(user) === "local", show: "never", filter: exactly },
  ],
  children: [detail("domain", (user) => record("domain", { name: domainOf(user) }), "single", ["name"])],
};

/** As public fixtures show it: people who sign in with Tableau's own MFA are in a domain of that name. */
export function domainOf({ authSetting }: User): string {
  return authSetting === "TableauIDWithMFA" ? "TABID_WITH_MFA" : "local";
}
