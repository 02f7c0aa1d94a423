import type { SourceField } from "../files/contents.ts";
import type { Site } from "../site/site.ts";
import { salesTable } from "./sales.ts";
import {
  allFields,
  parameterFields,
  salesFields,
  salesParameters,
  salesRelationships,
  salesTables,
} from "./sales-fields.ts";
import { type DataType, type Field, pickRows, type Table, type Value } from "./table.ts";

/** A part of the sales table under names of its own; plain data, chosen when a data source is made. */
export type SalesPart = {
  /** What its table is called, where it is one of its own in another database; it then holds all of the fields. */
  table?: string;
  /** Only rows whose field, by its caption in the sales table, has one of these values. */
  where?: { caption: string; values: readonly Value[] };
  /** Only these fields of all that there are, each with its caption here; without it, what the sales table shows. */
  fields?: readonly (readonly [caption: string, here: string])[];
};

/** What a data source must have for its data to be known: a published file's fields, or a part of the sales table. */
export type Source = { fields: readonly SourceField[] | undefined; part?: SalesPart };

/** Derived tables kept, newest use last; more than this and the oldest are made anew when asked for. */
const mostKept = 64;

const kept = new Map<string, Table>();

/**
 * The data of a data source as of a moment: orders come in day by day. A published file's fields are known and its rows
 * are not (`unreadable`): the sandbox does not read .hyper.
 */
export function tableOf(site: Pick<Site, "sales">, { fields, part }: Source, now: number): Table {
  if (fields !== undefined) return withoutRows(fields);
  const sales = salesTable(site.sales, now);
  if (part === undefined) return sales.table;
  const key = JSON.stringify([sales.key, part]);
  const table = kept.get(key) ?? derive(sales.table, part);
  kept.delete(key);
  kept.set(key, table);
  const oldest = kept.keys().next();
  if (kept.size > mostKept && !oldest.done) kept.delete(oldest.value);
  return table;
}

/** A data source's fields, tables and parameters without its rows: the same on every day, and made at once. */
export function shapeOf({ fields, part }: Source): Table {
  if (fields !== undefined) return withoutRows(fields);
  return part === undefined ? shapeOfSales : rename(shapeOfSales, part);
}

const shapeOfSales: Table = {
  fields: salesFields,
  parameters: salesParameters,
  logicalTables: salesTables,
  relationships: salesRelationships,
  columns: new Map(),
  rowCount: 0,
  unreadable: true,
};

function derive(sales: Table, part: SalesPart): Table {
  const named = rename(sales, part);
  const { where } = part;
  return where === undefined ? named : pickRows(named, rowsWith(sales, where.caption, where.values));
}

function rowsWith(table: Table, caption: string, values: readonly Value[]): number[] {
  const wanted = new Set(values);
  const rows: number[] = [];
  for (const [row, value] of (table.columns.get(caption) ?? []).entries()) if (wanted.has(value)) rows.push(row);
  return rows;
}

/** Keeps the named fields. A formula follows its fields to their new names. */
function rename(table: Table, { table: ownCaption, fields: named }: SalesPart): Table {
  const names = named === undefined ? ownNames : new Map(named);
  const [main] = table.logicalTables;
  const fields = allFields.flatMap((field) => {
    const caption = names.get(field.caption);
    if (caption === undefined) return [];
    const formula = field.formula?.replaceAll(/\[([^\]]+)\]/g, (_, named) => `[${names.get(named) ?? named}]`);
    const name = field.columnClass === "COLUMN" ? caption : field.name;
    const home = field.table === undefined || ownCaption === undefined ? field.table : main?.id;
    return [{ ...field, caption, name, table: home, ...(formula === undefined ? {} : { formula }) }];
  });
  const columns = new Map<string, readonly Value[]>();
  for (const [caption, values] of table.columns) {
    const here = names.get(caption);
    if (here !== undefined) columns.set(here, values);
  }
  const parameters = table.parameters.filter((one) => names.has(parameterFields[one.caption] ?? ""));
  return { ...table, fields, parameters, columns, ...modelOf(table, fields, ownCaption) };
}

const ownNames: ReadonlyMap<string, string> = new Map(salesFields.map(({ caption }) => [caption, caption]));

/** The logical tables that are left when only these fields are, and what relates them. */
function modelOf(table: Table, fields: readonly Field[], caption: string | undefined) {
  const logicalTables = table.logicalTables
    .filter(({ id }) => fields.some((field) => field.table === id))
    .map((one) => (caption === undefined ? one : { ...one, caption }));
  const isLeft = (id: string): boolean => logicalTables.some((one) => one.id === id);
  return { logicalTables, relationships: table.relationships.filter(({ from, to }) => isLeft(from) && isLeft(to)) };
}

function withoutRows(published: readonly SourceField[]): Table {
  const id = "Extract"; // inferred: what Tableau calls the table of an extract
  const fields = published.filter(({ isHidden }) => !isHidden).map((field) => fieldOf(field, id));
  return {
    fields,
    parameters: [],
    logicalTables: [{ id, caption: id }],
    relationships: [],
    columns: new Map(fields.filter(({ formula }) => formula === undefined).map(({ caption }) => [caption, []])),
    rowCount: 0,
    unreadable: true,
  };
}

function fieldOf({ name, dataType, role, formula }: SourceField, table: string): Field {
  const isMeasure = role === "measure";
  return {
    caption: name,
    name,
    dataType: dataTypes.get(dataType.toLowerCase()) ?? "STRING",
    role: isMeasure ? "MEASURE" : "DIMENSION",
    defaultAggregation: isMeasure ? "SUM" : dataType.startsWith("date") ? "YEAR" : "COUNT",
    description: "",
    ...(formula === undefined
      ? { columnClass: "COLUMN", table }
      : { columnClass: "CALCULATION", table: undefined, formula }),
  };
}

/** How Tableau's files write data types. */
const dataTypes: ReadonlyMap<string, DataType> = new Map([
  ["string", "STRING"],
  ["integer", "INTEGER"],
  ["real", "REAL"],
  ["boolean", "BOOLEAN"],
  ["date", "DATE"],
  ["datetime", "DATETIME"],
]);
