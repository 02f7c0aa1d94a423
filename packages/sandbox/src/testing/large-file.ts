import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { fillerChecksum, fillerPieces } from "../files/filler.ts";
import { layOut, storedHeader } from "../files/stored-zip.ts";
import { zipBody } from "../files/zip-body.ts";
import { objectOf, type SignedIn } from "./client.ts";
import { publishBody, twb, workbookOf } from "./publishing.ts";

const megabyte = 1024 * 1024;
/** What public clients send at once. */
const partSize = 50 * megabyte;

/** How long each step took, in ms, and whether what came back is what was sent. */
export type Moved = { uploadMs: number; publishMs: number; downloadMs: number; isSame: boolean };

/** Uploads a large packaged workbook in parts, publishes it and downloads it, never holding it as a whole. */
export async function moveLargeFile(session: SignedIn, megabytes: number): Promise<Moved> {
  const started = performance.now();
  const sent = createHash("sha256");
  const uploadId = await upload(session, await largeWorkbook(megabytes), (chunk) => sent.update(chunk));
  const uploaded = performance.now();
  const query = `workbookType=twbx&overwrite=true&uploadSessionId=${uploadId}`;
  const payload = '<tsRequest><workbook name="Large"/></tsRequest>';
  const { id } = await workbookOf(await session.onSite(`/workbooks?${query}`, publishBody(payload)));
  const published = performance.now();
  const received = createHash("sha256");
  const answer = await session.onSite(`/workbooks/${id}/content`);
  for await (const chunk of answer.body ?? []) received.update(chunk);
  return {
    uploadMs: Math.round(uploaded - started),
    publishMs: Math.round(published - uploaded),
    downloadMs: Math.round(performance.now() - published),
    isSame: sent.digest("hex") === received.digest("hex"),
  };
}

/** A .twbx whose extract makes it that large, made while it is read. */
async function largeWorkbook(megabytes: number): Promise<Readable> {
  const document = Buffer.from(twb("Large"));
  const size = megabytes * megabyte;
  const layout = layOut([
    storedHeader("Large.twb", document.length, crc32(document)),
    storedHeader("Data/Extracts/large.hyper", size, await fillerChecksum("large", size)),
  ]);
  return zipBody(layout, [() => [document], () => fillerPieces("large", size)]);
}

async function upload(session: SignedIn, file: Readable, onChunk: (chunk: Buffer) => void): Promise<string> {
  const begun = await session.onSite("/fileUploads", { method: "POST" });
  const id = String((await objectOf(begun, "fileUpload")).uploadSessionId);
  const chunks = file.iterator({ destroyOnReturn: false });
  for (let isOver = false; !isOver; ) {
    const part = async function* () {
      yield Buffer.from('--b\r\nContent-Disposition: name="request_payload"\r\n\r\n\r\n--b\r\n');
      yield Buffer.from('Content-Disposition: name="tableau_file"; filename="file"\r\n\r\n');
      for (let length = 0; length < partSize; ) {
        const next = await chunks.next();
        isOver = next.done === true;
        if (isOver) break;
        const chunk: Buffer = next.value;
        onChunk(chunk);
        length += chunk.length;
        yield chunk;
      }
      yield Buffer.from("\r\n--b--\r\n");
    };
    const headers = { "content-type": "multipart/mixed; boundary=b" };
    const body = Readable.toWeb(Readable.from(part()));
    const answer = await session.onSite(`/fileUploads/${id}`, { method: "PUT", headers, body, duplex: "half" });
    if (!answer.ok) throw new Error(`A part was refused: ${await answer.text()}`);
    await answer.arrayBuffer();
  }
  return id;
}
