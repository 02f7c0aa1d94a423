import { fail } from "../problem.ts";

/** A piece of a formula. Words are in upper case: Tableau's functions and keywords are in any. */
export type Token =
  | { kind: "number"; value: number; isWhole: boolean }
  | { kind: "string"; value: string }
  | { kind: "date"; value: string }
  | { kind: "name"; name: string }
  | { kind: "word"; word: string }
  | { kind: "symbol"; symbol: string };

/** Longer formulas are refused. */
const longest = 20_000;

const pieces: readonly [RegExp, (match: RegExpExecArray) => Token | undefined][] = [
  [/\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y, () => undefined],
  [
    /(?:\d+(\.\d*)?|(\.\d+))(e[+-]?\d+)?/iy,
    ([written, decimals, bare, exponent]) => ({
      kind: "number",
      value: Number(written),
      isWhole: (decimals ?? bare ?? exponent) === undefined,
    }),
  ],
  [/'((?:[^']|'')*)'/y, ([, value = ""]) => ({ kind: "string", value: value.replaceAll("''", "'") })],
  [/"((?:[^"]|"")*)"/y, ([, value = ""]) => ({ kind: "string", value: value.replaceAll('""', '"') })],
  [/#([^#]*)#/y, ([, value = ""]) => ({ kind: "date", value: value.trim() })],
  [/\[((?:[^\]]|\]\])*)\]/y, ([, name = ""]) => ({ kind: "name", name: name.replaceAll("]]", "]") })],
  [/[a-z_][a-z0-9_]*/iy, ([word]) => ({ kind: "word", word: word.toUpperCase() })],
  [/==|!=|<>|<=|>=|[-+*/%^=<>(){},.:]/y, ([symbol]) => ({ kind: "symbol", symbol })],
];

export function tokensOf(formula: string): Token[] {
  if (formula.length > longest) fail("formula", "The calculation is too long.");
  const tokens: Token[] = [];
  let at = 0;
  while (at < formula.length) {
    const found = pieceAt(formula, at);
    if (found === undefined) fail("formula", `Syntax error: '${formula.slice(at, at + 20)}' is not understood.`);
    if (found.token !== undefined) tokens.push(found.token);
    at = found.end;
  }
  return tokens;
}

function pieceAt(formula: string, at: number): { token: Token | undefined; end: number } | undefined {
  for (const [pattern, make] of pieces) {
    pattern.lastIndex = at;
    const match = pattern.exec(formula);
    if (match !== null) return { token: make(match), end: pattern.lastIndex };
  }
  return undefined;
}
