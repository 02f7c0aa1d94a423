import type { Cell, Row } from "write-excel-file/node";
import type { Value } from "../../data/table.ts";
import type { Crosstab } from "./crosstab.ts";

/** Excel itself takes no more columns and rows than these. */
const most = { columns: 16_384, rows: 1_048_576 };

/** The crosstab as an .xlsx file with one sheet of the given name. */
export async function toExcel({ left, above, lines }: Crosstab, name: string): Promise<Buffer> {
  // Loaded with the first crosstab: most sandboxes are never asked for one.
  const { default: writeXlsxFile } = await import("write-excel-file/node");
  const depth = Math.max(1, ...above.map((head) => head.length));
  const heads: Row[] = Array.from({ length: depth }, (_, level) => {
    const captions = left.map((caption) => (level === depth - 1 ? caption : ""));
    return [...captions, ...above.map((head) => head[level] ?? "")].map((value) => ({ value, fontWeight: "bold" }));
  });
  const rows: Row[] = lines.map(({ words, values }) => [...words, ...values.map(cellOf)]);
  const data = [...heads, ...rows].slice(0, most.rows).map((row) => row.slice(0, most.columns));
  return writeXlsxFile(data, {
    sheet: sheetName(name),
    stickyRowsCount: depth,
    columns: [...left, ...above].map((_, index) => ({ width: index < left.length ? 24 : 16 })),
  }).toBuffer();
}

function cellOf(value: Value): Cell {
  if (typeof value !== "number") return value;
  return { value, format: Number.isInteger(value) ? "#,##0" : "#,##0.00" };
}

/** Excel's names have at most 31 characters, and none of these. */
function sheetName(name: string): string {
  const allowed = name
    .replaceAll(/[\\/?*[\]:']/g, " ")
    .trim()
    .slice(0, 31);
  return allowed === "" ? "Sheet" : allowed;
}
