import type { SourceDescription, WorkbookContents } from "./contents.ts";
import { documentOf, type Fault, isExtract, withPackage } from "./package.ts";
import type { FileStore, StoredFile } from "./store.ts";
import { readSource, readWorkbook } from "./workbook-reader.ts";

/** Of the document that describes a workbook or a data source, in bytes; data beside it may be of any size. */
const largestDocument = 64 * 1024 * 1024;

export type InspectedWorkbook = { kind: "workbook"; contents: WorkbookContents; fileType: "twb" | "twbx" };
export type InspectedSource = {
  kind: "source";
  /** Undefined for files of data alone (.hyper, .tde, .parquet): the sandbox does not read them. */
  description: SourceDescription | undefined;
  fileType: SourceType;
};
type SourceType = "tds" | "tdsx" | "hyper" | "tde" | "parquet";

/** Reads a published workbook. What the file is, its bytes say: it must be of the type that it is said to be. */
export async function inspectWorkbook(
  files: FileStore,
  file: StoredFile,
  said: string,
): Promise<InspectedWorkbook | Fault> {
  const format = await formatOf(files, file);
  if (format !== "zip" && format !== "xml") return { kind: "fault", fault: "the file is neither a .twb nor a .twbx" };
  const fileType = format === "zip" ? "twbx" : "twb";
  if (fileType !== said) return otherType(said, fileType);
  const read = await readDocument(files, file, { isPackage: format === "zip", extension: "twb" }, async (bytes) => {
    const workbook = await readWorkbook(bytes);
    return workbook.kind === "fault" ? workbook : workbook.contents;
  });
  if ("fault" in read) return read;
  return { kind: "workbook", contents: read.document, fileType };
}

/** Reads a published data source, as `inspectWorkbook` reads workbooks. */
export async function inspectSource(
  files: FileStore,
  file: StoredFile,
  said: string,
): Promise<InspectedSource | Fault> {
  const format = await formatOf(files, file);
  if (format === "other") return { kind: "fault", fault: "the file is no data source" };
  const fileType = format === "zip" ? "tdsx" : format === "xml" ? "tds" : format;
  if (fileType !== said) return otherType(said, fileType);
  if (fileType !== "tds" && fileType !== "tdsx") return { kind: "source", description: undefined, fileType };
  const read = await readDocument(files, file, { isPackage: format === "zip", extension: "tds" }, async (bytes) => {
    const source = await readSource(bytes);
    return source.kind === "fault" ? source : source.source.description();
  });
  if ("fault" in read) return read;
  const description = { ...read.document, hasExtract: read.document.hasExtract || read.hasExtract };
  return { kind: "source", description, fileType };
}

function otherType(said: string, found: string): Fault {
  return { kind: "fault", fault: `it is no .${said} but a .${found}` };
}

type Format = "zip" | "xml" | "hyper" | "tde" | "parquet" | "other";

/** What a file is by its first bytes; public clients tell their own files apart by the same. */
export async function formatOf(files: FileStore, file: StoredFile): Promise<Format> {
  const chunks: Buffer[] = [];
  for await (const chunk of await files.read(file, { start: 0, end: 255 })) chunks.push(chunk);
  const start = Buffer.concat(chunks);
  if (start.subarray(0, 2).toString("latin1") === "PK") return "zip";
  if (start.subarray(0, 5).toString("latin1").toLowerCase() === "hyper") return "hyper";
  if (start.subarray(0, 4).toString("latin1") === "PAR1") return "parquet";
  if (start.subarray(0, 4).equals(Buffer.from([0x20, 0x02, 0x01, 0x62]))) return "tde";
  const text = start.toString(start[0] === 0xff ? "utf16le" : "utf8").replace(/^\ufeff/, "");
  return text.trimStart().startsWith("<") ? "xml" : "other";
}

type Read<Document> = { document: Document; hasExtract: boolean };

async function readDocument<Document extends object>(
  files: FileStore,
  file: StoredFile,
  { isPackage, extension }: { isPackage: boolean; extension: string },
  read: (bytes: AsyncIterable<Buffer>) => Promise<Document | Fault>,
): Promise<Read<Document> | Fault> {
  const tooLarge: Fault = { kind: "fault", fault: `the .${extension} is larger than ${largestDocument} bytes` };
  if (!isPackage) {
    if (file.size > largestDocument) return tooLarge;
    const document = await read(await files.read(file));
    return "fault" in document ? document : { document, hasExtract: false };
  }
  return withPackage(await files.pathOf(file), async (pack) => {
    const entry = documentOf(pack, extension);
    if (entry === undefined) return { kind: "fault", fault: `there is no .${extension} in the package` } as const;
    // What the package says of its size holds: unpacking stops with an error where there is more.
    if (entry.uncompressedSize > largestDocument) return tooLarge;
    const document = await read(await pack.read(entry));
    return "fault" in document ? document : { document, hasExtract: pack.entries.some(isExtract) };
  });
}
