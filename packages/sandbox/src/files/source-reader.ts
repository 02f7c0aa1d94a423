import type { SourceConnection, SourceDescription, SourceField, WorkbookParameter } from "./contents.ts";
import type { XmlEvents } from "./xml-events.ts";

/** Of one data source; more than any has. */
const mostFields = 20_000;

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

/** Reads one `datasource` element, of a .tds or within a .twb. Its own tag was read before: `root` are its attributes. */
export function openSourceReader(root: Attributes): SourceReader {
  const path: string[] = [];
  const connections: SourceConnection[] = [];
  const columns = new Map<string, Column>();
  const captions = new Map<string, string>();
  const remoteTypes = new Map<string, string>();
  const record = { name: "", type: "" };
  let repository: string | undefined;
  let column: Column | undefined;
  let hasExtract = false;
  let text = "";

  function open(name: string, attributes: Attributes): void {
    const parent = path.at(-1);
    text = "";
    if (!path.includes("extract")) {
      if (name === "extract") hasExtract = attributes.get("enabled") !== "false";
      if (name === "repository-location" && parent === undefined) repository = attributes.get("id");
      if (name === "connection" && (parent === undefined || parent === "named-connection")) connect(attributes);
      if (name === "column" && parent === undefined) column = addColumn(attributes);
      if (name === "calculation" && parent === "column" && column) column.formula = attributes.get("formula");
    }
    path.push(name);
  }

  function connect(attributes: Attributes): void {
    const type = attributes.get("class") ?? "";
    // The federated connection only holds the others.
    if (type !== "federated" && type !== "") connections.push(connectionOf(type, attributes));
  }

  function addColumn(attributes: Attributes): Column | undefined {
    const name = bare(attributes.get("name") ?? "");
    if (columns.size >= mostFields) return undefined;
    const added: Column = { name, attributes, formula: undefined };
    columns.set(name, added);
    captions.set(name, attributes.get("caption") ?? name);
    return added;
  }

  function close(name: string): void {
    path.pop();
    if (name === "column") column = undefined;
    if (path.at(-1) === "metadata-record") {
      if (name === "local-name") record.name = bare(text);
      if (name === "local-type") record.type = text;
    }
    if (name === "metadata-record" && record.name !== "" && remoteTypes.size < mostFields) {
      remoteTypes.set(record.name, record.type);
      record.name = "";
    }
  }

  function description(): SourceDescription {
    const name = root.get("caption") ?? root.get("formatted-name") ?? root.get("name") ?? "";
    for (const connection of connections) {
      if (connection.type === "sqlproxy") connection.publishedAs = connection.databaseName ?? repository;
    }
    const names = new Set([...remoteTypes.keys(), ...columns.keys()]);
    const fields = [...names].filter(isField).map((one) => fieldOf(one, columns.get(one), remoteTypes.get(one)));
    return { name, connections, fields, hasExtract };
  }

  return {
    internalName: root.get("name") ?? root.get("formatted-name") ?? "",
    captions,
    open,
    close,
    text(piece) {
      if (text.length < 10_000) text += piece;
    },
    description,
    parameters: () => [...columns.values()].map(parameterOf),
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
