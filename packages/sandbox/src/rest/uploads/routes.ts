import type { Readable } from "node:stream";
import type { FileStore, StoredFile } from "../../files/store.ts";
import { record } from "../../wire/element.ts";
import { isMultipart, readMultipart, readText } from "../../wire/multipart.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, type Reply } from "../../wire/reply.ts";
import { parameter } from "../publishing/parameters.ts";
import { mayPublish } from "../publishing/rights.ts";
import type { Route, SessionCall } from "../route.ts";
import { largestInOneRequest, receivedBytes, type Upload } from "./uploads.ts";

const megabyte = 1024 * 1024;

export const uploadRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/fileUploads",
    body: "none",
    jwt: "tableau:file_uploads:create",
    role: "anyone",
    handle({ world, session }) {
      if (!mayPublish(session.user)) return refuse("403015", "Uploading a file needs a site role that may publish.");
      return created(uploadElement(world.uploads.begin(session.site)));
    },
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/fileUploads/{uploadSessionId}",
    body: "stream",
    jwt: "tableau:file_uploads:create",
    role: "anyone",
    handle: append,
  },
];

/** `fileSize` is all parts so far, in MB. inferred: the rounding. */
function uploadElement(upload: Upload) {
  const fileSize = String(Math.round(receivedBytes(upload) / megabyte));
  return record("fileUpload", { uploadSessionId: upload.id, fileSize });
}

async function append(call: SessionCall): Promise<Reply | Refusal> {
  const { world, session, parameters, query } = call;
  if (!mayPublish(session.user)) return refuse("403007", "Uploading a file needs a site role that may publish.");
  const id = parameters.uploadSessionId ?? "";
  const upload = world.uploads.find(session.site, id);
  if (upload === undefined) return refuse("404015", `There is no upload session '${id}'.`);
  const sequence = parameter(query, "sequenceID");
  if (sequence !== undefined && !/^\d{1,9}$/.test(sequence)) return refuse("400000", "sequenceID must be a number.");
  const block = await readBlock(call);
  if (isRefusal(block)) return block;
  const added = await world.uploads.append(upload, block, sequence === undefined ? undefined : Number(sequence));
  if (added === "added") return answer(uploadElement(upload));
  await world.files.remove(block);
  return added === "gone"
    ? refuse("404015", `There is no upload session '${id}' any more.`)
    : refuse("403016", "An upload has at most 1,000 parts.");
}

/** The bytes of one part: `tableau_file` beside an empty `request_payload`. */
async function readBlock({ world, stream, headers }: SessionCall): Promise<StoredFile | Refusal> {
  const contentType = headers["content-type"];
  if (!isMultipart(contentType)) return readRawBlock(world.files, stream);
  const blocks: StoredFile[] = [];
  const refusal = await readMultipart(stream, contentType, async ({ name, body }) => {
    if (name === "request_payload") return refuseContent(body);
    if (blocks.length > 0) return refuse("400000", "A request appends one file to an upload.");
    const block = await world.files.put(body, largestInOneRequest);
    if (block === "too large") return tooLarge;
    blocks.push(block);
    return undefined;
  });
  const [block] = blocks;
  if (refusal === undefined && block !== undefined) return block;
  if (block !== undefined) await world.files.remove(block);
  return refusal ?? refuse("400020", "The request has no file to append to the upload.");
}

const tooLarge = refuse("400016", "A part of an upload has at most 64 MB.");

async function refuseContent(payload: AsyncIterable<Buffer>): Promise<Refusal | undefined> {
  const written = await readText(payload, 1_000);
  return written?.trim() === "" ? undefined : refuse("400019", "The request_payload of an upload must be empty.");
}

/** A body that is not multipart is taken as it is. Tableau would refuse it; so bytes of any kind can be tried. */
async function readRawBlock(files: FileStore, stream: Readable): Promise<StoredFile | Refusal> {
  try {
    // Not destroyed when it is left early: the connection must live on to carry the refusal.
    const chunks = { [Symbol.asyncIterator]: () => stream.iterator({ destroyOnReturn: false }) };
    const block = await files.put(chunks, largestInOneRequest);
    return block === "too large" ? tooLarge : block;
  } catch (error) {
    if (stream.errored !== null) return refuse("400000", "The part ended before it was complete.");
    throw error;
  }
}
