import type { CatalogTable, Column, ColumnNote } from "./model.ts";

/** A table's columns, in its own order. */
export function columnsOf(table: CatalogTable): Column[] {
  return table.columns.flatMap(({ name, remoteType }) => {
    const note = table.columnNotes.get(name);
    if (note?.isRemoved) return [];
    const { description, tags = [] } = note ?? {};
    return [{ id: columnId(table, name), table, name, remoteType, description, tags }];
  });
}

/** Finds a column of one table, or of any of several, by its id in lower case. */
export function findColumn(tables: Iterable<CatalogTable>, id: string): Column | undefined {
  for (const table of tables) {
    if (!id.startsWith(table.id.slice(0, sharedPart))) continue;
    const column = columnsOf(table).find((one) => one.id === id);
    if (column !== undefined) return column;
  }
  return undefined;
}

/** Changes what people say of a column. */
export function annotate({ table, name }: Column, change: Partial<ColumnNote>): void {
  const note = table.columnNotes.get(name) ?? { description: undefined, tags: [], isRemoved: false };
  table.columnNotes.set(name, { ...note, ...change });
}

/** How much of a column's LUID is its table's: columns are made when they are asked for, and found by that. */
const sharedPart = 28;

/** The same for the same name in the same table, without a list of ids to keep. */
function columnId(table: CatalogTable, name: string): string {
  let hash = 0x811c9dc5; // FNV-1a: the names of one table are few, and 32 bits tell them apart
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return table.id.slice(0, sharedPart) + (hash >>> 0).toString(16).padStart(8, "0");
}
