import { shapeOf } from "../../data/source.ts";
import type { Field, Parameter } from "../../data/table.ts";
import { type Element, record } from "../../wire/element.ts";
import { writeElement } from "../../wire/xml.ts";
import type { Connection } from "../connections/model.ts";
import type { Datasource } from "./model.ts";

/** What files of this Tableau say of themselves. */
export const fileVersion = {
  "source-build": "2025.3.0 (20253.25.1125.1030)",
  "source-platform": "linux",
  version: "18.1",
};

/** The .tds of a data source that the seed made: what can be published again and is read as the same. */
export function datasourceDocument(
  { name, connections, part, fields, hasExtracts }: Datasource,
  extract: string,
): string {
  const shape = shapeOf({ fields, ...(part === undefined ? {} : { part }) });
  const children = [
    connectionElement(name, connections),
    ...shape.fields.map(columnElement),
    ...(hasExtracts ? [extractElement(extract)] : []),
  ];
  return document(record("datasource", { "formatted-name": name, inline: "true", ...fileVersion }, children));
}

export function document(root: Element): string {
  return `<?xml version='1.0' encoding='utf-8' ?>\n${writeElement(root)}\n`;
}

/** How a data source reaches its data: each connection by a name, all of them in one. */
export function connectionElement(name: string, connections: readonly Connection[]): Element {
  const named = connections.map((connection) => {
    const { id, type, serverAddress, serverPort, userName, authenticationType, databaseName } = connection;
    const attributes = {
      class: type,
      server: serverAddress,
      port: serverPort?.toString(),
      dbname: databaseName ?? name,
      username: userName,
      authentication: authenticationType,
    };
    const key = `${type}.${id.slice(0, 8)}`;
    return record("named-connection", { caption: serverAddress || name, name: key }, [
      record("connection", attributes),
    ]);
  });
  return record("connection", { class: "federated" }, [record("named-connections", {}, named)]);
}

export function columnElement({ caption, name, dataType, role, formula }: Field): Element {
  const type = role === "MEASURE" ? "quantitative" : dataType.startsWith("DATE") ? "ordinal" : "nominal";
  const calculation = formula === undefined ? [] : [record("calculation", { class: "tableau", formula })];
  return record(
    "column",
    {
      caption: caption === name ? undefined : caption,
      datatype: dataType.toLowerCase(),
      name: bracketed(name),
      role: role.toLowerCase(),
      type,
    },
    calculation,
  );
}

export function extractElement(path: string): Element {
  const connection = record("connection", { class: "hyper", dbname: path, schema: "Extract", tablename: "Extract" });
  return record("extract", { count: "-1", enabled: "true", units: "records" }, [connection]);
}

export function parametersElement(parameters: readonly Parameter[]): Element {
  const columns = parameters.map(({ caption, name, dataType, value }) => {
    const written = dataType === "STRING" ? `"${value}"` : dataType === "DATE" ? `#${value}#` : String(value);
    return record("column", {
      caption,
      datatype: dataType.toLowerCase(),
      name: bracketed(name),
      "param-domain-type": "any",
      role: "measure",
      type: "quantitative",
      value: written,
    });
  });
  return record(
    "datasource",
    { hasconnection: "false", inline: "true", name: "Parameters", version: fileVersion.version },
    columns,
  );
}

/** A name as files write it; a bracket within is written twice. */
export function bracketed(name: string): string {
  return `[${name.replaceAll("]", "]]")}]`;
}
