import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import type { DatabaseAccess } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import { disableSigningKey, insertSigningKey, listSigningKeys, type SigningKeyRow } from "./store.ts";

/** A key with which the SaaS signs user tokens. Easel keeps the public half only. */
export interface SigningKey {
  readonly id: string;
  readonly algorithm: "RS256" | "ES256";
  readonly publicKey: KeyObject;
}
export interface SigningKeyFacts {
  readonly id: string;
  readonly algorithm: "RS256" | "ES256";
  readonly fingerprint: string;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

export interface SigningKeys {
  active(projectId: string): Promise<readonly SigningKey[]>;
  list(projectId: string): Promise<readonly SigningKeyFacts[]>;
  /** Makes a key pair; the private key (PKCS8, PEM) is given back here and kept nowhere. */
  create(projectId: string): Promise<{ id: string; privateKey: string }>;
  /** Takes the public half (SPKI or PKCS1, PEM) of a pair that the SaaS made. Throws `public_key_taken`. */
  add(projectId: string, publicKey: string): Promise<{ id: string }>;
  /** Tokens of this key are refused everywhere within a second. False where there is no such key. */
  disable(projectId: string, keyId: string): Promise<boolean>;
}

export function createSigningKeys(database: DatabaseAccess): SigningKeys {
  const insert = async (projectId: string, publicKey: KeyObject): Promise<string> => {
    const id = randomUUID();
    const spki = publicKey.export({ type: "spki", format: "der" });
    const isNew = await insertSigningKey(database, {
      id,
      projectId,
      algorithm: algorithmOf(publicKey),
      publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
      fingerprint: createHash("sha256").update(spki).digest("hex"),
    });
    if (!isNew) throw easelError("public_key_taken");
    return id;
  };

  return {
    active: async (projectId) =>
      (await listSigningKeys(database, projectId))
        .filter((row) => row.disabled_at === null)
        .map((row) => ({ id: row.id, algorithm: row.algorithm, publicKey: createPublicKey(row.public_key) })),
    list: async (projectId) => (await listSigningKeys(database, projectId)).map(facts),
    create: async (projectId) => {
      const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const id = await insert(projectId, pair.publicKey);
      return { id, privateKey: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
    },
    add: async (projectId, publicKey) => ({ id: await insert(projectId, readPublicKey(publicKey)) }),
    disable: (projectId, keyId) => disableSigningKey(database, projectId, keyId),
  };
}

function facts(row: SigningKeyRow): SigningKeyFacts {
  return {
    id: row.id,
    algorithm: row.algorithm,
    fingerprint: row.fingerprint,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}

/** Smaller RSA keys can be broken (NIST SP 800-131A). */
const LEAST_RSA_BITS = 2048;

function readPublicKey(pem: string): KeyObject {
  if (pem.includes("PRIVATE KEY")) {
    throw easelError("request_malformed", {
      detail: "publicKey holds a private key. Treat that key as lost, and send the public half of a new pair.",
    });
  }
  try {
    return createPublicKey(pem);
  } catch {
    throw easelError("request_malformed", { detail: "publicKey is not a public key in PEM." });
  }
}

function algorithmOf(key: KeyObject): "RS256" | "ES256" {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === "rsa" && (details?.modulusLength ?? 0) >= LEAST_RSA_BITS) return "RS256";
  if (key.asymmetricKeyType === "ec" && details?.namedCurve === "prime256v1") return "ES256";
  throw easelError("request_malformed", {
    detail: "publicKey must be RSA of at least 2048 bits, or EC on the curve P-256.",
  });
}
