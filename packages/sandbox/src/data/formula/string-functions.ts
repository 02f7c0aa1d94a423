import { number, scalar, text } from "./describe.ts";
import type { ScalarFunction } from "./functions.ts";

/** Text that functions make is cut here, so that no formula can fill the memory. */
const longest = 32_767;

export function bounded(made: string): string {
  return made.length > longest ? made.slice(0, longest) : made;
}

/**
 * Functions of text (Tableau help, "String Functions"). Those with regular expressions are left out: an expression from
 * a client can take for ever.
 */
export const stringFunctions: readonly ScalarFunction[] = [
  scalar("CONTAINS", "STRING, STRING -> BOOLEAN", ([within, part]) => text(within).includes(text(part))),
  scalar("STARTSWITH", "STRING, STRING -> BOOLEAN", ([within, part]) =>
    text(within).trimStart().startsWith(text(part)),
  ),
  scalar("ENDSWITH", "STRING, STRING -> BOOLEAN", ([within, part]) => text(within).trimEnd().endsWith(text(part))),
  scalar(
    "FIND",
    ["STRING, STRING -> INTEGER", "STRING, STRING, INTEGER -> INTEGER"],
    ([within, part, from = 1]) => text(within).indexOf(text(part), number(from) - 1) + 1,
  ),
  scalar("LEFT", "STRING, INTEGER -> STRING", ([value, count]) => text(value).slice(0, Math.max(0, number(count)))),
  scalar("RIGHT", "STRING, INTEGER -> STRING", ([value, count]) =>
    number(count) <= 0 ? "" : text(value).slice(-number(count)),
  ),
  scalar("MID", ["STRING, INTEGER -> STRING", "STRING, INTEGER, INTEGER -> STRING"], ([value, from, count]) => {
    const start = Math.max(0, number(from) - 1);
    return text(value).slice(start, count === undefined ? undefined : start + Math.max(0, number(count)));
  }),
  scalar("LEN", "STRING -> INTEGER", ([value]) => text(value).length),
  scalar("LOWER", "STRING -> STRING", ([value]) => text(value).toLowerCase()),
  scalar("UPPER", "STRING -> STRING", ([value]) => text(value).toUpperCase()),
  scalar("PROPER", "STRING -> STRING", ([value]) =>
    text(value).replaceAll(/[\p{L}\p{N}]+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()),
  ),
  scalar("TRIM", "STRING -> STRING", ([value]) => text(value).trim()),
  scalar("LTRIM", "STRING -> STRING", ([value]) => text(value).trimStart()),
  scalar("RTRIM", "STRING -> STRING", ([value]) => text(value).trimEnd()),
  scalar("REPLACE", "STRING, STRING, STRING -> STRING", ([value, part, by]) =>
    bounded(text(part) === "" ? text(value) : text(value).split(text(part)).slice(0, longest).join(text(by))),
  ),
  scalar("SPLIT", "STRING, STRING, INTEGER -> STRING", ([value, by, which]) => {
    const parts = text(value).split(text(by));
    return parts.at(number(which) > 0 ? number(which) - 1 : number(which)) ?? "";
  }),
  scalar("SPACE", "INTEGER -> STRING", ([count]) => " ".repeat(Math.max(0, Math.min(longest, number(count))))),
  scalar("ASCII", "STRING -> INTEGER", ([value]) => text(value).codePointAt(0) ?? 0),
  scalar("CHAR", "INTEGER -> STRING", ([code]) => {
    const isCode = Number.isInteger(code) && number(code) >= 0 && number(code) <= 0x10ffff;
    return isCode ? String.fromCodePoint(number(code)) : null;
  }),
  scalar("STR", ["STRING -> STRING", "REAL -> STRING", "BOOLEAN -> STRING", "DATETIME -> STRING"], ([value]) =>
    typeof value === "boolean" ? String(Number(value)) : text(value),
  ),
];
