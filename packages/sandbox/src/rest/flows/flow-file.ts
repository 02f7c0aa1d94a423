import * as z from "zod";
import type { SourceConnection } from "../../files/contents.ts";
import { formatOf } from "../../files/inspect.ts";
import { type Fault, withPackage } from "../../files/package.ts";
import type { FileStore, StoredFile } from "../../files/store.ts";

/** Of the document that describes a flow, in bytes; the data beside it may be of any size. */
const largestDocument = 16 * 1024 * 1024;

/** Of connections, of steps and of parameters, in one flow; more than any has. */
const mostParts = 1_000;

/** What a flow's file says that the site needs. */
export type FlowContents = {
  connections: SourceConnection[];
  outputSteps: { id: string; name: string }[];
  parameters: { id: string; name: string; type: string; value: string; description: string }[];
};

export type InspectedFlow = { kind: "flow"; contents: FlowContents };

/**
 * Reads a published flow: a zip with a JSON document named `flow` in it. A .tfl and a .tflx differ only in the data
 * files beside it, so whichever the file is said to be is believed.
 */
export async function inspectFlow(files: FileStore, file: StoredFile): Promise<InspectedFlow | Fault> {
  if ((await formatOf(files, file)) !== "zip")
    return { kind: "fault", fault: "the file is neither a .tfl nor a .tflx" };
  return withPackage(await files.pathOf(file), async (pack) => {
    const entry = pack.entries.find(({ fileName }) => fileName === "flow");
    if (entry === undefined) return { kind: "fault", fault: "there is no flow in the package" } as const;
    // What the package says of its size holds: unpacking stops with an error where there is more.
    if (entry.uncompressedSize > largestDocument) {
      return { kind: "fault", fault: `the flow is larger than ${largestDocument} bytes` } as const;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of await pack.read(entry)) chunks.push(chunk);
    return readDocument(Buffer.concat(chunks).toString("utf8"));
  });
}

const text = z.string().catch("");
const attributes = z
  .object({
    class: text,
    server: text,
    port: z.coerce.number().optional().catch(undefined),
    username: text,
    dbname: text,
  })
  .partial()
  .catch({});

/** Everything in it may be missing: flows of all versions are read, and what is not known is left out. */
const documentSchema = z.object({
  nodes: z.record(z.string(), z.object({ baseType: text, name: text })).catch({}),
  connections: z.record(z.string(), z.object({ connectionAttributes: attributes })).catch({}),
  parameters: z
    .object({ parameters: z.record(z.string(), z.object({ name: text, type: text, value: text, description: text })) })
    .catch({ parameters: {} }),
});

function readDocument(written: string): InspectedFlow | Fault {
  let document: unknown;
  try {
    document = JSON.parse(written.replace(/^\ufeff/, ""));
  } catch {
    return { kind: "fault", fault: "the flow in the package is not JSON" };
  }
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) return { kind: "fault", fault: "the flow in the package is not one" };
  const { nodes, connections, parameters } = parsed.data;
  const outputs = Object.entries(nodes).filter(([, { baseType }]) => baseType === "output");
  return {
    kind: "flow",
    contents: {
      outputSteps: outputs.slice(0, mostParts).map(([id, { name }]) => ({ id, name })),
      connections: Object.values(connections)
        .slice(0, mostParts)
        .map(({ connectionAttributes }) => connectionOf(connectionAttributes)),
      parameters: Object.entries(parameters.parameters)
        .slice(0, mostParts)
        .map(([id, parameter]) => ({ id, ...parameter })),
    },
  };
}

function connectionOf({ class: type = "", server = "", port, username = "", dbname }: z.output<typeof attributes>) {
  return {
    type,
    serverAddress: server,
    serverPort: port !== undefined && Number.isInteger(port) && port >= 0 ? port : undefined,
    userName: username,
    authenticationType: undefined,
    databaseName: dbname,
    publishedAs: undefined,
  };
}
