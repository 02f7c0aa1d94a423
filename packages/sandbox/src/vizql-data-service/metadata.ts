import type { Field, Parameter, Table } from "../data/table.ts";

/** What `read-metadata` says of a data source: its fields, and its parameters beside. */
export function metadataOf({ fields, parameters }: Table) {
  return { data: fields.map(fieldMetadata), extraData: { parameters: parameters.map(parameterRecord) } };
}

function fieldMetadata({ caption, name, dataType, role, description, ...field }: Field) {
  const isContinuous = role === "MEASURE" || dataType === "DATE" || dataType === "DATETIME";
  return {
    fieldName: name,
    fieldCaption: caption,
    dataType,
    fieldRole: role,
    fieldType: isContinuous ? "CONTINUOUS" : field.columnClass === "BIN" ? "ORDINAL" : "NOMINAL",
    defaultAggregation: field.defaultAggregation,
    columnClass: field.columnClass,
    ...(field.columnClass === "CALCULATION" && field.formula !== undefined ? { formula: field.formula } : {}),
    // inferred: calculations are of no table, and say so with an empty text.
    logicalTableId: field.table ?? "",
    ...(description === "" ? {} : { description }),
  };
}

function parameterRecord({ caption, name, dataType, value, allowed }: Parameter) {
  const record = { parameterName: name, parameterCaption: caption, dataType, value };
  switch (allowed.kind) {
    case "any":
      return { parameterType: "ANY_VALUE", ...record };
    case "list":
      return { parameterType: "LIST", ...record, members: allowed.members };
    case "range":
      return { parameterType: "QUANTITATIVE_RANGE", ...record, min: allowed.min, max: allowed.max, step: allowed.step };
    case "dates":
      return { parameterType: "QUANTITATIVE_DATE", ...record, minDate: allowed.min, maxDate: allowed.max };
  }
}

/** What `get-datasource-model` says: the logical tables and what relates them. */
export function modelOf({ logicalTables, relationships }: Table) {
  const captionOf = (id: string): string => logicalTables.find((table) => table.id === id)?.caption ?? id;
  return {
    logicalTables: logicalTables.map(({ id, caption }) => ({ logicalTableId: id, caption })),
    logicalTableRelationships: relationships.map(({ from, to, field }) => ({
      fromLogicalTable: { logicalTableId: from },
      toLogicalTable: { logicalTableId: to },
      expression: {
        // Two tables with a field of the same name: the second's is known by its table.
        relationships: [{ operator: "=", fromField: `[${field}]`, toField: `[${field} (${captionOf(to)})]` }],
      },
    })),
  };
}
