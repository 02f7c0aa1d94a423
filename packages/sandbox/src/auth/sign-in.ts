import type * as z from "zod";
import type { User } from "../rest/users/model.ts";
import type { Site } from "../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { attribute, element, read } from "../wire/request-schema.ts";
import type { World } from "../world.ts";
import type { Session } from "./sessions.ts";

const signInSchema = element({
  credentials: element({
    name: attribute.optional(),
    password: attribute.optional(),
    personalAccessTokenName: attribute.optional(),
    personalAccessTokenSecret: attribute.optional(),
    jwt: attribute.optional(),
    isUat: attribute.optional(),
    site: element({ contentUrl: attribute.optional() }).optional(),
    user: element({ id: attribute.optional() }).optional(),
  }),
});

type Credentials = z.output<typeof signInSchema>["credentials"];

/** Who the credentials are, whichever way they prove it. */
type Proven = { userName: string; identity: string; scopes: Session["scopes"] };

/** Signs in by personal access token, by password or by JWT (Tableau REST reference, "Sign In"). */
export async function signIn(world: World, content: unknown): Promise<Session | Refusal> {
  const request = read(signInSchema, content);
  if (isRefusal(request)) return request;
  const { credentials } = request;
  if (credentials.user?.id !== undefined) {
    return refuse("403004", "Signing in as another user is for server administrators of Tableau Server.");
  }
  const proven = await prove(world, credentials);
  if (isRefusal(proven)) return proven;
  // inferred: letter case does not matter in a site's content URL.
  const contentUrl = credentials.site?.contentUrl?.toLowerCase() ?? "";
  const site = world.sites.find((one) => one.contentUrl === contentUrl);
  // A direct trust is a trust with one site.
  if (site === undefined || (isJwt(proven) && contentUrl !== world.keys.site.contentUrl)) return signInError();
  const user = findUser(site, proven);
  if (user === undefined) return isJwt(proven) ? jwtError(5) : signInError();
  if (user.siteRole === "Unlicensed") return signInError();
  world.stats.countSignIn(proven.identity);
  return world.sessions.begin(site, user, proven.identity, proven.scopes);
}

async function prove(world: World, credentials: Credentials): Promise<Proven | Refusal> {
  const { name, password, personalAccessTokenName, personalAccessTokenSecret, jwt } = credentials;
  if (jwt !== undefined) return proveByJwt(world, jwt);
  if (personalAccessTokenName !== undefined && personalAccessTokenSecret !== undefined) {
    return proveByToken(world, personalAccessTokenName, personalAccessTokenSecret);
  }
  if (name !== undefined && password !== undefined) return proveByPassword(world, name, password);
  return refuse("400000", "The credentials hold no name and password, no personal access token and no JWT.");
}

function proveByToken(world: World, name: string, secret: string): Proven | Refusal {
  const owner = world.keys.users.find(({ pat }) => pat.name === name && pat.secret === secret);
  if (owner === undefined || world.faults.isRevoked(name)) return signInError();
  return { userName: owner.name, identity: `pat:${name}`, scopes: "all" };
}

function proveByPassword(world: World, name: string, password: string): Proven | Refusal {
  const owner = world.keys.users.find((user) => user.name === name.toLowerCase() && user.password === password);
  if (owner === undefined) return signInError();
  return { userName: owner.name, identity: `password:${owner.name}`, scopes: "all" };
}

async function proveByJwt(world: World, jwt: string): Promise<Proven | Refusal> {
  const app = world.faults.isAppSecretDeleted() ? undefined : world.keys.connectedApp;
  const result = await world.verifyJwt(jwt, app);
  if (result.kind === "problem") return jwtError(result.subCode);
  return { userName: result.userName, identity: `jwt:${result.userName}`, scopes: result.scopes };
}

function findUser(site: Site, { userName }: Proven): User | undefined {
  return site.users.values().find((user) => user.name === userName); // a JWT's `sub` is case-sensitive
}

function isJwt({ scopes }: Proven): boolean {
  return scopes !== "all";
}

function signInError(): Refusal {
  return refuse("401001", "Error signing in to Tableau Cloud");
}

/** The sub-code stands in the detail. inferred: its exact place. */
function jwtError(subCode: number): Refusal {
  return refuse("401001", `Error signing in to Tableau Cloud (${subCode})`);
}
