import type { Readable } from "node:stream";
import { type Entry, openPromise, type ZipFile } from "yauzl";

/** Files in one package; more than any has. */
const mostEntries = 10_000;

export type Fault = { kind: "fault"; fault: string };

/** A packaged workbook, data source or flow: a zip file. Only its directory is held. */
export type Package = {
  entries: readonly Entry[];
  /** The file within, as it was before it was packed. */
  read: (entry: Entry) => Promise<Readable>;
  /** Where in the package its packed bytes begin. */
  startOf: (entry: Entry) => Promise<number>;
};

/** Opens a package for as long as `use` runs. What is wrong with the package, also what `use` finds, is a fault. */
export async function withPackage<Result>(
  path: string,
  use: (pack: Package) => Promise<Result>,
): Promise<Result | Fault> {
  let zip: ZipFile | undefined;
  // A malformed zip file shows anywhere while it is read, as what the zip library throws.
  try {
    zip = await openPromise(path, { autoClose: false, lazyEntries: true });
    const opened = zip;
    const entries = await entriesOf(opened);
    if (entries === undefined) return { kind: "fault", fault: `the package has more than ${mostEntries} files` };
    return await use({
      entries,
      read: (entry) => opened.openReadStreamPromise(entry),
      startOf: async (entry) => (await opened.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart,
    });
  } catch (error) {
    return { kind: "fault", fault: `the package can't be read: ${error instanceof Error ? error.message : error}` };
  } finally {
    zip?.close();
  }
}

async function entriesOf(zip: ZipFile): Promise<Entry[] | undefined> {
  if (zip.entryCount > mostEntries) return undefined;
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) if (!entry.fileName.endsWith("/")) entries.push(entry);
  return entries;
}

/** The document of a package: the least nested file with this extension. */
export function documentOf({ entries }: Package, extension: string): Entry | undefined {
  const depthOf = ({ fileName }: Entry): number => fileName.split("/").length;
  const documents = entries.filter(({ fileName }) => fileName.toLowerCase().endsWith(`.${extension}`));
  return documents.sort((one, other) => depthOf(one) - depthOf(other))[0];
}

/** Whether a file within a package holds data that `includeExtract=False` leaves out. */
export function isExtract({ fileName }: Entry): boolean {
  return /\.(hyper|tde)$/i.test(fileName);
}
