import type { Duplex, Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";

/** What an answer's body is packed in; `unknown` for what Easel cannot undo. */
export type Packing =
  | { readonly kind: "none" }
  | { readonly kind: "unknown" }
  | { readonly kind: "packed"; unpack(): Duplex };

/** Identity was asked for; a server that compresses all the same is undone, since a compressed body cannot be wrapped. */
export function packingOf(encoding: string | string[] | undefined): Packing {
  switch (encoding?.toString().trim().toLowerCase()) {
    case undefined:
    case "":
    case "identity":
      return { kind: "none" };
    case "gzip":
    case "x-gzip":
      return { kind: "packed", unpack: createGunzip };
    case "deflate":
      return { kind: "packed", unpack: createInflate };
    case "br":
      return { kind: "packed", unpack: createBrotliDecompress };
    case "zstd":
      return { kind: "packed", unpack: createZstdDecompress };
    default:
      return { kind: "unknown" };
  }
}

/** A body that is packed, unpacked. Whoever has enough of it, or cannot go on, lets go of the body with it. */
export function unpacked(body: Readable, unpack: Duplex): Readable {
  body.once("error", (error) => unpack.destroy(error));
  unpack.once("close", () => body.destroy());
  return body.pipe(unpack);
}

/** What was packed is not what it says to be, or is not all there. By the codes of Node's zlib, Brotli and Zstandard. */
export function isPackingError(error: unknown): boolean {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(?:Z_|ZSTD_|ERR__ERROR)/.test(code);
}
