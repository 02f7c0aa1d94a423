import { randomUUID } from "node:crypto";
import type { Site } from "../../site/site.ts";
import type { SiteRole, User } from "./model.ts";

/** On a site. */
export const mostUsers = 200_000;

/** What a new user is. */
export type NewUser = { name: string; siteRole: SiteRole } & Partial<Pick<User, "fullName" | "email" | "authSetting">>;

export function makeUser({ name, siteRole, fullName = name, email = name, authSetting }: NewUser): User {
  return {
    id: randomUUID(),
    name,
    fullName,
    email,
    siteRole,
    authSetting: authSetting ?? "ServerDefault",
    language: "en",
    locale: "en_US",
    lastLogin: undefined,
  };
}

/** Names are the same in any letter case. */
export function userNamed(site: Site, name: string): User | undefined {
  const wanted = name.toLowerCase();
  return site.users.values().find((user) => user.name.toLowerCase() === wanted);
}
