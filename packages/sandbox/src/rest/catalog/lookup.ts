import { list, record } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, longAttribute, read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { catalogOf } from "./catalog.ts";
import type { CatalogTable, Database } from "./model.ts";

/** Of a data source's XML in base64, in characters. */
const longestDocument = 4_000_000;

const lookupSchema = element({
  databaseAnchor: element({
    datasourceName: attribute.optional(),
    connectionParams: element({ base64xml: longAttribute(longestDocument) }),
  }),
});

export const lookupRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/databaseAndTables/lookup",
    body: "tsRequest",
    jwt: "tableau:databases:read", // inferred
    role: "anyone",
    handle: lookUp,
  },
];

/** Finds the databases that the connections of a data source's XML lead to, with their tables. */
function lookUp(call: SessionCall): Reply | Refusal {
  const request = read(lookupSchema, call.content);
  if (isRefusal(request)) return request;
  const xml = Buffer.from(request.databaseAnchor.connectionParams.base64xml, "base64").toString("utf8");
  const named = attributesIn(xml);
  const { databases, tables } = catalogOf(call.session.site);
  const anchors = databases
    .values()
    .filter((database) => isNamedIn(named, database))
    .map((database) => anchorOf(database, tables.values()))
    .toArray();
  return anchors.length > 0
    ? answer(list("databaseAnchors", "databaseAnchor", anchors))
    : refuse("404032", "No database of the site is behind this connection.");
}

/** inferred: a connection is of a database when it names its server or its file, and its name if it names one. */
function isNamedIn(written: ReadonlyMap<string, string>, database: Database): boolean {
  const place = database.hostName ?? database.filePath ?? database.name;
  const names = [written.get("dbname"), written.get("database"), written.get("filename")].filter((one) => one);
  const isThere = [written.get("server"), ...names].includes(place);
  return isThere && (database.hostName === undefined || names.length === 0 || names.includes(database.name));
}

/** Of one tag, in characters. */
const longestTag = 4_000;

/** The attributes of the first `<connection>` in the XML. */
function attributesIn(xml: string): ReadonlyMap<string, string> {
  const tag = xml.search(/<connection\s/);
  const [written = ""] = tag === -1 ? [] : xml.slice(tag, tag + longestTag).split(">", 1);
  return new Map(
    Array.from(written.matchAll(/([\w-]+)=["']([^"']*)["']/g), ([, name = "", value = ""]) => [name, value]),
  );
}

function anchorOf(database: Database, tables: Iterable<CatalogTable>) {
  const anchors = Array.from(tables)
    .filter((table) => table.database === database)
    .map((table) => record("tableAnchor", { id: table.id, name: table.name, fullName: fullNameOf(table) }));
  return record("databaseAnchor", { id: database.id, connectionName: database.name }, [
    list("tableAnchors", "tableAnchor", anchors),
  ]);
}

/** `[public].[Orders]`. */
export function fullNameOf({ schema, name }: CatalogTable): string {
  return schema === undefined ? `[${name}]` : `[${schema}].[${name}]`;
}
