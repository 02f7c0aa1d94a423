import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import { easelError } from "../http/errors.ts";

/** A form as it comes: its fields, which stand before the file, and the file, which streams. */
export interface ReceivedForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly filename: string;
  readonly file: AsyncIterable<Buffer>;
  /** Reads what follows the file; throws where the form goes on, or breaks off. */
  end(): Promise<void>;
  /** Reads and drops what still comes: a caller that cannot send does not read the answer. */
  drop(): void;
}

/** Of all fields, in characters: a name, a description and credentials for many connections; nothing that anyone writes is larger. */
export const FIELDS_HELD = 524_288;
const LIMITS = { fields: 30, fieldNameSize: 100, fieldSize: FIELDS_HELD, files: 1, parts: 31, headerPairs: 50 };

/** Of the file, in bytes, between the parser and whoever takes it: two chunks of a socket. */
const FILE_HELD = 131_072;

/**
 * Reads a `multipart/form-data` request up to its file. Nothing of the file is held: it waits at the caller until it is
 * read here.
 */
export function receiveForm(request: IncomingMessage, contentType: string | undefined): Promise<ReceivedForm> {
  const parser = open(contentType);
  const fields = new Map<string, string>();
  return new Promise((resolve, reject) => {
    let size = 0;
    let failure: Error | null = null;
    let file: Readable | null = null;
    let finish = (): void => {};
    const ended = new Promise<void>((done) => {
      finish = done;
    });
    const fail = (error: Error): void => {
      failure ??= error;
      drop();
      file?.destroy(failure);
      reject(failure);
      finish();
    };
    const drop = (): void => {
      request.unpipe(parser);
      request.resume();
    };
    parser.on("field", (name, value, isNameCut, isValueCut) => {
      if (file !== null) return fail(malformed(`the field ${name} comes after the file, and fields go before it`));
      size += value.length;
      if (isNameCut || isValueCut || size > FIELDS_HELD)
        return fail(malformed("its fields are larger than 512 KB together"));
      if (fields.has(name)) return fail(malformed(`the field ${name} is there twice`));
      fields.set(name, value);
    });
    parser.on("file", (_name, stream, filename) => {
      file = stream;
      stream.on("error", () => fail(malformed("it breaks off in the middle of the file")));
      const end = async (): Promise<void> => {
        await ended;
        if (failure !== null) throw failure;
      };
      resolve({ fields, filename: filename ?? "", file: stream, end, drop });
    });
    parser.on("error", () => fail(malformed("its parts can't be told apart")));
    parser.on("filesLimit", () => fail(malformed("it has more than one file")));
    for (const limit of ["fieldsLimit", "partsLimit"] as const) {
      parser.on(limit, () => fail(malformed("it has more than 30 fields")));
    }
    parser.on("finish", () => {
      if (file === null) fail(malformed("it has no file"));
      finish();
    });
    request.once("close", () => {
      if (!request.complete) fail(new Error("The caller went away."));
    });
    request.pipe(parser);
  });
}

function open(contentType: string | undefined) {
  if (!/^multipart\/form-data\s*;/i.test(contentType ?? "")) {
    throw malformed("its Content-Type is not multipart/form-data");
  }
  try {
    return new Busboy({ headers: { "content-type": contentType ?? "" }, limits: LIMITS, fileHwm: FILE_HELD });
  } catch {
    throw malformed("its Content-Type names no boundary");
  }
}

function malformed(detail: string): Error {
  return easelError("upload_malformed", { detail });
}
