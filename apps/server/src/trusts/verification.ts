import type { Connector, ServerFacts, SessionGrant } from "@easel/connector";
import type { Egress } from "../egress/egress.ts";
import { connectorError, easelError } from "../http/errors.ts";
import type { IssuerKeys } from "../issuer/keys.ts";
import type { SignInTries } from "../limits/sign-in-tries.ts";
import type { GivenKeys } from "./trust.ts";
import type { SigningFields } from "./trusts.ts";

/** Keys, where they are good, and whom to try them with. */
export interface TrustTrial {
  readonly projectId: string;
  readonly server: Pick<ServerFacts, "serverUrl" | "apiVersion">;
  readonly site: string;
  readonly kind: GivenKeys["kind"];
  readonly fields: SigningFields;
  readonly scopes: readonly string[];
  readonly username: string;
  /** Who asks for it: their tries are counted. */
  readonly countedAs: string;
}

export interface TrustVerification {
  /** Signs in with the keys as this Tableau user, and out again. Throws what Tableau says of them, in words. */
  signIn(trial: TrustTrial): Promise<void>;
  /** What the connector signs in with, of keys that nobody has stored. */
  fieldsOf(projectId: string, keys: GivenKeys): Promise<SigningFields>;
  /** Signs in with an administrator's token, for as long as `use` takes: it is kept nowhere, and signed out. */
  withToken<T>(
    trial: Omit<TrustTrial, "kind" | "scopes" | "username">,
    use: (session: SessionGrant) => Promise<T>,
  ): Promise<T>;
  /** Asks a server what it is. */
  probe(serverUrl: string): Promise<ServerFacts>;
}

/** A server that says nothing for so long is not one that a person waits for. */
const PROBE_MS = 10_000;
const SIGN_IN_MS = 15_000;

export function createTrustVerification(parts: {
  connector: Connector;
  egress: Egress;
  issuerKeys: IssuerKeys;
  tries: SignInTries;
}): TrustVerification {
  const { connector, egress, issuerKeys, tries } = parts;
  const send = egress.send(SIGN_IN_MS);

  /** @param account whose refusals are counted: the user, or the name of the token */
  const counted = async (trial: Omit<TrustTrial, "username">, account: string, method: string) => {
    const { server, site, kind, fields, scopes } = trial;
    const tried = await tries.begin(server.serverUrl, account, trial.countedAs);
    try {
      const result = await connector.signIn(
        { ...server, site, method, fields, scopes, ...(method === "pat" ? {} : { trustKind: kind }) },
        send,
      );
      if (result.kind === "signedIn") return result.session;
      if (result.kind === "refused") tried.refused();
      throw connectorError(connector.problems, result.problem);
    } finally {
      await tried.end();
    }
  };

  return {
    signIn: async ({ username, ...trial }) => {
      const method = connector.methods.find(({ usesTrust }) => usesTrust);
      if (method === undefined) throw easelError("trust_missing");
      const session = await counted({ ...trial, fields: { ...trial.fields, username } }, username, method.id);
      await connector.signOut(session, send);
    },
    fieldsOf: async (projectId, keys) => {
      const { kind, ...fields } = keys;
      return kind === "issuer" ? { ...fields, ...(await issuerKeys.signing(projectId)) } : fields;
    },
    withToken: async (trial, use) => {
      const account = trial.fields.tokenName ?? "";
      const session = await counted({ ...trial, kind: "connectedApp", scopes: [] }, account, "pat");
      try {
        return await use(session);
      } finally {
        await connector.signOut(session, send);
      }
    },
    probe: async (serverUrl) => {
      const result = await connector.probe(serverUrl, egress.send(PROBE_MS));
      if (result.kind === "notFound") throw connectorError(connector.problems, result.problem);
      return result.server;
    },
  };
}
