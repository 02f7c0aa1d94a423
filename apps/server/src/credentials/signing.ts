import type { Connector, SignInMethod, SignInRequest, SignInResult } from "@easel/connector";
import type { DatabaseAccess } from "../database/database.ts";
import type { Egress } from "../egress/egress.ts";
import { easelError } from "../http/errors.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { ProjectVaults } from "../projects/data-keys.ts";
import type { Servers } from "../servers/servers.ts";
import type { Sites } from "../servers/sites.ts";
import type { Signer } from "../sessions/sessions.ts";
import type { Trust } from "../trusts/trust.ts";
import type { SigningFields, Trusts } from "../trusts/trusts.ts";
import { fingerprint } from "../vault/fingerprint.ts";
import type { Credential } from "./credentials.ts";
import { readSecrets } from "./store.ts";

/** Where and as whom to sign in; the secrets are fetched when the sign-in happens. */
export interface SignInPlan {
  readonly serverUrl: string;
  readonly apiVersion: string;
  readonly site: string;
  readonly method: string;
  readonly scopes: readonly string[];
}

export interface Signing {
  method(id: string): SignInMethod;
  /** Signs in with what the person typed. */
  withSecrets(plan: SignInPlan, secrets: Readonly<Record<string, string>>): Signer;
  /** Signs in with a trust, as the user that the user token named. Only to the trust's own server and site. */
  withTrust(projectId: string, plan: SignInPlan, trust: Trust, username: string): Signer;
  /** What the person typed, as it is stored; null where the credential is gone or a trust signs in for it. */
  fields(projectId: string, credentialId: string): Promise<Readonly<Record<string, string>> | null>;
  /** Signs in again with what is stored. */
  again(projectId: string, integration: Integration, credential: Credential, by: ByTrust): Signer;
}

/** Which trust would sign in, and as whom; both are null where there is none, and of no matter to secrets of one's own. */
export interface ByTrust {
  readonly trust: Trust | null;
  readonly username: string | null;
}

/** From the connection to the last byte of Tableau's answer. */
const SIGN_IN_MS = 15_000;

export function createSigning(parts: {
  database: DatabaseAccess;
  connector: Connector;
  egress: Egress;
  vaults: ProjectVaults;
  trusts: Trusts;
  servers: Servers;
  sites: Sites;
  identityKey: Buffer;
}): Signing {
  const { database, connector, egress, vaults, trusts, servers, sites, identityKey } = parts;
  const send = egress.send(SIGN_IN_MS);

  /** A server that was set back to an older version knows no address of the version that it spoke when it was asked last. */
  const signInSpoken = async (request: SignInRequest): Promise<SignInResult> => {
    const result = await connector.signIn(request, send);
    if (result.kind === "signedIn" || !isOfUnknownAddress(result)) return result;
    const server = await servers.askAgain(request.serverUrl);
    if (server === null || server.apiVersion === request.apiVersion) return result;
    return connector.signIn({ ...request, apiVersion: server.apiVersion }, send);
  };

  /** @param siteId of the credential that signs in again: its site may have another name by now */
  const signIn = async (request: SignInRequest, siteId?: string): Promise<SignInResult> => {
    const result = await signInSpoken(request);
    if (result.kind === "signedIn") sites.signedIn(request, result.session);
    if (result.kind !== "refused" || siteId === undefined) return result;
    const { serverUrl, site: from } = request;
    const site = await sites.renamed({ serverUrl, siteId, from });
    return site === null ? result : signIn({ ...request, site });
  };

  const method = (id: string): SignInMethod => {
    const found = connector.methods.find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`The connector has no sign-in method ${id}.`);
    return found;
  };

  const withSecrets = (plan: SignInPlan, secrets: Readonly<Record<string, string>>): Signer => {
    const request: SignInRequest = { ...plan, fields: secrets };
    return {
      identity: fingerprint(identityKey, connector.identity(request)),
      isExclusive: method(plan.method).exclusive,
      site: plan.site,
      signIn: () => signIn(request),
    };
  };

  const trustSigner = (
    projectId: string,
    plan: SignInPlan,
    { trust, username, siteId }: { trust: Trust; username: string; siteId?: string },
  ): Signer => {
    // The one place where a trust meets an address: no JWT is made for a host or a site that is not its own.
    if (plan.serverUrl !== trust.serverUrl || plan.site !== trust.site) {
      throw easelError("trust_other_server", { trusted: describeSite(trust) });
    }
    const request = { ...plan, trustKind: trust.keys.kind };
    const signInWith = (fields: SigningFields): Promise<SignInResult> =>
      signIn({ ...request, fields: { ...fields, username } }, siteId);
    return {
      // The trust's id stands for its keys: it changes with them, and no person can choose it. A second secret of the
      // same app is no other key: sessions outlive a rotation.
      identity: fingerprint(identityKey, [trust.id, ...connector.identity({ ...request, fields: { username } })]),
      isExclusive: method(plan.method).exclusive,
      site: plan.site,
      signIn: async () => {
        const [first = {}, second] = await trusts.fields(projectId, trust);
        const result = await signInWith(first);
        if (second === undefined || result.kind !== "refused" || result.concerns !== "app") return result;
        const again = await signInWith(second);
        if (again.kind !== "signedIn") return result;
        await trusts.swap(trust, first.secretId ?? "");
        return again;
      },
    };
  };

  const fieldsOf = async (projectId: string, credentialId: string): Promise<Record<string, string> | null> => {
    const sealed = await readSecrets(database, projectId, credentialId);
    if (sealed === null) return null;
    return JSON.parse((await vaults(projectId)).open(sealed, secretsContext(credentialId)).toString());
  };

  return {
    method,
    fields: fieldsOf,
    withSecrets,
    withTrust: (projectId, plan, trust, username) => trustSigner(projectId, plan, { trust, username }),
    again: (projectId, integration, credential, { trust, username }) => {
      const { serverUrl, site, siteId } = credential;
      const apiVersion = servers.peek(serverUrl)?.apiVersion ?? credential.apiVersion;
      const plan = { serverUrl, apiVersion, site, method: credential.method, scopes: integration.permissions };
      if (method(credential.method).usesTrust) {
        if (trust === null) throw easelError("trust_missing");
        if (username === null) throw easelError("trust_user_unnamed", { claim: integration.usernameClaim });
        return trustSigner(projectId, plan, { trust, username, siteId });
      }
      if (credential.identity === null)
        throw new Error("A credential with secrets of its own has no sign-in identity.");
      return {
        identity: credential.identity,
        isExclusive: method(credential.method).exclusive,
        site,
        signIn: async () => {
          const fields = await fieldsOf(projectId, credential.id);
          // Deleted between the look-up and the sign-in.
          if (fields === null) throw easelError("credential_none");
          return signIn({ ...plan, fields }, siteId);
        },
      };
    },
  };
}

/** inferred: what a server says of a version that it does not speak, as of any address that it does not have. */
function isOfUnknownAddress({ problem }: Exclude<SignInResult, { kind: "signedIn" }>): boolean {
  const code = problem.error?.code ?? "";
  return code.startsWith("404") || problem.code === "tableau_server_not_tableau";
}

/** What a credential's sealed secrets are bound to. */
export function secretsContext(credentialId: string): string {
  return `credential:${credentialId}:secrets`;
}

export function describeSite(target: { serverUrl: string; site: string }): string {
  return `${target.serverUrl} ${target.site === "" ? "(default site)" : `(site ${target.site})`}`;
}
