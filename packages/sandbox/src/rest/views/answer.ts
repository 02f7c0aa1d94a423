import { openScope } from "../../data/fields.ts";
import { isProblem, orProblem, type QueryProblem } from "../../data/problem.ts";
import { runQuery } from "../../data/query.ts";
import type { Filter, QueryField } from "../../data/query-types.ts";
import { tableOf } from "../../data/source.ts";
import { fieldOf, type Table, type Value } from "../../data/table.ts";
import type { Site } from "../../site/site.ts";
import type { Asked } from "./asked.ts";
import { captionOf, fieldNamed, isMeasure } from "./captions.ts";
import { fieldsOf, measureNames, measureValues, type ShelfField, type Worksheet } from "./sheet.ts";
import { readValue } from "./written.ts";

/** A column of what a worksheet shows. */
export type SheetColumn = { field: ShelfField; caption: string; isMeasure: boolean };

/** What a worksheet shows: a row for each mark. */
export type SheetAnswer = {
  kind: "answer";
  shelves: Worksheet["shelves"];
  table: Table;
  columns: SheetColumn[];
  rows: Value[][];
};

/** All of a site's sales, for sheets that name no source, and for published ones that use the same captions. */
const allSales = { fields: undefined };

/** The data that a worksheet draws from, as of a moment. */
function tableFor(site: Site, worksheet: Worksheet, now: number): Table {
  const { source } = worksheet;
  const isNamed = source !== undefined && (source.fields === undefined || source.fields.length > 0);
  const table = tableOf(site, isNamed ? source : allSales, now);
  if (!table.unreadable) return table;
  const sales = tableOf(site, allSales, now);
  const isAlike = fieldsOf(worksheet).every(({ caption }) => fieldOf(sales, caption) !== undefined);
  return isAlike ? sales : table;
}

/** Asks the sales table what a worksheet shows, with the filters and parameters that are asked for. */
export function answerSheet(site: Site, worksheet: Worksheet, asked: Asked, now: number): SheetAnswer | QueryProblem {
  const { shelves } = worksheet;
  const table = tableFor(site, worksheet, now);
  const columns = columnsOf(table, worksheet, asked);
  const parameters = parametersOf(table, asked, now);
  const query = {
    fields: columns.map(({ field, isMeasure: measured }) => queryField(worksheet, field, measured)),
    filters: [...filtersOf(table, worksheet, asked), ...topOf(table, worksheet, parameters)],
    parameters,
  };
  if (columns.length === 0) return { kind: "problem", cause: "unreadable", message: "The sheet has no fields." };
  const answer = runQuery(table, query, now);
  return isProblem(answer) ? answer : { kind: "answer", shelves, table, columns, rows: answer.rows };
}

/** The fields of the shelves, each once: dimensions from the outermost in, then measures. */
function columnsOf(table: Table, worksheet: Worksheet, asked: Asked): SheetColumn[] {
  const { shelves } = worksheet;
  const { columns, rows, color, size, text, detail } = shelves;
  const marks = [color, size].filter((field) => field !== undefined);
  const known = new Map<string, SheetColumn>();
  for (const placed of [...columns, ...rows, ...marks, ...text, ...detail]) {
    for (const field of expand(table, worksheet, placed)) {
      const column = { field, caption: captionOf(field), isMeasure: isMeasure(table, field) };
      if (!known.has(column.caption)) known.set(column.caption, column);
    }
  }
  const all = [...known.values()];
  const dimensions = all.filter((column) => !column.isMeasure);
  const measures = all.filter((column) => column.isMeasure);
  const wanted = asked.filters.get(measureNames) ?? [];
  const isByName = isByMeasureNames(shelves, measures.length) && wanted.length > 0;
  return [...dimensions, ...(isByName ? measures.filter(({ caption }) => wanted.includes(caption)) : measures)];
}

/** `Measure Values` are the measures that the sheet's filter of their names lists. */
function expand(table: Table, { shelves }: Worksheet, field: ShelfField): readonly ShelfField[] {
  if (field.caption === measureNames) return [];
  if (field.caption !== measureValues) return [field];
  const listed = shelves.filters.find(({ caption }) => caption === measureNames)?.values ?? [];
  return listed.flatMap((caption) => {
    const stored = fieldOf(table, caption);
    if (stored?.role !== "MEASURE") return [];
    return stored.defaultAggregation === "AGG" ? [{ caption }] : [{ caption, function: stored.defaultAggregation }];
  });
}

/** Tables of several measures have one mark for each of them. */
export function isByMeasureNames({ mark, text }: Worksheet["shelves"], measures: number): boolean {
  const isListed = text.length > 1 || text.some(({ caption }) => caption === measureValues);
  return mark === "textTable" && isListed && measures > 1;
}

function queryField({ shelves }: Worksheet, field: ShelfField, measured: boolean): QueryField {
  const asQuery = { fieldCaption: field.caption, fieldAlias: captionOf(field), function: field.function };
  const { sort } = shelves;
  if (sort === undefined || !measured || captionOf(sort.by) !== captionOf(field)) return asQuery;
  return { ...asQuery, sortPriority: 1, sortDirection: sort.direction === "ascending" ? "ASC" : "DESC" };
}

/** What is asked replaces the sheet's own filter of the same field; what the data does not have is left out. */
function filtersOf(table: Table, { shelves }: Worksheet, asked: Asked): Filter[] {
  const own = shelves.filters
    .filter(({ caption }) => caption !== measureNames)
    .map((filter) => ({ field: filter, values: filter.values, isContext: filter.isContext === true }));
  const wanted = [...asked.filters].flatMap(([name, values]) => {
    const field = fieldNamed(table, name);
    return field === undefined ? [] : [{ field, values, isContext: false }];
  });
  const replaced = new Set(wanted.map(({ field }) => captionOf(field)));
  const left = own.filter(({ field }) => !replaced.has(captionOf(field)));
  return [...left, ...wanted].flatMap(({ field, values, isContext }) =>
    values.length === 0 ? [] : { ...setFilter(table, field, values), context: isContext },
  );
}

function setFilter(table: Table, field: ShelfField, written: readonly string[]): Filter {
  const type = fieldOf(table, field.caption)?.dataType;
  const isDate = type === "DATE" || type === "DATETIME";
  const meant = written.map((value) => readValue(value, field.function, isDate));
  const part = meant[0]?.part ?? field.function;
  const values = meant.filter((one) => (one.part ?? part) === part).map(({ value }) => value);
  return { filterType: "SET", field: { fieldCaption: field.caption, function: part }, values };
}

function topOf(table: Table, { shelves }: Worksheet, parameters: ReadonlyMap<string, Value>): Filter[] {
  const { top } = shelves;
  if (top === undefined) return [];
  const { of, by, count } = top;
  const howMany =
    typeof count === "number"
      ? count
      : Number(parameters.get(count) ?? table.parameters.find(({ caption }) => caption === count)?.value ?? 10);
  const measure = { fieldCaption: by.caption, function: by.function };
  return [{ filterType: "TOP", field: { fieldCaption: of.caption }, howMany, fieldToMeasure: measure }];
}

/** The values asked for, as the parameters' types have them. inferred: what a parameter does not allow is left out. */
function parametersOf(table: Table, { parameters }: Asked, now: number): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const { caption, dataType } of table.parameters) {
    const written = parameters.get(caption);
    if (written === undefined) continue;
    const value = dataType === "STRING" || dataType === "DATE" || dataType === "DATETIME" ? written : typed(written);
    const checked = orProblem(() => openScope(table, { fields: [], parameters: new Map([[caption, value]]) }, now));
    if (!isProblem(checked)) values.set(caption, value);
  }
  return values;
}

function typed(written: string): Value {
  if (/^(true|false)$/i.test(written)) return written.toLowerCase() === "true";
  return written.trim() === "" ? null : Number(written);
}
