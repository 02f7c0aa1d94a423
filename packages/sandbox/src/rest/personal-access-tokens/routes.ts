import { isOver, tokensOf } from "../../auth/personal-access-tokens.ts";
import { isSiteAdministrator } from "../../auth/roles.ts";
import { isoSeconds } from "../../query/description.ts";
import { list, record } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done } from "../../wire/reply.ts";
import type { Route, SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";

const path = "/sites/{siteId}/users/{id}/personal-access-tokens";
const shared = { body: "none", edition: "cloud", jwt: "never", role: "anyone" } as const;

/** A user's personal access tokens, on Tableau Cloud since API 3.21 (Tableau REST reference, "Authentication Methods"). */
export const personalAccessTokenRoutes: readonly Route[] = [
  {
    kind: "session",
    ...shared,
    method: "GET",
    template: path,
    handle(call) {
      const owner = ownerOf(call);
      if (isRefusal(owner)) return owner;
      const { world, scene } = call;
      const alive = tokensOf(world.credentials.tokens, owner.name).filter((token) => !isOver(token, scene.now));
      const drawn = alive.map(({ guid, name, expiresAt, lastUsedAt }) =>
        record("personalAccessToken", {
          tokenName: name,
          tokenGuid: guid,
          lastUsedAt: lastUsedAt === undefined ? undefined : isoSeconds(lastUsedAt),
          expiresAt: isoSeconds(expiresAt),
        }),
      );
      return answer(list("personalAccessTokens", "personalAccessToken", drawn));
    },
  },
  {
    kind: "session",
    ...shared,
    method: "DELETE",
    template: `${path}/{tokenGuid}`, // inferred: by what names a token in the list
    handle(call) {
      const owner = ownerOf(call);
      if (isRefusal(owner)) return owner;
      const { world, parameters } = call;
      const guid = parameters.tokenGuid?.toLowerCase() ?? "";
      const token = tokensOf(world.credentials.tokens, owner.name).find((one) => one.guid === guid);
      if (token === undefined) return refuse("404040", `There is no personal access token '${guid}'.`);
      world.credentials.tokens.delete(token.guid);
      world.sessions.end(({ patGuid }) => patGuid === token.guid); // inferred: what it began ends with it
      return done;
    },
  },
];

/** Whose tokens these are: one's own, or a user's of whom one administers every site that they are on. */
function ownerOf({ world, session, parameters }: SessionCall): User | Refusal {
  const { site, user } = session;
  const owner = site.users.get(parameters.id?.toLowerCase() ?? "");
  if (owner === undefined) return refuse("404002", `There is no user '${parameters.id}'.`);
  if (owner === user) return owner;
  const theirSites = world.sites.filter(({ users }) => users.values().some(({ name }) => name === owner.name));
  const administersAll = theirSites.every(({ users }) =>
    users.values().some((one) => one.name === user.name && isSiteAdministrator(one)),
  );
  return administersAll ? owner : refuse("403004", "The tokens of others are for who administers all of their sites.");
}
