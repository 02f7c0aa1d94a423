import { type JsonReply, json } from "../api/route.ts";
import type { QueryAnswer } from "../data/query.ts";
import { refuseVds, type VdsRefusal } from "./errors.ts";

/** More characters than these, estimated, are too large for one answer. inferred: the number. */
const largestAnswer = 32 * 1024 * 1024;

/** Rows in one event of a stream. inferred. */
const rowsInEvent = 1_000;

export type AnswerOptions = {
  returnFormat?: "OBJECTS" | "ARRAYS" | undefined;
  returnServerSentEvents?: boolean | undefined;
};

/** Writes a query's answer: rows as objects by the names of the fields, or as arrays in the order of the fields. */
export function writeAnswer(answer: QueryAnswer, options: AnswerOptions): JsonReply | VdsRefusal {
  const isArrays = options.returnFormat === "ARRAYS";
  if (sizeOf(answer, isArrays) > largestAnswer) {
    return refuseVds("400804", "The response exceeds the limit. Apply a filter, or ask for fewer fields.");
  }
  const names = answer.columns.map(({ name }) => name);
  const data = isArrays
    ? answer.rows
    : answer.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
  if (options.returnServerSentEvents !== true) return json({ data });
  return { kind: "text", status: 200, contentType: "text/event-stream;charset=UTF-8", body: stream(data) };
}

function sizeOf({ columns, rows }: QueryAnswer, isArrays: boolean): number {
  const [first = []] = rows;
  return columns.reduce((size, { name }, index) => {
    const value = String(first[index] ?? "").length + 3;
    return size + rows.length * (value + (isArrays ? 0 : name.length + 3));
  }, 0);
}

/** The events of a stream (the service's OpenAPI description, `SseResultStream`). inferred: how they are written. */
function stream(data: readonly unknown[]): string {
  const event = (name: string, content: unknown): string => `event: ${name}\ndata: ${JSON.stringify(content)}\n\n`;
  const events = [event("METADATA", { rowCount: data.length })];
  for (let first = 0; first < data.length; first += rowsInEvent) {
    events.push(event("DATA", data.slice(first, first + rowsInEvent)));
  }
  return events.join("");
}
