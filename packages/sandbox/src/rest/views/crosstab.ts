import type { Value } from "../../data/table.ts";
import type { SheetAnswer, SheetColumn } from "./answer.ts";
import { captionOf } from "./captions.ts";
import { writeDimension } from "./written.ts";

/** A sheet's numbers as a table of text: words to the left, words above, and a number where they meet. */
export type Crosstab = {
  /** The captions of the words to the left. */
  left: string[];
  /** What stands above each column of numbers, from the top down. */
  above: string[][];
  lines: { words: string[]; values: Value[] }[];
  /** The measure of each column. */
  measures: SheetColumn[];
};

type Placed = SheetColumn & { index: number };

/**
 * Lays a sheet out as Tableau's crosstabs are: dimensions of the columns shelf above, all others to the left, and the
 * measures above where there are several.
 */
export function crosstabOf(answer: SheetAnswer): Crosstab {
  const placed = answer.columns.map((column, index) => ({ ...column, index }));
  const dimensions = placed.filter((column) => !column.isMeasure);
  const measures = placed.filter((column) => column.isMeasure);
  const onColumns = new Set(answer.shelves.columns.map(captionOf));
  const across = dimensions.filter(({ caption }) => onColumns.has(caption));
  const down = dimensions.filter(({ caption }) => !onColumns.has(caption));
  // Words above alone would leave one endless line: then they stand to the left.
  const [above, left] = down.length === 0 ? [[], across] : [across, down];
  return fill(answer.rows, { above, left, measures });
}

function fill(rows: readonly Value[][], shape: { above: Placed[]; left: Placed[]; measures: Placed[] }): Crosstab {
  const { above, left, measures } = shape;
  const heads = new Map<string, string[]>();
  const lines = new Map<string, { words: string[]; cells: Map<string, Value[]> }>();
  for (const row of rows) {
    const head = wordsIn(row, above);
    const words = wordsIn(row, left);
    heads.set(keyOf(head), head);
    const line = lines.get(keyOf(words)) ?? { words, cells: new Map() };
    lines.set(keyOf(words), line);
    line.cells.set(
      keyOf(head),
      measures.map(({ index }) => row[index] ?? null),
    );
  }
  const isNamed = measures.length > 1 || above.length === 0;
  return {
    left: left.map(({ caption }) => caption),
    above: [...heads.values()].flatMap((head) => measures.map(({ caption }) => (isNamed ? [...head, caption] : head))),
    lines: [...lines.values()].map(({ words, cells }) => ({
      words,
      values: [...heads.keys()].flatMap((head) => cells.get(head) ?? measures.map(() => null)),
    })),
    measures: [...heads.values()].flatMap(() => measures),
  };
}

function wordsIn(row: readonly Value[], columns: readonly Placed[]): string[] {
  return columns.map(({ index, field }) => writeDimension(row[index] ?? null, field));
}

function keyOf(words: readonly string[]): string {
  return words.join("\u0000");
}
