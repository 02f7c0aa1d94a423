import { createPrivateKey } from "node:crypto";
import type { Connector, ServerFacts } from "@easel/connector";
import type { DatabaseAccess } from "../database/database.ts";
import type { Egress } from "../egress/egress.ts";
import { connectorError, easelError } from "../http/errors.ts";
import type { Integration } from "../integrations/integrations.ts";
import { issuerUrl } from "../issuer/issuer.ts";
import { announceTrust, deleteOrganisation, ensureOrganisation } from "./store.ts";
import type { GivenKeys, Trust, TrustOwner } from "./trust.ts";
import type { Trusts } from "./trusts.ts";
import type { TrustVerification } from "./verification.ts";

/** Where a trust is set up, renewed and removed: by an organisation's administrator, or by the SaaS's backend. */
export interface TrustDesk {
  read(owner: TrustOwner): Promise<Trust | null>;
  /** Those of organisations, by their names. */
  readAll: Trusts["ofOrganisations"];
  /** Under which address Easel would be the issuer of this owner's site. */
  issuerUrl(owner: TrustOwner): string;
  /** Sets up, or replaces. Nothing is kept unless a sign-in with it has worked, and nothing is left at Tableau. */
  set(matter: Matter, order: TrustOrder): Promise<void>;
  /** Sessions that it signed in run out by themselves. */
  remove(owner: TrustOwner): Promise<void>;
  /** Keeps a second secret of the same app, once a sign-in with it has worked. */
  addSecret(matter: Matter, secret: { readonly secretId: string; readonly secretValue: string }): Promise<void>;
  /** The second secret signs from now on, and the first is the second. */
  switchSecrets(owner: TrustOwner): Promise<void>;
  removeSecondSecret(owner: TrustOwner): Promise<void>;
}

/** Whose trust, and who asks. */
export interface Matter {
  readonly owner: TrustOwner;
  readonly integration: Integration;
  /** The Tableau user to try it with. */
  readonly username: string;
  /** Who did it, for people to see. */
  readonly by: string;
  /** Whose tries are counted. */
  readonly countedAs: string;
}

export type TrustOrder = Where &
  (
    | { readonly way: "keys"; readonly clientId: string; readonly secretId: string; readonly secretValue: string }
    /** Easel makes the connected app, with an administrator's token that is used once and kept nowhere. */
    | { readonly way: "createApp"; readonly tokenName: string; readonly tokenSecret: string }
    /** The administrator has registered Easel's issuer at Tableau. */
    | { readonly way: "issuer" }
    /** Easel registers itself, with such a token. */
    | { readonly way: "registerIssuer"; readonly tokenName: string; readonly tokenSecret: string }
    | ({ readonly way: "uat" } & Omit<Extract<GivenKeys, { kind: "uat" }>, "kind">)
  );

interface Where {
  /** As people paste it. */
  readonly serverUrl: string;
  readonly site?: string | undefined;
}

/** One call of Tableau's REST API. */
const SETUP_MS = 15_000;
/** What Easel's app and issuer are called at Tableau. */
const NAME_AT_TABLEAU = "Easel";

export function createTrustDesk(parts: {
  database: DatabaseAccess;
  connector: Connector;
  egress: Egress;
  trusts: Trusts;
  verification: TrustVerification;
  /** Where Tableau reaches Easel. */
  origin: string;
}): TrustDesk {
  const { database, connector, trusts, verification, origin } = parts;
  const send = parts.egress.send(SETUP_MS);

  const read = async (owner: TrustOwner): Promise<Trust | null> => {
    const { organisation } = owner;
    const found =
      organisation === null
        ? (await trusts.byIntegration(owner.projectId)).get(owner.integrationId)
        : (await trusts.ofOrganisations(owner, [organisation])).get(organisation);
    return found ?? null;
  };

  const issuerOf = ({ projectId, organisation }: TrustOwner): string => issuerUrl(origin, projectId, organisation);

  const place = async ({ serverUrl, site }: Where): Promise<Place> => {
    const address = connector.readAddress(serverUrl);
    if (address.kind === "unreadable") throw connectorError(connector.problems, address.problem);
    const server = await verification.probe(address.serverUrl);
    // On Tableau Cloud every site has a name; a Tableau Server has a default site, named "".
    const named = site || (address.site ?? (server.edition === "server" ? "" : null));
    if (named === null)
      throw easelError("credential_fields", { detail: "site is missing: on Tableau Cloud every site has a name." });
    return { server, site: named };
  };

  const keep = async ({ owner, by }: Matter, { server, site }: Place, keys: GivenKeys): Promise<void> => {
    const values = await trusts.seal(owner.projectId, { serverUrl: server.serverUrl, site, keys, setBy: by });
    await database.inProject(owner.projectId, async (trx) => {
      const { projectId, organisation } = owner;
      const organisationId = organisation === null ? null : await ensureOrganisation(trx, projectId, organisation);
      await trusts.save(trx, owner, organisationId, values);
    });
  };

  const verifyAndKeep = async (matter: Matter, at: Place, keys: GivenKeys): Promise<void> => {
    const { projectId } = matter.owner;
    const { username, countedAs, integration } = matter;
    const fields = await verification.fieldsOf(projectId, keys);
    const trial = { projectId, ...at, kind: keys.kind, fields, scopes: integration.permissions, username, countedAs };
    await verification.signIn(trial);
    await keep(matter, at, keys);
  };

  /** Makes something at Tableau and keeps what signs in with it; what was made is gone again where that fails. */
  const make = async (
    matter: Matter,
    at: Place,
    order: Extract<TrustOrder, { way: "createApp" | "registerIssuer" }>,
  ): Promise<void> => {
    const { tokenName, tokenSecret } = order;
    const fields = { tokenName, tokenSecret };
    const trial = { projectId: matter.owner.projectId, ...at, fields, countedAs: matter.countedAs };
    await verification.withToken(trial, async (session) => {
      // A token of Tableau Cloud may be sent on to the pod of its site: that is where the trust is good.
      const there = { ...at, server: { ...at.server, serverUrl: session.serverUrl } };
      const { trustSetup: setup } = connector;
      if (order.way === "createApp") {
        const app = await setup.createApp(session, NAME_AT_TABLEAU, send);
        if (app.kind === "refused") throw connectorError(connector.problems, app.problem);
        const undo = () => setup.removeApp(session, app.made.clientId, send);
        return undoing(undo, () => verifyAndKeep(matter, there, { kind: "connectedApp", ...app.made }));
      }
      const url = issuerOf(matter.owner);
      const issuer = await setup.registerIssuer(session, { name: NAME_AT_TABLEAU, url }, send);
      if (issuer.kind === "refused") throw connectorError(connector.problems, issuer.problem);
      const { id } = issuer.made;
      const undo = async () => (id === null ? undefined : setup.removeIssuer(session, id, send));
      return undoing(undo, () => verifyAndKeep(matter, there, { kind: "issuer", issuer: url }));
    });
  };

  const appOf = async (owner: TrustOwner) => {
    const trust = await read(owner);
    if (trust === null) throw easelError("trust_missing");
    if (trust.keys.kind !== "connectedApp") throw easelError("trust_without_secrets");
    return { trust, keys: trust.keys };
  };

  return {
    read,
    readAll: trusts.ofOrganisations,
    issuerUrl: issuerOf,
    set: async (matter, order) => {
      const at = await place(order);
      switch (order.way) {
        case "keys": {
          const { clientId, secretId, secretValue } = order;
          return verifyAndKeep(matter, at, { kind: "connectedApp", clientId, secretId, secretValue });
        }
        case "issuer":
          return verifyAndKeep(matter, at, { kind: "issuer", issuer: issuerOf(matter.owner) });
        case "uat": {
          const { issuer, keyId, tenantId, usernameClaim } = order;
          const privateKey = readPrivateKey(order.privateKey);
          return verifyAndKeep(matter, at, { kind: "uat", issuer, keyId, tenantId, usernameClaim, privateKey });
        }
        case "createApp":
        case "registerIssuer":
          return make(matter, at, order);
      }
    },
    remove: (owner) =>
      database.inProject(owner.projectId, async (trx) => {
        const { projectId, organisation } = owner;
        if (organisation === null) return trusts.removeOwn(trx, owner);
        await deleteOrganisation(trx, projectId, organisation);
        await announceTrust(trx, owner);
      }),
    addSecret: async (matter, secret) => {
      const { trust, keys } = await appOf(matter.owner);
      if (secret.secretId === keys.secretId) throw easelError("trust_secret_known");
      const server = await verification.probe(trust.serverUrl);
      await verification.signIn({
        projectId: matter.owner.projectId,
        server: { ...server, serverUrl: trust.serverUrl },
        site: trust.site,
        kind: "connectedApp",
        fields: { clientId: keys.clientId, ...secret },
        scopes: matter.integration.permissions,
        username: matter.username,
        countedAs: matter.countedAs,
      });
      await trusts.setSpare(trust, secret);
    },
    switchSecrets: async (owner) => {
      const { trust, keys } = await appOf(owner);
      if (keys.spare === null) throw easelError("trust_second_secret_missing");
      await trusts.swap(trust, keys.secretId);
    },
    removeSecondSecret: async (owner) => {
      const { trust } = await appOf(owner);
      await trusts.setSpare(trust, null);
    },
  };
}

/** As PKCS8, whatever form of PEM it came in. */
function readPrivateKey(pem: string): string {
  try {
    const key = createPrivateKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType === "rsa" && bits >= SHORTEST_KEY)
      return key.export({ type: "pkcs8", format: "pem" }).toString();
  } catch {
    throw easelError("trust_private_key", { detail: "it can't be read." });
  }
  throw easelError("trust_private_key", { detail: "it is of another kind, or too short." });
}

/** In bits: Tableau takes no shorter RSA key (its sub-code 10088). */
const SHORTEST_KEY = 2048;

interface Place {
  readonly server: Pick<ServerFacts, "serverUrl" | "apiVersion">;
  readonly site: string;
}

async function undoing(undo: () => Promise<void>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await undo();
    throw error;
  }
}
