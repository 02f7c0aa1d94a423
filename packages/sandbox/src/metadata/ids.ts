/**
 * The Metadata API has ids of its own beside the LUIDs of the REST API. Here one follows from the other, so that no
 * index has to be kept: the digits of the LUID, backwards.
 */
export function metadataId(luid: string): string {
  return dashed(Array.from(luid.replaceAll("-", "")).reverse().join(""));
}

/** The id of what has no LUID, such as a field: from that of what it is in, and its name there. */
export function idWithin(luid: string, ...names: readonly string[]): string {
  const key = names.join("\u0000");
  return dashed(hash(key, 0x811c9dc5) + hash(key, 0x01000193) + luid.replaceAll("-", "").slice(0, 16));
}

/** The number by which the browser's addresses know something that has no number of its own here. */
export function numberOf(luid: string): number {
  return Number.parseInt(luid.slice(0, 6), 16);
}

/** FNV-1a, 32 bits from a start. */
function hash(key: string, start: number): string {
  let value = start;
  for (let at = 0; at < key.length; at++) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, "0");
}

function dashed(digits: string): string {
  const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)];
  return parts.join("-");
}
