import type { Budget } from "./budgets.ts";
import type { ConnectorHelp } from "./help.ts";

/**
 * The one interface through which the platform knows a provider. A connector is pure: it builds requests and reads
 * answers, and never opens a socket; the platform sends for it, through the egress guard.
 *
 * Tableau's word for a tenant on a server is "site", and it is ours too.
 */
export interface Connector {
  /** The connector's name in URLs and in the SDK, e.g. `tableau`. */
  readonly type: string;
  readonly name: string;
  readonly brandColor: string;
  /** The ways to sign in, the best first. */
  readonly methods: readonly SignInMethod[];
  /** Every refusal this connector can give, by code; the platform's error table includes them. */
  readonly problems: Readonly<Record<string, ProblemText>>;

  /** Reads an address as people paste it, e.g. `https://10ax.online.tableau.com/#/site/acme/views/Sales/Overview`. */
  readAddress(text: string): AddressRead;
  /** Asks a server what it is. No credentials are sent. */
  probe(serverUrl: string, send: Send): Promise<ProbeResult>;
  signIn(request: SignInRequest, send: Send): Promise<SignInResult>;
  /** What makes a trust at the provider, on an administrator's session. */
  readonly trustSetup: TrustSetup;
  /** Best effort: the session may be gone already. */
  signOut(session: SessionAddress & Carried, send: Send): Promise<void>;
  /** The user name behind a session, for people to see; null where the provider does not say. */
  whoAmI(session: SessionAddress & Carried, send: Send): Promise<string | null>;
  /**
   * When the provider ends the secret that a session was signed in with, of a method that `expires`; null where it does
   * not say.
   * @param fields what the person typed
   */
  secretExpiry(
    session: SessionAddress & Carried,
    fields: Readonly<Record<string, string>>,
    send: Send,
  ): Promise<Date | null>;
  /**
   * What makes two sign-ins the same sign-in, in order: everything secret, and everything that changes whose session
   * comes back. The platform stores only an HMAC of it.
   */
  identity(request: SignInRequest): readonly string[];
  /** Why nothing, or only part of an answer, came from a server, as a refusal in the connector's words. */
  unreachable(serverUrl: string, reason: UnreachableReason): Problem;
  /** The headers that carry a session on a request. */
  authorization(session: Carried): Record<string, string>;
  /** A cheap GET that succeeds on every live session of this method and these scopes; null where there is none. */
  confirmation(session: SessionAddress, method: string, scopes: readonly string[]): string | null;

  /**
   * Which route a caller's path is, before any session exists.
   * @param siteId the credential's site: a path that names another one is refused
   */
  route(method: string, path: string, serverUrl: string, siteId?: string): RouteResult;
  /** The route at this version of the API, where its caller named none: else it is called at the session's. */
  atVersion(route: Route, apiVersion: string): Route;
  /** The absolute URL to call, placeholders filled in. Call `route` first: it holds every refusal. */
  address(route: Route, session: SessionAddress): string;
  /** Reads a provider's answer that is not a success. `body` is the first 64 KB at most. */
  classify(status: number, headers: AnswerHeaders, body: string): Classification;
  /**
   * Why the provider refused this route (401 of a session that lives, 403, or 404 of an address that it does not have), in
   * words, from the route table. Null where the provider's own words say it best.
   */
  explain(route: Route, error: ProviderError, situation: Situation): Explanation | null;
  /** The refusal of a route whose scope the project's Permissions do not hold. `person` as in `Situation`. */
  permissionMissing(route: Route, person: Person | null): Problem;
  /** What a session's site is called now, by the name that a sign-in gives; null as in `person`. */
  siteName(
    session: SessionGrant,
    signIn: { readonly method: string; readonly scopes: readonly string[] },
    send: Send,
  ): Promise<string | null>;
  /**
   * Who a session's user is, to explain a refusal with; null where the provider does not say, or the session may not ask.
   */
  person(
    session: SessionGrant,
    signIn: { readonly method: string; readonly scopes: readonly string[] },
    send: Send,
  ): Promise<Person | null>;

  /** Does a list of permissions (which may hold `*` parts) hold this scope? */
  permits(permissions: readonly string[], scope: string): boolean;
  /** What the permissions let the product do, for the person who is asked, e.g. `read projects and workbooks`. */
  consent(permissions: readonly string[]): readonly string[];

  /** What it knows of lists, jobs and uploads, for callers who ask for help with them. */
  readonly help: ConnectorHelp;

  /** What the provider lets a site and its users do in an hour or a day. */
  readonly budgets: readonly Budget[];
  /** Those that one request of this route draws on. Cheap: it is asked for each. */
  budgetsOf(route: Route): readonly Budget[];
}

export interface SignInMethod {
  /** `pat`, `password` or `connectedApp` at Tableau. */
  readonly id: string;
  readonly title: string;
  /** One sentence for the person who chooses. */
  readonly description: string;
  /** What the person types; empty where a trust signs in for them. */
  readonly fields: readonly Field[];
  /** Signs in with the keys of a trust, as the user that the user token names. */
  readonly usesTrust: boolean;
  /** One live session in the world per secret: a second sign-in ends the first. */
  readonly exclusive: boolean;
  /** The session is limited to scopes. */
  readonly scoped: boolean;
  /** The provider ends such secrets by itself, and may say when (`Connector.secretExpiry`). */
  readonly expires?: boolean;
  /** And also when nobody has signed in with one for so many days in a row. */
  readonly lapsesAfterDays?: number;
  /**
   * Where it is offered unless a project names it in its settings, e.g. a password at Tableau Server; everywhere where
   * this is absent.
   */
  readonly editions?: readonly ServerFacts["edition"][];
}

export interface Field {
  readonly id: string;
  readonly title: string;
  readonly secret: boolean;
  readonly placeholder?: string;
  readonly help?: string;
}

/** A refusal in words. `{name}` in a text is filled from the problem's parameters. */
export interface ProblemText {
  /** The HTTP status that Easel answers with. */
  readonly status: number;
  /** What happened, one sentence. */
  readonly message: string;
  /** What to do, one sentence. */
  readonly action: string;
}

export interface Problem {
  /** A key of `Connector.problems`. */
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
  /** What the provider itself said, when it said something. */
  readonly error?: ProviderError;
}

export interface ProviderError {
  /** The provider's own code, e.g. `404002`; empty where the answer held none. */
  readonly code: string;
  readonly summary: string;
  readonly detail: string;
}

/**
 * A small request that the connector wants sent: sign-in, probe, sign-out, the making of a trust. Redirects are returned,
 * never followed.
 */
export interface OutboundRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
export type OutboundAnswer =
  /** `body` is the first 64 KB at most. */
  | { readonly kind: "answered"; readonly status: number; readonly headers: AnswerHeaders; readonly body: string }
  /** `forbidden`: the egress guard does not let Easel call this address. */
  | { readonly kind: "unreachable"; readonly reason: UnreachableReason };
export type UnreachableReason = "forbidden" | "unknownHost" | "refused" | "timeout" | "tls" | "cut";
export type Send = (request: OutboundRequest) => Promise<OutboundAnswer>;
/** Names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type AddressRead =
  /** `site` is null where the address does not say it; "" is the default site. */
  | { readonly kind: "read"; readonly serverUrl: string; readonly site: string | null }
  | { readonly kind: "unreadable"; readonly problem: Problem };

export type ProbeResult =
  | { readonly kind: "found"; readonly server: ServerFacts }
  | { readonly kind: "notFound"; readonly problem: Problem };
export interface ServerFacts {
  /** Normalised: scheme, host, optional port and path prefix, no trailing slash. */
  readonly serverUrl: string;
  readonly edition: "cloud" | "server";
  readonly productVersion: string;
  /** The newest version that both the server and Easel speak, e.g. `3.27`. */
  readonly apiVersion: string;
}

export interface SignInRequest {
  readonly serverUrl: string;
  readonly apiVersion: string;
  /** "" is the default site. */
  readonly site: string;
  readonly method: string;
  /** For a method that uses a trust. Absent: a connected app. */
  readonly trustKind?: TrustKind;
  /**
   * By field id; for a method that uses a trust `username`, and by kind: `clientId`, `secretId` and `secretValue` of a
   * connected app; `issuer`, `keyId` and `privateKey` (PKCS8, PEM) of an issuer; those, `tenantId` and `usernameClaim` of a
   * unified access token.
   */
  readonly fields: Readonly<Record<string, string>>;
  /** For scoped methods. */
  readonly scopes: readonly string[];
}
/**
 * `connectedApp`: a secret that the site gave out. `issuer`: the platform is the site's external authorization server.
 * `uat`: a unified access token of Tableau Cloud, signed with a private key of the product's own.
 */
export type TrustKind = "connectedApp" | "issuer" | "uat";

export interface TrustSetup {
  /** Makes a connected app that is switched on, with one secret. What it has made is gone again where a step fails. */
  createApp(
    session: SessionGrant,
    name: string,
    send: Send,
  ): Promise<Made<{ readonly clientId: string; readonly secretId: string; readonly secretValue: string }>>;
  /** Best effort, as is `removeIssuer`. */
  removeApp(session: SessionGrant, clientId: string, send: Send): Promise<void>;
  /** Registers an issuer. `id` is null where the site knows it already: then there is nothing of ours to remove. */
  registerIssuer(
    session: SessionGrant,
    issuer: { readonly name: string; readonly url: string },
    send: Send,
  ): Promise<Made<{ readonly id: string | null }>>;
  removeIssuer(session: SessionGrant, id: string, send: Send): Promise<void>;
}
export type Made<T> =
  | { readonly kind: "made"; readonly made: T }
  | { readonly kind: "refused"; readonly problem: Problem };

export type SignInResult =
  | { readonly kind: "signedIn"; readonly session: SessionGrant }
  /** `person`: the typed secret or the named user is wrong. `app`: the trust's keys are, for everyone. */
  | { readonly kind: "refused"; readonly concerns: "person" | "app"; readonly problem: Problem }
  /** Nothing was learnt about the secret: the server could not be asked, or did not answer as it should. */
  | { readonly kind: "failed"; readonly problem: Problem };

/** What addressing needs to know of a session. */
export interface SessionAddress {
  readonly serverUrl: string;
  readonly apiVersion: string;
  readonly siteId: string;
  readonly userId: string;
}
/** A session's token, and how requests carry it: in the provider's own header unless something else is said. */
export interface Carried {
  readonly token: string;
  readonly carriedAs?: "bearer";
}
export interface SessionGrant extends SessionAddress, Carried {
  /** How long the session may be trusted, in milliseconds, from the sign-in. */
  readonly lifetimeMs: number;
}

export type RouteResult =
  | { readonly kind: "route"; readonly route: Route }
  | { readonly kind: "refused"; readonly problem: Problem };
export interface Route {
  readonly method: string;
  /** For usage rows and error texts, e.g. `/sites/{siteId}/projects`; `unknown` where the table has no such route. */
  readonly template: string;
  /** The permission it needs; null where everyone signed in may call it. */
  readonly scope: string | null;
  /** Creates or changes credentials at the provider: only with the project's explicit leave. */
  readonly mintsCredentials: boolean;
  /** Answers with its own media type (CSV, PNG, PDF, a file): the caller's `Accept: application/json` is not passed on. */
  readonly ownMediaType: boolean;
  /** What `address` fills in: the part after the server's URL, query included. */
  readonly target: string;
}

export type Classification =
  /** Not for the platform to act on: pass it on. */
  | { readonly kind: "failed"; readonly error: ProviderError }
  /** The session is gone, or (scoped methods) the route is outside its scopes. */
  | { readonly kind: "sessionDead"; readonly error: ProviderError }
  /** Signed in, not allowed. Never a reason to sign in again. */
  | { readonly kind: "denied"; readonly error: ProviderError };

/** A provider's user. Both are the provider's words, of one line. */
export interface Person {
  readonly name: string;
  /** As the provider calls it, e.g. `Explorer`. */
  readonly role: string;
}

/** What is known when a call was refused. */
export interface Situation {
  readonly status: number;
  readonly method: string;
  readonly scopes: readonly string[];
  /** Null where it is not known who the session's user is. */
  readonly person: Person | null;
  readonly server: Pick<SessionAddress, "serverUrl" | "apiVersion">;
}

/** What a refusal needs besides what the provider said. */
export interface Explanation {
  readonly code: string;
  /** e.g. `Needs tableau:users:read and a site administrator.` */
  readonly message: string;
  readonly action: string;
}
