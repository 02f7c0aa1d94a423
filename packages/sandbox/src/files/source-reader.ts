import type { SourceConnection, SourceDescription, SourceField, WorkbookParameter } from "./contents.ts";
import type { XmlEvents } from "./xml-events.ts";

/** Of one data source; more than any has. */
const mostFields = 20_000;
const mostConnections = 500;
/** Of one element, in characters, as far as text is of interest here: names and types. */
const longestText = 10_000;

export type Attributes = ReadonlyMap<string, string>;

/** What the reader of one `datasource` element knows once it has been read. */
export type SourceReader = XmlEvents & {
  /** How sheets refer to it. */
  internalName: string;
  /** Captions by the names that sheets use. */
  captions: ReadonlyMap<string, string>;
  description: () => SourceDescription;
  /** The data source called `Parameters` holds the workbook's parameters in the place of fields. */
  parameters: () => WorkbookParameter[];
};

type Column = { name: string; attributes: Attributes; formula: string | undefined };

type Reading = {
  path: string[];
  connections: SourceConnection[];
  columns: Map<string, Column>;
  captions: Map<string, string>;
  /** What the file says of columns that nobody changed, and the one that it is saying it of. */
  remoteTypes: Map<string, string>;
  record: { name: string; type: string };
  column: Column | undefined;
  repository: string | undefined;
  hasExtract: boolean;
  text: string;
};

/** Reads one `datasource` element, of a .tds or within a .twb. Its own tag was read before: `root` are its attributes. */
export function openSourceReader(root: Attributes): SourceReader {
  const reading: Reading = {
    path: [],
    connections: [],
    columns: new Map(),
    captions: new Map(),
    remoteTypes: new Map(),
    record: { name: "", type: "" },
    column: undefined,
    repository: undefined,
    hasExtract: false,
    text: "",
  };
  return {
    internalName: root.get("name") ?? root.get("formatted-name") ?? "",
    captions: reading.captions,
    open(name, attributes) {
      reading.text = "";
      // The extract has columns and a connection of its own, which are no others.
      if (!reading.path.includes("extract")) open(reading, name, attributes);
      reading.path.push(name);
    },
    text(piece) {
      if (reading.text.length < longestText) reading.text += piece;
    },
    close: (name) => close(reading, name),
    description: () => describe(root, reading),
    parameters: () => [...reading.columns.values()].map(parameterOf),
  };
}

function open(reading: Reading, name: string, attributes: Attributes): void {
  const parent = reading.path.at(-1);
  if (name === "extract") reading.hasExtract = attributes.get("enabled") !== "false";
  if (name === "repository-location" && parent === undefined) reading.repository = attributes.get("id");
  if (name === "connection" && (parent === undefined || parent === "named-connection")) {
    const type = attributes.get("class") ?? "";
    // The federated connection only holds the others.
    if (type !== "federated" && type !== "" && reading.connections.length < mostConnections) {
      reading.connections.push(connectionOf(type, attributes));
    }
  }
  if (name === "column" && parent === undefined) reading.column = addColumn(reading, attributes);
  if (name === "calculation" && parent === "column" && reading.column !== undefined) {
    reading.column.formula = attributes.get("formula");
  }
}

function addColumn({ columns, captions }: Reading, attributes: Attributes): Column | undefined {
  const name = bare(attributes.get("name") ?? "");
  if (columns.size >= mostFields) return undefined;
  const added: Column = { name, attributes, formula: undefined };
  columns.set(name, added);
  captions.set(name, attributes.get("caption") ?? name);
  return added;
}

function close(reading: Reading, name: string): void {
  const { path, record, text, remoteTypes } = reading;
  path.pop();
  if (name === "column") reading.column = undefined;
  if (path.at(-1) === "metadata-record") {
    if (name === "local-name") record.name = bare(text);
    if (name === "local-type") record.type = text;
  }
  if (name === "metadata-record" && record.name !== "" && remoteTypes.size < mostFields) {
    remoteTypes.set(record.name, record.type);
    record.name = "";
  }
}

function describe(root: Attributes, { connections, columns, remoteTypes, repository, hasExtract }: Reading) {
  const names = new Set([...remoteTypes.keys(), ...columns.keys()]);
  return {
    name: root.get("caption") ?? root.get("formatted-name") ?? root.get("name") ?? "",
    connections: connections.map((connection) => {
      const publishedAs = connection.type === "sqlproxy" ? (connection.databaseName ?? repository) : undefined;
      return { ...connection, publishedAs };
    }),
    fields: [...names].filter(isField).map((name) => fieldOf(name, columns.get(name), remoteTypes.get(name))),
    hasExtract,
  };
}

function connectionOf(type: string, attributes: Attributes): SourceConnection {
  const port = attributes.get("port") ?? "";
  return {
    type,
    serverAddress: attributes.get("server") ?? "",
    serverPort: /^\d{1,5}$/.test(port) ? Number(port) : undefined,
    userName: attributes.get("username") ?? "",
    authenticationType: attributes.get("authentication"),
    databaseName: attributes.get("dbname"),
    publishedAs: undefined,
  };
}

/** Not the columns that Tableau makes for itself. */
function isField(name: string): boolean {
  return !name.startsWith(":") && !name.includes("__tableau_internal");
}

function fieldOf(name: string, column: Column | undefined, remoteType: string | undefined): SourceField {
  const dataType = column?.attributes.get("datatype") ?? remoteType ?? "string";
  // What Tableau takes numbers for where the file does not say.
  const usual = dataType === "integer" || dataType === "real" ? "measure" : "dimension";
  const role = column?.attributes.get("role") ?? usual;
  return {
    name: column?.attributes.get("caption") ?? name,
    dataType,
    role: role === "measure" ? "measure" : "dimension",
    formula: column?.formula,
    isHidden: column?.attributes.get("hidden") === "true",
  };
}

function parameterOf({ name, attributes }: Column): WorkbookParameter {
  const value = unquoted(attributes.get("value") ?? "");
  return { name: attributes.get("caption") ?? name, dataType: attributes.get("datatype") ?? "string", value };
}

/** `[Order Date]` → `Order Date`; a bracket within is written twice. */
export function bare(written: string): string {
  const [, inner] = /^\[(.*)\]$/s.exec(written.trim()) ?? [];
  return (inner ?? written.trim()).replaceAll("]]", "]");
}

/** `"West"` → `West`, `#2025-01-01#` → `2025-01-01`; numbers are as they are. */
export function unquoted(written: string): string {
  const [, text, date] = /^(?:"(.*)"|#(.*)#)$/s.exec(written) ?? [];
  return text?.replaceAll(/\\(["\\])/g, "$1") ?? date ?? written;
}
