import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";

/** AES-256 takes keys of 32 bytes. */
export const keyBytes = 32;

/**
 * Short enough that no key in base64 (43 characters) or hex (64) passes as an id: ids are shown in errors and stored in
 * the clear, keys never are.
 */
const keyId = /^[A-Za-z0-9_-]{1,32}$/;

/** Keys by id. `sealing` seals what is new; every key opens what it once sealed. */
export interface KeyRing {
  readonly sealing: string;
  /** `KeyObject`s, because they print as `SecretKeyObject` wherever they end up. */
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** A list of keys that cannot be used. Entries are named by their position, because any part of one may be the key. */
export class KeysError extends Error {
  override readonly name = "KeysError";
  readonly code = "keys_invalid";
}

/**
 * Reads `EASEL_KEYS`, or the key file: `id:base64 of 32 bytes`, comma-separated. The first seals, all open; to rotate,
 * put a new one (`easel keys new`) in front and keep the old ones until nothing needs them.
 *
 * @example parseKeys("k2:q83v…=,k1:3q2+…=")
 * @throws {KeysError} never with key material in its message
 */
export function parseKeys(text: string): KeyRing {
  const entries = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const keys = new Map<string, KeyObject>();
  for (const [index, entry] of entries.entries()) {
    const { id, key } = parseEntry(entry, index + 1);
    if (keys.has(id)) throw new KeysError(`Two keys have the id ${id}.`);
    keys.set(id, key);
  }
  const [sealing] = keys.keys();
  if (sealing === undefined) throw new KeysError("There is no key. Make one with: easel keys new");
  return { sealing, keys };
}

function parseEntry(entry: string, position: number): { id: string; key: KeyObject } {
  const colon = entry.indexOf(":");
  const id = entry.slice(0, Math.max(colon, 0));
  if (!keyId.test(id)) {
    throw new KeysError(`Key ${position} does not begin with an id (1 to 32 of A-Z a-z 0-9 _ -) and a colon.`);
  }
  const encoded = entry.slice(colon + 1).trim();
  const bytes = Buffer.from(encoded, "base64");
  // Node skips what is not base64, so a mistyped key would quietly become another key.
  const faithful = bytes.toString("base64").replace(/=+$/, "") === encoded.replace(/=+$/, "");
  if (bytes.length !== keyBytes || !faithful) {
    throw new KeysError(`Key ${position} is not the base64 of ${keyBytes} bytes.`);
  }
  return { id, key: createSecretKey(bytes) };
}

/** A fresh entry for `EASEL_KEYS`, e.g. `k5d0c1e9a:…=`. It is a secret: for stdout and files of mode 0600 only. */
export function newKey(): string {
  return `k${randomBytes(4).toString("hex")}:${randomBytes(keyBytes).toString("base64")}`;
}

/** Whether a text could be the id of a key; what an envelope says is checked with it before it is believed or shown. */
export function isKeyId(text: string): boolean {
  return keyId.test(text);
}
