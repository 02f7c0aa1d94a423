import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";
import { isKeyId, type KeyRing } from "./keys.ts";

/*
 * The envelope, in bytes:
 *
 *   1        version, 1
 *   1        length of the key id
 *   n        key id, ASCII
 *   12       nonce, random
 *   …        ciphertext, as long as the plaintext
 *   16       authentication tag
 *
 * The associated data is everything before the nonce and the context, so that no part of an envelope can be changed and
 * no envelope can be moved to another row.
 *
 * Random 96-bit nonces are safe for 2^32 seals under one key (NIST SP 800-38D, 8.3). Each project has a data key of
 * its own, and the instance's keys seal little else than those, so the bound is far: at 100 seals a second, under one
 * key, it takes 16 months. Rotating the key starts it anew.
 */
const version = 1;
const cipherName = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** Seals secrets so that they can be stored, and opens them again. */
export interface Vault {
  /**
   * Seals under the ring's first key.
   *
   * @param plaintext text is sealed as UTF-8
   * @param context what the secret belongs to, e.g. `credential:<id>:secrets`; the same is needed to open it
   */
  seal(plaintext: string | Buffer, context: string): Buffer;
  /** @throws {VaultError} with another context, without its key, or where a bit has changed */
  open(envelope: Buffer, context: string): Buffer;
  /** Whether another key than the first sealed it: open it and seal it anew, and the old key can go. */
  needsReseal(envelope: Buffer): boolean;
}

/** An envelope that cannot be opened. Holds nothing secret: key ids are not. */
export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code = "vault_cannot_open";
  /**
   * `malformed`: not an envelope. `keyMissing`: the ring has no key `keyId`. `notAuthentic`: sealed for another
   * context, with another key of the same id, or changed since; nobody can tell which.
   */
  readonly reason: "malformed" | "keyMissing" | "notAuthentic";
  readonly keyId: string | null;
  constructor(reason: VaultError["reason"], keyId: string | null, message: string) {
    super(message);
    this.reason = reason;
    this.keyId = keyId;
  }
}

export function createVault(ring: KeyRing): Vault {
  const sealingKey = keyOf(ring, ring.sealing);
  const sealingHeader = headerOf(ring.sealing);
  return {
    seal(plaintext, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(cipherName, sealingKey, nonce, { authTagLength: tagBytes });
      cipher.setAAD(associatedData(sealingHeader, context));
      const bytes = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
      const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([sealingHeader, nonce, ciphertext, cipher.getAuthTag()]);
    },
    open(envelope, context) {
      const parts = readEnvelope(envelope);
      const decipher = createDecipheriv(cipherName, keyOf(ring, parts.keyId), parts.nonce, { authTagLength: tagBytes });
      decipher.setAAD(associatedData(parts.header, context));
      decipher.setAuthTag(parts.tag);
      const opened = decipher.update(parts.ciphertext);
      try {
        return Buffer.concat([opened, decipher.final()]);
      } catch {
        throw new VaultError("notAuthentic", parts.keyId, "A sealed secret was changed, or belongs to something else.");
      }
    },
    needsReseal: (envelope) => readEnvelope(envelope).keyId !== ring.sealing,
  };
}

function keyOf(ring: KeyRing, id: string): KeyObject {
  const key = ring.keys.get(id);
  if (key === undefined)
    throw new VaultError("keyMissing", id, `A secret was sealed with the key ${id}, which is missing.`);
  return key;
}

function headerOf(keyId: string): Buffer {
  return Buffer.concat([Buffer.from([version, keyId.length]), Buffer.from(keyId, "latin1")]);
}

/** Unambiguous, because the header says its own length. */
function associatedData(header: Buffer, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, "utf8")]);
}

function readEnvelope(envelope: Buffer) {
  const headerEnd = 2 + (envelope[1] ?? 0);
  const nonceEnd = headerEnd + nonceBytes;
  const tagStart = envelope.length - tagBytes;
  const keyId = envelope.toString("latin1", 2, headerEnd);
  if (envelope[0] !== version || tagStart < nonceEnd || !isKeyId(keyId)) {
    throw new VaultError("malformed", null, "What should be a sealed secret is not one.");
  }
  return {
    keyId,
    header: envelope.subarray(0, headerEnd),
    nonce: envelope.subarray(headerEnd, nonceEnd),
    ciphertext: envelope.subarray(nonceEnd, tagStart),
    tag: envelope.subarray(tagStart),
  };
}
