import type * as z from "zod";
import { hashOf, tokensOf } from "../../auth/personal-access-tokens.ts";
import { alone, draw } from "../../query/description.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import type { World } from "../../world.ts";
import { find } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import { users } from "./collection.ts";
import { leave } from "./leaving.ts";
import type { User } from "./model.ts";
import { makeUser, mostUsers, userNamed } from "./new-user.ts";
import { handOver, ownersOf } from "./ownership.ts";
import { userResource } from "./resource.ts";
import { changeSiteRole, readAuthSetting, readSiteRole } from "./roles.ts";

const requestSchema = element({
  user: element({
    name: attribute.optional(),
    fullName: attribute.optional(),
    email: attribute.optional(),
    siteRole: attribute.optional(),
    authSetting: attribute.optional(),
    password: attribute.optional(),
  }),
});

export const userWriteRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/users",
    body: "tsRequest",
    jwt: "tableau:users:create",
    role: "siteAdministrator",
    handle: addUser,
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/users/{id}",
    body: "tsRequest",
    jwt: "tableau:users:update",
    role: "siteAdministrator",
    handle: updateUser,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/users/{id}",
    body: "none",
    jwt: "tableau:users:delete",
    role: "siteAdministrator",
    handle: deleteUser,
  },
];

function addUser({ session: { site }, world, content, scene }: SessionCall): Reply | Refusal {
  const request = read(requestSchema, content);
  if (isRefusal(request)) return request;
  const { name = "", siteRole: writtenRole, authSetting: writtenSetting, fullName, email } = request.user;
  if (name.trim() === "") return refuse("400003", "A user must have a name.");
  if (writtenRole === undefined) return refuse("400013", "A user must have a site role.");
  if (writtenRole === "Guest") return refuse("409005", "The guest is not added to a site.");
  const siteRole = readSiteRole(writtenRole, world);
  if (isRefusal(siteRole)) return siteRole;
  const authSetting = writtenSetting === undefined ? undefined : readAuthSetting(writtenSetting);
  if (isRefusal(authSetting)) return authSetting;
  // 409017 in practice (tabcmd's constants), 409000 in the reference.
  if (userNamed(site, name) !== undefined) return refuse("409017", `'${name}' is already on the site.`);
  if (site.users.size >= mostUsers) return refuse("409014", `The site has ${mostUsers} users, and no licence is left.`);
  const user = makeUser({ name, siteRole, fullName, email, authSetting });
  site.users.set(user.id, user);
  return created(draw(userResource, user, scene, alone), `/api/${restApiVersion}/sites/${site.id}/users/${user.id}`);
}

function updateUser(call: SessionCall): Reply | Refusal {
  const user = find(users, call);
  if (isRefusal(user)) return user;
  const request = read(requestSchema, call.content);
  if (isRefusal(request)) return request;
  const change = readChange(call, user, request.user);
  if (isRefusal(change)) return change;
  changeCredentials(call.world, user, change, request.user.password);
  const { siteRole, ...facts } = change;
  Object.assign(user, facts);
  changeSiteRole(call.world, call.session.site, user, siteRole);
  return answer(draw(userResource, user, call.scene, alone));
}

/** Who signs in another way loses their personal access tokens; passwords are set on Tableau Server only. */
function changeCredentials({ credentials, edition }: World, user: User, change: Change, password?: string): void {
  if (change.authSetting !== user.authSetting) {
    for (const { guid } of tokensOf(credentials.tokens, user.name)) credentials.tokens.delete(guid);
  }
  if (edition === "server" && password !== undefined) {
    credentials.passwords.set(user.name.toLowerCase(), hashOf(password));
  }
}

type Change = Pick<User, "siteRole" | "authSetting" | "fullName" | "email">;

/**
 * On Tableau Cloud only the site role and the way to sign in can be changed. inferred: the rest is taken and ignored
 * there, because clients send back all that they have read.
 */
function readChange(
  { world, session }: SessionCall,
  user: User,
  written: z.output<typeof requestSchema>["user"],
): Change | Refusal {
  const siteRole = readSiteRole(written.siteRole ?? user.siteRole, world);
  if (isRefusal(siteRole)) return siteRole;
  if (siteRole !== user.siteRole && user === session.user) {
    return refuse("403009", "Nobody may change their own site role.");
  }
  const authSetting = readAuthSetting(written.authSetting ?? user.authSetting);
  if (isRefusal(authSetting)) return authSetting;
  if (world.edition === "cloud") return { siteRole, authSetting, fullName: user.fullName, email: user.email };
  const { fullName = user.fullName, email = user.email } = written;
  if (email !== user.email && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    return refuse("400000", `'${email}' is not a valid email address.`);
  }
  return { siteRole, authSetting, fullName, email };
}

/** `mapAssetsTo` names who gets what the user owns; without it, whoever owns something stays. */
function deleteUser(call: SessionCall): Reply | Refusal {
  const user = find(users, call);
  if (isRefusal(user)) return user;
  const { site } = call.session;
  if (user === call.session.user) return refuse("400000", "Nobody may remove themselves from the site.");
  const heirId = call.query.get("mapAssetsTo");
  const heir = heirId === null ? undefined : site.users.get(heirId.toLowerCase());
  if (heirId !== null && heir === undefined) return refuse("404002", `There is no user '${heirId}'.`);
  if (heir !== undefined && heir !== user) handOver(site, user, heir);
  if (ownersOf(site).has(user)) return refuse("409003", `'${user.name}' still owns content.`);
  leave(call.world, site, new Set([user]));
  return done;
}
