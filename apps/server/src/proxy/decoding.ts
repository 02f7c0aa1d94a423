import type { Duplex } from "node:stream";
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
