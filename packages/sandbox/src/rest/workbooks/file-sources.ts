import { shapeOf } from "../../data/source.ts";
import type { Field, Parameter } from "../../data/table.ts";
import { type Element, record } from "../../wire/element.ts";
import type { Connection } from "../connections/model.ts";
import { bracketed, columnElement, connectionElement, extractElement, fileVersion } from "../datasources/document.ts";
import type { Datasource } from "../datasources/model.ts";
import type { ShelfField, Worksheet } from "../views/sheet.ts";
import type { EmbeddedDatasource, Workbook } from "./model.ts";
import { functionsByDerivation } from "./sheets-from-file.ts";

/** A data source as the file of a seeded workbook has it. */
export type FileSource = {
  /** How sheets refer to it. */
  name: string;
  caption: string;
  published: Datasource | undefined;
  connections: Connection[];
  hasExtract: boolean;
  fields: ReadonlyMap<string, Field>;
  parameters: ReadonlyMap<string, Parameter>;
};

export type FileSources = ReadonlyMap<object, FileSource>;

/** All data sources that a workbook's sheets draw from, and those that it has besides. */
export function fileSources({ datasources, connections }: Workbook, worksheets: Iterable<Worksheet>): FileSources {
  const sources = new Map<object, FileSource>();
  for (const embedded of datasources) {
    const own = connections.filter((connection) => connection.embedded?.id === embedded.id);
    const published = own.find(({ datasource }) => datasource !== undefined)?.datasource;
    sources.set(
      published ?? embedded,
      published === undefined ? embeddedSource(embedded, own) : publishedSource(published),
    );
  }
  for (const { source } of worksheets) {
    if (source === undefined || sources.has(source)) continue;
    sources.set(source, "contentUrl" in source ? publishedSource(source) : embeddedSource(source, []));
  }
  return sources;
}

function publishedSource(published: Datasource): FileSource {
  const { fields, part, name: caption } = published;
  const shape = shapeOf({ fields, ...(part === undefined ? {} : { part }) });
  return {
    name: `sqlproxy.${published.id.slice(0, 8)}`,
    caption,
    published,
    connections: [],
    hasExtract: false,
    fields: new Map(shape.fields.map((field) => [field.caption, field])),
    parameters: new Map(shape.parameters.map((parameter) => [parameter.caption, parameter])),
  };
}

function embeddedSource(
  { id, name: caption, hasExtract, fields }: EmbeddedDatasource,
  connections: Connection[],
): FileSource {
  const shape = shapeOf({ fields });
  return {
    name: `federated.${id.slice(0, 8)}`,
    caption,
    published: undefined,
    connections,
    hasExtract,
    fields: new Map(shape.fields.map((field) => [field.caption, field])),
    parameters: new Map(),
  };
}

export function sourceElement(source: FileSource, extract: string, siteUrl: string): Element {
  const { name, caption, published, connections, hasExtract, fields } = source;
  const attributes = { caption, inline: "true", name, version: fileVersion.version };
  const columns = [...fields.values()].map(columnElement);
  if (published === undefined) {
    const extracts = hasExtract ? [extractElement(extract)] : [];
    return record("datasource", attributes, [connectionElement(caption, connections), ...columns, ...extracts]);
  }
  const { contentUrl } = published;
  const location = record("repository-location", { id: contentUrl, path: `/t/${siteUrl}/datasources`, site: siteUrl });
  const proxy = {
    class: "sqlproxy",
    channel: "http",
    dbname: contentUrl,
    port: "80",
    server: "localhost",
    username: "",
  };
  return record("datasource", attributes, [location, record("connection", proxy), ...columns]);
}

/** A field where a sheet uses it: its instance, and how shelves refer to that. */
export type Instance = { field: Field; derivation: string; name: string; reference: string };

const derivations = new Map(Array.from(functionsByDerivation, ([derivation, applied]) => [applied, derivation]));

/** How instances begin, e.g. `[sum:Sales:qk]`; what is not here begins with `none`. */
const prefixes: ReadonlyMap<string, string> = new Map([
  ["Avg", "avg"],
  ["Count", "cnt"],
  ["CountD", "ctd"],
  ["Day", "dy"],
  ["Day-Trunc", "tdy"],
  ["Max", "max"],
  ["Median", "med"],
  ["Min", "min"],
  ["Month", "mn"],
  ["Month-Trunc", "tmn"],
  ["Quarter", "qr"],
  ["Quarter-Trunc", "tqr"],
  ["Stdev", "std"],
  ["Sum", "sum"],
  ["User", "usr"],
  ["Var", "var"],
  ["Week", "wk"],
  ["Week-Trunc", "twk"],
  ["Year", "yr"],
  ["Year-Trunc", "tyr"],
]);

/** Undefined for a field that the source does not have. */
export function instanceOf(source: FileSource, used: ShelfField): Instance | undefined {
  const field = source.fields.get(used.caption);
  if (field === undefined) return undefined;
  const isMeasure = field.role === "MEASURE";
  const derivation = derivations.get(used.function ?? "NONE") ?? (isMeasure ? "User" : "None");
  const isContinuous = isMeasure || derivation.endsWith("-Trunc");
  const type = isContinuous ? "qk" : derivation === "None" ? "nk" : "ok";
  const name = bracketed(`${prefixes.get(derivation) ?? "none"}:${field.name}:${type}`);
  return { field, derivation, name, reference: `${bracketed(source.name)}.${name}` };
}
