import type { QueryProblem } from "../../data/problem.ts";
import type { Site } from "../../site/site.ts";
import { answerSheet, isByMeasureNames, type SheetAnswer, type SheetColumn } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { placeOf } from "./captions.ts";
import type { View } from "./model.ts";
import { worksheetsOf } from "./sheet.ts";
import { writeDimension, writeMeasure } from "./written.ts";

/**
 * Which worksheet's data a view gives: its own, and of a dashboard that of the sheet whose name is first in the alphabet
 * (server-client-python issue 870).
 */
export function answerView(site: Site, view: View, asked: Asked, now: number): SheetAnswer | QueryProblem {
  const sheets = worksheetsOf(view.sheet, view.name);
  const [first] = [...sheets.keys()].toSorted();
  const worksheet = sheets.get(first ?? "");
  if (worksheet !== undefined) return answerSheet(site, worksheet, asked, now);
  return { kind: "problem", cause: "unreadable", message: "The view has no sheet." };
}

/** A view's data as Tableau downloads it: CSV, a header of captions and a line for each mark. */
export function toCsv(answer: SheetAnswer): string {
  const columns = inPlace(answer);
  const measures = columns.filter((column) => column.isMeasure);
  const isByName = isByMeasureNames(answer.shelves, measures.length);
  const lines = isByName ? linesByName(answer, columns, measures) : linesOfMarks(answer, columns);
  return `${lines.map((line) => line.map(quote).join(",")).join("\n")}\n`;
}

type Placed = SheetColumn & { index: number };

/** Dimensions, then measures, each in the order of their places. */
function inPlace({ table, columns }: SheetAnswer): Placed[] {
  const placed = columns.map((column, index) => ({ ...column, index, place: placeOf(table, column.field) }));
  return placed.toSorted(
    (one, other) => Number(one.isMeasure) - Number(other.isMeasure) || (one.place < other.place ? -1 : 1),
  );
}

function linesOfMarks({ rows }: SheetAnswer, columns: readonly Placed[]): string[][] {
  return [columns.map(({ caption }) => caption), ...rows.map((row) => columns.map((column) => written(row, column)))];
}

/** One mark for each measure of each row, as public examples of such tables have them. */
function linesByName({ rows }: SheetAnswer, columns: readonly Placed[], measures: readonly Placed[]): string[][] {
  const words = columns.filter((column) => !column.isMeasure);
  const header = ["Measure Names", ...words.map(({ caption }) => caption), "Measure Values"];
  const marks = rows.flatMap((row) =>
    measures.map((measure) => [measure.caption, ...words.map((word) => written(row, word)), written(row, measure)]),
  );
  return [header, ...marks];
}

function written(row: SheetAnswer["rows"][number], { index, isMeasure, field }: Placed): string {
  const value = row[index] ?? null;
  return isMeasure ? writeMeasure(value) : writeDimension(value, field);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
