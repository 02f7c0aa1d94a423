import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { crc32 } from "node:zlib";

const blockSize = 1024 * 1024;
/** How much is made before others get their turn. */
const blocksAtOnce = 8;

/** How a .hyper file begins. What follows here is no real one: the sandbox neither writes nor reads that format. */
const start = Buffer.from("HyPer\b\u0000\u0000\u0001\u0000\u0000\u0000", "latin1");

/** Bytes of any length that stand for an extract: the same every time for the same key, no two blocks alike. */
export function* fillerBlocks(key: string, length: number): Generator<Buffer> {
  const pattern = createHash("sha512").update(key).digest();
  for (let at = 0; at < length; at += blockSize) {
    const block = Buffer.alloc(Math.min(blockSize, length - at), pattern);
    if (block.length >= 16) block.writeUInt32BE(at / blockSize, 12); // so that a lost or doubled block shows
    if (at === 0) start.copy(block);
    yield block;
  }
}

/** The checksum of such bytes, which a zip file says before them. Kept for a few: they are asked for again and again. */
export async function fillerChecksum(key: string, length: number): Promise<number> {
  const known = checksums.get(`${key} ${length}`);
  if (known !== undefined) return known;
  let sum = 0;
  let made = 0;
  for (const block of fillerBlocks(key, length)) {
    sum = crc32(block, sum);
    made += 1;
    if (made % blocksAtOnce === 0) await nextTurn();
  }
  const oldest = checksums.keys().next();
  if (checksums.size >= mostChecksums && !oldest.done) checksums.delete(oldest.value);
  checksums.set(`${key} ${length}`, sum);
  return sum;
}

const mostChecksums = 1_000;
const checksums = new Map<string, number>();
