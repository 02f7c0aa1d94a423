import { type SalesPart, shapeOf } from "../../data/source.ts";
import type { Field, LogicalTable } from "../../data/table.ts";
import type { SourceField } from "../../files/contents.ts";
import type { Datasource } from "../datasources/model.ts";

/** A field of a published or an embedded data source, as Catalog knows it. */
export type CatalogField = Pick<
  Field,
  "caption" | "name" | "role" | "columnClass" | "description" | "table" | "formula"
> & {
  dataType: string;
  aggregation: string;
  isHidden: boolean;
};

export type SourceFields = { fields: readonly CatalogField[]; tables: readonly LogicalTable[] };

/** The fields of a published data source: those that its file lists, or its part of the seed's sales table. */
export function fieldsOfDatasource({ fields, part }: Datasource): SourceFields {
  if (fields !== undefined) return fieldsOfFile(fields);
  return remembered(part ?? wholeTable, () => {
    const shape = shapeOf({ fields, ...(part === undefined ? {} : { part }) });
    const known = shape.fields.map((field) => ({ ...field, aggregation: field.defaultAggregation, isHidden: false }));
    return { fields: known, tables: shape.logicalTables };
  });
}

const wholeTable: SalesPart = {};

/** The fields that a published file lists. It does not say which table each is of. */
export function fieldsOfFile(fields: readonly SourceField[]): SourceFields {
  return remembered(fields, () => ({ fields: fields.map(fromFile), tables: [] }));
}

function fromFile({ name, dataType, role, formula, isHidden }: SourceField): CatalogField {
  return {
    caption: name,
    name,
    dataType: dataType.toUpperCase(),
    role: role === "measure" ? "MEASURE" : "DIMENSION",
    aggregation: role === "measure" ? "SUM" : "COUNT",
    columnClass: formula === undefined ? "COLUMN" : "CALCULATION",
    description: "",
    table: undefined,
    ...(formula === undefined ? {} : { formula }),
    isHidden,
  };
}

/** Fields of the same list are the same list, so that what is known of them can be kept beside them. */
const known = new WeakMap<object, SourceFields>();

function remembered(list: object, make: () => SourceFields): SourceFields {
  const found = known.get(list) ?? make();
  known.set(list, found);
  return found;
}
