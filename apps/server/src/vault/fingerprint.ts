import { createHmac } from "node:crypto";

/**
 * HMAC-SHA-256 of a list of texts, in hex: 64 characters that tell two lists apart and, without the key, nothing about
 * either. For sign-in identities, and for looking up tokens that must not be stored.
 *
 * Each part is preceded by its length, so `["ab", "c"]` and `["a", "bc"]` differ. UTF-16, because UTF-8 makes one
 * replacement character of every lone surrogate, and two secrets must never become one.
 */
export function fingerprint(key: Buffer, parts: readonly string[]): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) {
    const bytes = Buffer.from(part, "utf16le");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest("hex");
}
