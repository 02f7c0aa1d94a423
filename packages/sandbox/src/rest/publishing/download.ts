import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { fillerChecksum, fillerPieces } from "../../files/filler.ts";
import { layOut, storedHeader } from "../../files/stored-zip.ts";
import { withoutExtracts } from "../../files/without-extracts.ts";
import { zipBody } from "../../files/zip-body.ts";
import { isRefusal, type Refusal } from "../../wire/refusals.ts";
import type { Reply } from "../../wire/reply.ts";
import type { Revision } from "../revisions/model.ts";
import type { SessionCall } from "../route.ts";
import { flag } from "./parameters.ts";

/** What is downloaded: one revision of something, and how to write the file when the seed made it. */
export type Download = {
  /** `tableau_workbook`, … */
  part: string;
  item: { id: string; name: string; contentUrl: string; hasExtracts: boolean };
  revision: Revision;
  /** The .twb or .tds of a packaged file that the seed made; `extract` is where in the package its data is. */
  document: (extract: string) => string;
};

/** Answers the very bytes that were published; with `includeExtract=False` without the data in them. */
export async function download(call: SessionCall, asked: Download): Promise<Reply | Refusal> {
  const includeExtract = flag(call.query, "includeExtract", true);
  if (isRefusal(includeExtract)) return includeExtract;
  const { part, item, revision } = asked;
  const { files } = call.world;
  const shared = {
    kind: "bytes",
    contentType: "application/octet-stream",
    disposition: `name="${part}"; ${filename(`${item.name}.${revision.fileType}`)}`,
  } as const;
  if (revision.file === undefined) return { ...shared, ...(await seededFile(asked, includeExtract)) };
  const isPackage = revision.fileType.endsWith("x");
  const cut = includeExtract || !isPackage ? undefined : await withoutExtracts(files, revision.file);
  return { ...shared, ...(cut ?? { length: revision.size, body: await files.read(revision.file) }) };
}

/** Tableau's Content-Disposition has no disposition type. Names outside of ASCII come as RFC 5987 has them. */
export function filename(name: string): string {
  // What no file system takes in a name.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be in a header
  const safe = name.replaceAll(/[\u0000-\u001f\u007f"*/:<>?\\|]/g, "_").toWellFormed();
  return /^[ -~]*$/.test(safe) ? `filename="${safe}"` : `filename*=UTF-8''${encodeURIComponent(safe)}`;
}

/**
 * A packaged file as long as its revision says: the document that describes it, and bytes that stand for its data (no
 * real .hyper). Made while it is sent.
 */
async function seededFile({ item, revision, document }: Download, includeExtract: boolean): Promise<Sent> {
  const data = `Data/Extracts/${item.contentUrl}.${item.hasExtracts ? "hyper" : "dat"}`;
  const written = Buffer.from(document(data));
  const description = storedHeader(
    `${item.contentUrl}.${revision.fileType.replace(/x$/, "")}`,
    written.length,
    crc32(written),
  );
  if (!includeExtract && item.hasExtracts) {
    const layout = layOut([description]);
    return { length: layout.length, body: zipBody(layout, [() => [written]]) };
  }
  const size = Math.max(0, revision.size - layOut([description, storedHeader(data, 0, 0)]).length);
  const key = `${item.id} ${revision.number}`;
  const layout = layOut([description, storedHeader(data, size, await fillerChecksum(key, size))]);
  return { length: layout.length, body: zipBody(layout, [() => [written], () => fillerPieces(key, size)]) };
}

type Sent = { length: number; body: Readable };
