import type { StoredFile } from "../../files/store.ts";
import { isMultipart, type Part, readMultipart, readText } from "../../wire/multipart.ts";
import { isRefusal, type Refusal, type RefusalCode, refuse } from "../../wire/refusals.ts";
import { parseRequest, readRequestBody } from "../../wire/request-body.ts";
import type { SessionCall } from "../route.ts";
import { largestInOneRequest, type Upload } from "../uploads/uploads.ts";
import { parameter } from "./parameters.ts";

const largestPayload = 1024 * 1024;

/** What one kind of content is published as. */
export type PublishedAs = {
  /** The part of the request that holds the file: `tableau_workbook`, … */
  part: string;
  /** The parameter that says what the file is: `workbookType`, … */
  typeParameter: string;
  /** The file's extensions. */
  types: readonly string[] | "any";
  /** Tableau's codes, which differ from kind to kind (Tableau REST reference, "Publish …"). */
  codes: {
    /** The file is of another type. */
    wrongType: RefusalCode;
    /** Nothing is said of the type of an upload. */
    missingType: RefusalCode;
    /** The file is not what it should be. */
    broken: RefusalCode;
  };
};

/** A request to publish: what it says, and the file, which is its caller's to keep or to discard. */
export type PublishRequest = {
  content: unknown;
  file: StoredFile;
  /** How refusals call the file: by its name, or by its upload session, as Tableau does. */
  filename: string;
  fileType: string;
  upload: Upload | undefined;
};

/**
 * Reads the two parts of a request to publish, the payload in XML or JSON and the file; or the payload alone when the
 * file was uploaded before.
 */
export async function readPublishRequest(call: SessionCall, kind: PublishedAs): Promise<PublishRequest | Refusal> {
  const uploadId = parameter(call.query, "uploadSessionId");
  const upload = uploadId === undefined ? undefined : call.world.uploads.find(call.session.site, uploadId);
  if (uploadId !== undefined && upload === undefined) {
    return refuse("404015", `There is no upload session '${uploadId}'.`);
  }
  if (upload !== undefined) upload.isTaken = true;
  const received: Received = { content: {}, attached: [] };
  const request = (await receive(call, kind, received)) ?? (await assemble(call, kind, received, upload));
  if (isRefusal(request)) {
    for (const { file } of received.attached) await call.world.files.remove(file);
    if (upload !== undefined) upload.isTaken = false;
  }
  return request;
}

/** Removes the file of a request that came to nothing; what was uploaded stays with its session, to be tried again. */
export async function discard({ world }: SessionCall, { upload, file }: PublishRequest): Promise<void> {
  if (upload === undefined) await world.files.remove(file);
  else upload.isTaken = false;
}

/** To be called once the file belongs to what was published of it. */
export function keep({ world }: SessionCall, { upload }: PublishRequest): void {
  if (upload !== undefined) world.uploads.release(upload);
}

type Received = { content: unknown; attached: { file: StoredFile; filename: string | undefined }[] };

async function receive(call: SessionCall, kind: PublishedAs, received: Received): Promise<Refusal | undefined> {
  const contentType = call.headers["content-type"];
  if (!isMultipart(contentType)) {
    // inferred: with nothing to attach, a payload by itself is as good.
    const body = await readRequestBody(call.stream, contentType);
    if (isRefusal(body)) return body;
    received.content = body.content;
    return undefined;
  }
  return readMultipart(call.stream, contentType, (part) => {
    if (part.name === "request_payload") return readPayload(part, received);
    if (part.name === kind.part) return attach(call, part, received);
    return Promise.resolve(refuse("400000", `There is no place for the part '${part.name}' here.`));
  });
}

async function readPayload({ body, contentType }: Part, received: Received): Promise<Refusal | undefined> {
  const written = await readText(body, largestPayload);
  if (written === undefined) return refuse("413000", `The request_payload is larger than ${largestPayload} bytes.`);
  // Some clients send JSON without saying so.
  const isJson = written.trimStart().startsWith("{");
  const parsed = parseRequest(written, isJson ? "application/json" : contentType);
  if (isRefusal(parsed)) return parsed;
  received.content = parsed.content;
  return undefined;
}

async function attach(
  { world }: SessionCall,
  { body, filename }: Part,
  { attached }: Received,
): Promise<Refusal | undefined> {
  if (attached.length > 0) return refuse("400000", "The request has more than one file.");
  const file = await world.files.put(body, largestInOneRequest);
  if (file === "too large") {
    return refuse("400011", "A file over 64 MB can't be published in one request: upload it in parts.");
  }
  attached.push({ file, filename });
  return undefined;
}

async function assemble(
  { world, query }: SessionCall,
  kind: PublishedAs,
  { content, attached }: Received,
  upload: Upload | undefined,
): Promise<PublishRequest | Refusal> {
  const [attachment] = attached;
  if (upload !== undefined && attachment !== undefined) {
    return refuse("400000", "The request has both an upload session and a file.");
  }
  const named = parameter(query, kind.typeParameter)?.toLowerCase();
  const fileType = named ?? attachment?.filename?.split(".").at(-1)?.toLowerCase();
  if (upload !== undefined && named === undefined && kind.types !== "any") {
    return refuse(kind.codes.missingType, `An uploaded file needs the parameter ${kind.typeParameter}.`);
  }
  if (upload === undefined && attachment === undefined) return refuse("400000", `The request has no ${kind.part}.`);
  if (kind.types !== "any" && (fileType === undefined || !kind.types.includes(fileType))) {
    return refuse(kind.codes.wrongType, `The file must be one of ${kind.types.join(", ")}.`);
  }
  if (attachment !== undefined) {
    return { content, file: attachment.file, filename: attachment.filename ?? "", fileType: fileType ?? "", upload };
  }
  const file = upload === undefined ? "too large" : await world.uploads.assemble(upload);
  if (file === "too large") return refuse("403008", "There is not enough room for the file.");
  return { content, file, filename: upload?.id ?? "", fileType: fileType ?? "", upload };
}
