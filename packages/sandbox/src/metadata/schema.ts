import { buildSchema, type GraphQLSchema } from "graphql";
import { interfaceDescriptions } from "./interfaces.ts";
import { countable, filterable, searchable, sortable } from "./selecting.ts";
import { lineageTypes, typeDescriptions } from "./types.ts";

/** One type or interface as described, with what it has from its interfaces. */
type Described = {
  name: string;
  isInterface: boolean;
  /** Its interfaces, and theirs. */
  interfaces: readonly string[];
  /** GraphQL of its attributes, by their names. */
  attributes: ReadonlyMap<string, string>;
  /** The types of its lists, by their names. */
  lists: ReadonlyMap<string, { type: string; isOwn: boolean }>;
};

let built: GraphQLSchema | undefined;

/** The schema of the Metadata API; it takes a moment, so it is made when somebody first asks. */
export function metadataSchema(): GraphQLSchema {
  built ??= buildSchema(schemaText());
  return built;
}

/** `publishedDatasources` for `PublishedDatasource`: what the root calls the list of a type. */
export function rootName(type: string): string {
  return plural(type).replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase());
}

/** The types that the root lists, by the names of the lists. */
export const rootTypes: ReadonlyMap<string, string> = new Map(
  describedTypes()
    .filter(({ name }) => name !== "InheritedStringResult" && name !== "Node")
    .map(({ name }) => [rootName(name), name]),
);

function schemaText(): string {
  const types = describedTypes();
  const root = types
    .filter(({ name }) => rootTypes.has(rootName(name)))
    .map(({ name }) => listFields(rootName(name), name, false));
  return [
    fixedTypes,
    `type Query {\n${root.join("\n")}\n}`,
    ...types.map(writeType),
    ...types.filter(({ name }) => name !== "InheritedStringResult").flatMap(writeInputs),
  ].join("\n");
}

/** What has no pattern: scalars, and enumerations of what attributes say. */
const fixedTypes = `
scalar DateTime
enum ExtractType { INCREMENTAL FULL }
enum FieldDataType { INTEGER REAL STRING DATETIME DATE TUPLE SPATIAL BOOLEAN TABLE UNKNOWN }
enum FieldRole { DIMENSION MEASURE UNKNOWN }
enum FieldRoleCategory { QUANTITATIVE NOMINAL ORDINAL UNKNOWN }
enum InheritanceType { FIRST }
enum OrderDirection { ASC DESC }
enum PermissionMode { OBFUSCATE_RESULTS FILTER_RESULTS }
enum RemoteType {
  EMPTY NULL I2 I4 R4 R8 CY DATE BSTR IDISPATCH ERROR BOOL VARIANT IUNKNOWN DECIMAL UI1 ARRAY BYREF I1 UI2 UI4 I8 UI8
  GUID VECTOR FILETIME RESERVED BYTES STR WSTR NUMERIC UDT DBDATE DBTIME DBTIMESTAMP HCHAPTER PROPVARIANT VARNUMERIC
  WDC_INT WDC_FLOAT WDC_STRING WDC_DATETIME WDC_BOOL WDC_DATE WDC_GEOMETRY
}
enum TableType { DATABASETABLE DATAMODEL DATALAKE CALCULATEDINSIGHT }
type PageInfo { hasNextPage: Boolean! endCursor: String }
`;

function writeType({ name, isInterface, interfaces, attributes, lists }: Described): string {
  const implemented = interfaces.length === 0 ? "" : ` implements ${interfaces.join(" & ")}`;
  const listed = Array.from(lists, ([list, { type, isOwn }]) => listFields(list, type, isOwn));
  const fields = [...attributes.values(), ...listed];
  return `${isInterface ? "interface" : "type"} ${name}${implemented} {\n${fields.join("\n")}\n}`;
}

/** A list and its paged form. What a type holds is never null; what is found along the lineage may be. */
function listFields(list: string, type: string, isOwn: boolean): string {
  const selecting = `filter: ${type}_Filter, orderBy: ${type}SortOrder, permissionMode: PermissionMode = OBFUSCATE_RESULTS`;
  const mark = isOwn ? "!" : "";
  return `${list}(${selecting}): [${type}${mark}]${mark}
${list}Connection(after: String, first: Int, offset: Int, ${selecting}): ${plural(type)}Connection${mark}`;
}

/** What goes with each type: its pages, its filter and its sort order. */
function writeInputs({ name, attributes, lists }: Described): string[] {
  const filters = Array.from(attributes.keys()).filter((attribute) => filterable.has(attribute));
  const filterFields = filters.map((attribute) => {
    const [, type = "String"] = /: (\w+)!?$/.exec(attributes.get(attribute) ?? "") ?? [];
    return `${attribute}: ${type}\n${attribute}Within: [${type}]`;
  });
  const orders = [
    ...filters,
    ...Array.from(attributes.keys()).filter((attribute) => sortable.has(attribute)),
    ...Array.from(lists.keys())
      .filter((list) => countable.has(list))
      .map((list) => `${list}Count`),
  ];
  return [
    `input ${name}_Filter {\n${filterFields.join("\n")}\n${searchable.has(name) ? "text: String" : ""}\n}`,
    `enum ${name}OrderField {\n${orders.map(constantCase).join("\n")}\n}`,
    `input ${name}SortOrder { field: ${name}OrderField! direction: OrderDirection! }`,
    `type ${plural(name)}Connection { nodes: [${name}!]! pageInfo: PageInfo! totalCount: Int! }`,
  ];
}

/** `projectName` → `PROJECT_NAME`. */
export function constantCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function plural(type: string): string {
  return type === "CanHaveLabels" ? "CanHaveLabelses" : `${type}s`;
}

function describedTypes(): readonly Described[] {
  const described = new Map<string, Described>();
  for (const block of [interfaceDescriptions, typeDescriptions].flatMap((text) => text.trim().split("\n\n"))) {
    const [head = "", ...lines] = block.split("\n");
    const [, kind, name = "", parents = ""] = /^(interface|type) (\w+)(?: : (.+))?$/.exec(head) ?? [];
    const direct = parents.split(" ").flatMap((parent) => described.get(parent) ?? []);
    const interfaces = new Set(direct.flatMap((parent) => [...parent.interfaces, parent.name]));
    const attributes = new Map(direct.flatMap((parent) => Array.from(parent.attributes)));
    const lists = new Map(direct.flatMap((parent) => Array.from(parent.lists)));
    for (const line of lines) readLine(line.trim(), attributes, lists);
    described.set(name, { name, isInterface: kind === "interface", interfaces: [...interfaces], attributes, lists });
  }
  return [...described.values()];
}

function readLine(
  line: string,
  attributes: Map<string, string>,
  lists: Map<string, { type: string; isOwn: boolean }>,
): void {
  const [, mark, names = ""] = /^([*~]) (.+)$/.exec(line) ?? [];
  if (mark === undefined) {
    attributes.set(/^\w+/.exec(line)?.[0] ?? line, line);
  } else if (mark === "*") {
    const [list = "", type = ""] = names.split(": ");
    lists.set(list, { type, isOwn: true });
  } else {
    for (const named of names.split(" ")) {
      const [list = "", type = lineageTypeOf(list)] = named.split(":");
      lists.set(list, { type, isOwn: false });
    }
  }
}

function lineageTypeOf(list: string): string {
  const type =
    lineageTypes[list.replace(/^(upstream|downstream)/, "")] ?? (list.endsWith("heets") ? "Sheet" : undefined);
  if (type === undefined) throw new Error(`The Metadata API's list ${list} has no type.`);
  return type;
}
