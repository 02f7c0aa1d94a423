import type * as z from "zod";
import { grantOnSignIn } from "../rest/groups/licence.ts";
import type { User } from "../rest/users/model.ts";
import type { Site } from "../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { attribute, element, read } from "../wire/request-schema.ts";
import type { World } from "../world.ts";
import { proveByAuthorizationServer } from "./authorization-server.ts";
import { proveByDirectTrust } from "./direct-trust.ts";
import { isProblem, type JwtProblem, type JwtProof, problem, readJwt, type SubCode } from "./jwt.ts";
import { hashOf, sameHash, useToken } from "./personal-access-tokens.ts";
import { isServerAdministrator } from "./roles.ts";
import type { Session, SignedIn } from "./sessions.ts";
import { proveByUnifiedAccess } from "./unified-access.ts";

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

/** Who the credentials are on the site, and what they may do there. */
type Proven = Omit<SignedIn, "site">;

/** Signs in by personal access token, by password or by JWT (Tableau REST reference, "Sign In"). */
export async function signIn(world: World, content: unknown): Promise<Session | Refusal> {
  const request = read(signInSchema, content);
  if (isRefusal(request)) return request;
  const { credentials } = request;
  if (!hasCredentials(credentials)) {
    return refuse("400000", "The credentials hold no name and password, no personal access token and no JWT.");
  }
  const site = siteNamed(world, credentials.site?.contentUrl ?? "");
  if (site === undefined) return signInError(world);
  const proven = await prove(world, site, credentials);
  if (isRefusal(proven)) return proven;
  grantOnSignIn(world, site, proven.user);
  if (proven.user.siteRole === "Unlicensed" || site.settings.attributes.state === "Suspended")
    return signInError(world);
  const user = impersonated(world, site, proven, credentials.user?.id);
  if (isRefusal(user)) return user;
  world.stats.countSignIn(proven.identity);
  user.lastLogin = world.clock();
  return world.sessions.begin({ site, ...proven, user });
}

/** The site of a content URL. inferred: in any letter case. */
export function siteNamed(world: World, contentUrl: string): Site | undefined {
  const named = contentUrl.toLowerCase();
  return world.sites.find((site) => site.contentUrl.toLowerCase() === named);
}

/** What every failed sign-in looks like. */
function signInError(world: World, subCode?: SubCode): Refusal {
  const product = world.edition === "cloud" ? "Tableau Cloud" : "Tableau Server";
  // The number stands in the detail. inferred: its exact place.
  return refuse("401001", `Error signing in to ${product}${subCode === undefined ? "" : ` (${subCode})`}`);
}

function hasCredentials(credentials: Credentials): boolean {
  const { name, password, personalAccessTokenName, personalAccessTokenSecret, jwt } = credentials;
  const isToken = personalAccessTokenName !== undefined && personalAccessTokenSecret !== undefined;
  return jwt !== undefined || isToken || (name !== undefined && password !== undefined);
}

async function prove(world: World, site: Site, credentials: Credentials): Promise<Proven | Refusal> {
  const { name = "", password = "", personalAccessTokenName, personalAccessTokenSecret = "", jwt } = credentials;
  if (jwt !== undefined) return proveByJwt(world, site, jwt, credentials.isUat?.toLowerCase() === "true");
  if (personalAccessTokenName === undefined) return proveByPassword(world, site, name, password);
  return proveByToken(world, site, personalAccessTokenName, personalAccessTokenSecret);
}

function proveByToken(world: World, site: Site, name: string, secret: string): Proven | Refusal {
  if (world.faults.isRevoked(name)) return signInError(world);
  const token = useToken(world.credentials.tokens, name, secret, world.clock());
  const user = token === undefined ? undefined : userNamed(site, token.owner);
  if (token === undefined || user === undefined || world.faults.isTokenOff(site, user)) return signInError(world);
  return { user, identity: `pat:${name}`, scopes: "all", patGuid: token.guid };
}

/** On Tableau Cloud, where there is multi-factor authentication, a password is not enough. */
function proveByPassword(world: World, site: Site, name: string, password: string): Proven | Refusal {
  const hash = world.credentials.passwords.get(name.toLowerCase());
  const isTheirs = hash !== undefined && sameHash(hash, hashOf(password));
  const user = userNamed(site, name);
  const isRefused = world.edition === "cloud" && world.faults.active().mfa;
  if (!isTheirs || user === undefined || isRefused) return signInError(world);
  return { user, identity: `password:${user.name}`, scopes: "all" };
}

async function proveByJwt(world: World, site: Site, written: string, isUat: boolean): Promise<Proven | Refusal> {
  const proof = await check(world, site, written, isUat);
  if (isProblem(proof)) return signInError(world, proof.subCode);
  // A JWT's user name is case-sensitive.
  const user = site.users.values().find(({ name }) => name === proof.userName);
  if (user !== undefined) return { user, identity: `jwt:${user.name}`, scopes: proof.scopes };
  // On-demand access, without being a user of the site, is for sites that are licensed for it: this one is not.
  const isOnDemand = String(proof.claims["https://tableau.com/oda"]).toLowerCase() === "true";
  return signInError(world, isOnDemand ? 67 : 5);
}

async function check(world: World, site: Site, written: string, isUat: boolean): Promise<JwtProof | JwtProblem> {
  const jwt = readJwt(written);
  if (jwt === undefined) return problem(16);
  const { credentials, issuerKeys, replays } = world;
  const now = world.jwtClock() / 1000;
  if (isUat) {
    if (world.edition !== "cloud") return problem(101002);
    return proveByUnifiedAccess(jwt, { credentials, issuerKeys, site, now });
  }
  if (jwt.algorithm.startsWith("HS")) {
    return proveByDirectTrust(jwt, { site, now, replays, isSecretDeleted: world.faults.active().appSecretDeleted });
  }
  if (!/^(RS|PS|ES)\d{3}$/.test(jwt.algorithm)) return problem(10083);
  const servers = [...site.authorizationServers.values(), ...credentials.authorizationServers.values()];
  return proveByAuthorizationServer(jwt, { site, servers, now, replays, issuerKeys });
}

/** Whom the session is for: who signs in, or whom a server administrator of Tableau Server asks to be. */
function impersonated(world: World, site: Site, { user, scopes }: Proven, id: string | undefined): User | Refusal {
  if (id === undefined || id === "") return user;
  if (world.edition === "cloud" || scopes !== "all" || !isServerAdministrator(user)) {
    return refuse("403004", "Signing in as another user is for server administrators of Tableau Server.");
  }
  return site.users.get(id.toLowerCase()) ?? signInError(world);
}

function userNamed(site: Site, name: string): User | undefined {
  const lower = name.toLowerCase();
  return site.users.values().find((user) => user.name.toLowerCase() === lower);
}
