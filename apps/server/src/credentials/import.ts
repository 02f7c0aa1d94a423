import { EaselError, easelError } from "../http/errors.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { Project } from "../projects/projects.ts";
import type { User } from "../users/users.ts";
import type { Connecting, ConnectOptions } from "./connect.ts";
import type { Credential, Credentials, Wallet } from "./credentials.ts";

/** What the SaaS's backend knows of a connected user's sign-in, from where they were connected before. */
export interface ImportedCredential {
  readonly user: string;
  readonly externalId?: string | undefined;
  readonly method?: string | undefined;
  readonly serverUrl?: string | undefined;
  readonly site?: string | undefined;
  readonly tokenName?: string | undefined;
  readonly tokenSecret?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly organisation?: string | undefined;
}

export type ImportResult =
  | { readonly outcome: "created" | "replaced"; readonly user: User; readonly credential: Credential }
  | { readonly outcome: "refused"; readonly error: EaselError };

/**
 * Connects each as its user would: the server is asked what it is, and nothing is kept that did not sign in. Doing it
 * again changes nothing but what has changed. The results stand in the order of what was given.
 */
export type ImportCredentials = (
  project: Project,
  integration: Integration,
  items: readonly ImportedCredential[],
) => Promise<readonly ImportResult[]>;

/** Sign-ins of one import at the same time: a Tableau server that was set up for people takes them easily. */
const AT_ONCE = 4;
/** Nothing is begun after that long: load balancers cut requests after a minute, and the rest can be sent again. */
const BEGIN_WITHIN_MS = 40_000;
/** What is said of a server itself: the next that is of the same one would wait for the same answer. */
const OF_THE_SERVER = new Set([
  "tableau_server_unreachable",
  "tableau_server_slow",
  "tableau_server_tls",
  "tableau_server_forbidden",
  "tableau_server_not_tableau",
]);

export function createImport(parts: { connecting: Connecting; credentials: Credentials }): ImportCredentials {
  const { connecting, credentials } = parts;

  const connect = async (
    project: Project,
    integration: Integration,
    item: ImportedCredential,
  ): Promise<ImportResult> => {
    const wallet = await credentials.wallet(project, item.user);
    const credential = await connecting.connect({
      project,
      integration,
      wallet,
      claims: claimsOf(item, integration),
      payload: payloadOf(item),
      options: optionsFor(item, wallet, integration),
    });
    const isKnown = wallet.credentials.some(({ id }) => id === credential.id);
    return { outcome: isKnown ? "replaced" : "created", user: wallet.user, credential };
  };

  return async (project, integration, items) => {
    const started = performance.now();
    const unreachable = new Map<string | undefined, EaselError>();

    const tryOne = async (item: ImportedCredential): Promise<ImportResult> => {
      const known = unreachable.get(item.serverUrl);
      if (known !== undefined) return { outcome: "refused", error: known };
      if (performance.now() - started > BEGIN_WITHIN_MS) {
        return { outcome: "refused", error: easelError("import_unfinished") };
      }
      try {
        return await connect(project, integration, item);
      } catch (error) {
        if (!(error instanceof EaselError)) throw error;
        if (OF_THE_SERVER.has(error.code)) unreachable.set(item.serverUrl, error);
        return { outcome: "refused", error };
      }
    };

    const results = new Map<ImportedCredential, ImportResult>();
    // One after the other for one user: of two without an external id, the second takes the place of the first.
    const groups = [...Map.groupBy(items, ({ user }) => user).values()];
    const work = async (): Promise<void> => {
      for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
        for (const item of group) results.set(item, await tryOne(item));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return items.flatMap((item) => results.get(item) ?? []);
  };
}

/** By its external id, or as the one that has none: never in place of another one of the user's. */
function optionsFor(
  { externalId }: ImportedCredential,
  { credentials }: Wallet,
  integration: Integration,
): ConnectOptions {
  if (externalId !== undefined) return { externalId };
  const nameless = credentials.find((one) => one.integrationId === integration.id && one.externalId === null);
  return nameless === undefined ? { allowMultipleCredentials: true } : { selectedCredentialId: nameless.id };
}

/** What the user's token would say: who they are at Tableau comes from the SaaS here, as it does there. */
function claimsOf(
  { user, organisation, username }: ImportedCredential,
  { usernameClaim, organisationClaim }: Integration,
) {
  return {
    sub: user,
    ...(organisation === undefined ? {} : { [organisationClaim]: organisation }),
    ...(username === undefined ? {} : { [usernameClaim]: username }),
    ...(usernameClaim === "email" ? { email_verified: true } : {}),
  };
}

function payloadOf({
  user: _user,
  externalId: _externalId,
  organisation: _organisation,
  ...fields
}: ImportedCredential) {
  const { method, username, password, tokenName, tokenSecret } = fields;
  // A user name alone is no password's: it says as whom a trust signs in.
  const isNameAlone =
    username !== undefined && [password, tokenName, tokenSecret].every((field) => field === undefined);
  return method === undefined && isNameAlone ? { ...fields, method: "connectedApp" } : fields;
}
