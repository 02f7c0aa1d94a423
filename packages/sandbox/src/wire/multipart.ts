import type { Readable } from "node:stream";
import { type Refusal, refuse } from "./refusals.ts";

/** One part of a multipart body. Its bytes come as they arrive; what its taker leaves unread is skipped. */
export type Part = {
  /** `request_payload`, `tableau_workbook`, …; empty when the part does not say. */
  name: string;
  filename: string | undefined;
  contentType: string | undefined;
  body: AsyncIterable<Buffer>;
};

/** What takes the parts, one after the other. Its refusal ends the reading. */
export type TakePart = (part: Part) => Promise<Refusal | undefined>;

const mostParts = 20;
const mostHeaderBytes = 16 * 1024;
/** RFC 2046 says 70; nothing is gained by being exact. */
const longestBoundary = 200;
const longestPadding = 70;

/** Whether a body with this Content-Type is one in parts. */
export function isMultipart(contentType: string | undefined): boolean {
  return /^\s*multipart\//i.test(contentType ?? "");
}

/**
 * Reads a multipart body (multipart/mixed or multipart/form-data) as a stream: no more than a boundary's length is
 * held of any part. It takes what Tableau takes: a Content-Disposition with or without `form-data;`, attributes in any
 * order, quoted or not, parts without a Content-Type, lines that end in CRLF or in LF alone.
 */
export async function readMultipart(
  stream: Readable,
  contentType: string | undefined,
  take: TakePart,
): Promise<Refusal | undefined> {
  const boundary = parametersOf(contentType ?? "").get("boundary") ?? "";
  if (!isMultipart(contentType) || boundary === "" || boundary.length > longestBoundary) {
    return refuse("400000", "The body must be multipart, with a boundary in its Content-Type.");
  }
  const reading = begin(stream, boundary);
  // What is wrong with the body is found deep in the reading of a part: thrown there, and told apart here.
  try {
    return await takeAll(reading, take);
  } catch (error) {
    if (reading.fault !== undefined) return refuse("400000", reading.fault);
    throw error;
  }
}

/** The text of a part, at most so many bytes of it; undefined when it is longer. */
export async function readText(body: AsyncIterable<Buffer>, most: number): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > most) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

type Reading = {
  /** Without destroying the stream when it is left early: the connection must live on to carry the refusal. */
  chunks: AsyncIterator<Buffer>;
  held: Buffer;
  delimiter: Buffer;
  /** How the line of the boundary read last ended. */
  lineEnd: string;
  isLast: boolean;
  fault: string | undefined;
};

function begin(stream: Readable, boundary: string): Reading {
  // As if a line had ended before the body: the first boundary needs none before it.
  return {
    chunks: stream.iterator({ destroyOnReturn: false }),
    held: Buffer.from("\n"),
    delimiter: Buffer.from(`\n--${boundary}`),
    lineEnd: "",
    isLast: false,
    fault: undefined,
  };
}

async function takeAll(reading: Reading, take: TakePart): Promise<Refusal | undefined> {
  await skip(readBody(reading, 0)); // the preamble
  // The first boundary's line shows how lines end in this body; all other boundaries are sought so.
  const newline = Buffer.from(reading.lineEnd);
  reading.delimiter = Buffer.concat([newline, reading.delimiter.subarray(1)]);
  for (let count = 1; !reading.isLast; count++) {
    if (count > mostParts) return refuse("400000", `The body has more than ${mostParts} parts.`);
    const headers = await readHeaders(reading);
    // The line end before a boundary belongs to it, also when the blank line after the headers is that line end.
    reading.held = Buffer.concat([newline, reading.held]);
    const body = readBody(reading, newline.length);
    // Only `next`: a taker that stops early must not end the reading, the rest has to be skipped.
    const refusal = await take({
      ...describe(headers),
      body: { [Symbol.asyncIterator]: () => ({ next: () => body.next() }) },
    });
    if (refusal !== undefined) return refusal;
    await skip(body);
  }
  // What follows the last boundary means nothing, but the client must be let send it.
  while (await hasMore(reading)) reading.held = Buffer.alloc(0);
  return undefined;
}

async function skip(body: AsyncIterable<Buffer>): Promise<void> {
  for await (const _skipped of body);
}

/** Yields what comes before the next boundary, without its first `unsaid` bytes, and reads the boundary's line. */
async function* readBody(reading: Reading, unsaid: number): AsyncGenerator<Buffer> {
  let left = unsaid;
  const cut = (length: number): Buffer => {
    const piece = reading.held.subarray(Math.min(left, length), length);
    left -= Math.min(left, length);
    reading.held = reading.held.subarray(length);
    return piece;
  };
  for (;;) {
    const at = reading.held.indexOf(reading.delimiter);
    const piece = cut(at === -1 ? Math.max(0, reading.held.length - reading.delimiter.length + 1) : at);
    if (piece.length > 0) yield piece;
    const ending = at === -1 ? "unknown" : endingOf(reading.held.subarray(reading.delimiter.length));
    if (ending === "unknown") {
      if (!(await hasMore(reading))) fail(reading, "The multipart body ended before its last boundary.");
    } else if (ending === "none") {
      const character = cut(1); // a line that only begins as the boundary does
      if (character.length > 0) yield character;
    } else {
      reading.isLast = ending.isLast;
      reading.lineEnd = ending.lineEnd;
      cut(reading.delimiter.length + ending.length);
      return;
    }
  }
}

type Ending = { isLast: boolean; length: number; lineEnd: string };

/** What follows a boundary on its line: `--` at the end of the body, or blanks and a line end. */
function endingOf(after: Buffer): Ending | "unknown" | "none" {
  const written = after.toString("latin1", 0, longestPadding + 2);
  if (written.startsWith("--")) return { isLast: true, length: 2, lineEnd: "" };
  const [found, lineEnd] = /^[ \t]*(\r?\n)/.exec(written) ?? [];
  if (found !== undefined && lineEnd !== undefined) return { isLast: false, length: found.length, lineEnd };
  const mayGoOn = written.length < longestPadding + 2 && /^(-|[ \t]*\r?)$/.test(written);
  return mayGoOn ? "unknown" : "none";
}

/** Waits for more bytes; false at the end of the stream, also at one that the client did not mean. */
async function hasMore(reading: Reading): Promise<boolean> {
  const next = await reading.chunks.next().catch(() => undefined);
  if (next === undefined || next.done === true) return false;
  reading.held = reading.held.length === 0 ? next.value : Buffer.concat([reading.held, next.value]);
  return true;
}

function fail(reading: Reading, fault: string): never {
  reading.fault = fault;
  throw new Error(fault);
}

/** The lines up to a blank one, by lower-case name. */
async function readHeaders(reading: Reading): Promise<Map<string, string>> {
  const lines: string[] = [];
  let total = 0;
  for (;;) {
    const end = reading.held.indexOf("\n");
    if (total + Math.max(end, 0) > mostHeaderBytes || (end === -1 && reading.held.length > mostHeaderBytes)) {
      fail(reading, `The headers of a part are longer than ${mostHeaderBytes} bytes.`);
    }
    if (end === -1) {
      if (!(await hasMore(reading))) fail(reading, "The multipart body ended within the headers of a part.");
      continue;
    }
    const line = reading.held.toString("utf8", 0, end).replace(/\r$/, "");
    reading.held = reading.held.subarray(end + 1);
    total += end + 1;
    if (line === "") return headersOf(lines);
    lines.push(line);
  }
}

function headersOf(lines: readonly string[]): Map<string, string> {
  const unfolded = lines.join("\n").replace(/\n[ \t]+/g, " ");
  return new Map(
    unfolded.split("\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function describe(headers: ReadonlyMap<string, string>): Omit<Part, "body"> {
  const disposition = parametersOf(headers.get("content-disposition") ?? "");
  return {
    name: disposition.get("name") ?? "",
    filename: extended(disposition.get("filename*")) ?? disposition.get("filename"),
    contentType: headers.get("content-type"),
  };
}

/** The `name=value` pairs of a header, wherever they stand; a value may be quoted. Names are in lower case. */
function parametersOf(header: string): Map<string, string> {
  const pairs = header.matchAll(/(?:^|;)\s*([^\s;="]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;]*))/g);
  // Only what must be escaped is unescaped: a Windows path in a filename keeps its backslashes.
  return new Map(
    pairs.map(([, name = "", quoted, plain = ""]) => [
      name.toLowerCase(),
      quoted === undefined ? plain.trim() : quoted.replace(/\\(["\\])/g, "$1"),
    ]),
  );
}

/** RFC 5987: `utf-8''Umsatz%20%C3%BC.twbx`, as older HTTP libraries of Python write names outside of ASCII. */
function extended(written: string | undefined): string | undefined {
  const [, encoded] = /^utf-8'[^']*'(.*)$/i.exec(written ?? "") ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
