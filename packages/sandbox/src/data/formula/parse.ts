import { parseDate } from "../dates.ts";
import { fail } from "../problem.ts";
import type { DataType, Value } from "../table.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** What a part of a formula is of; what is always null is of any. */
export type FormulaType = DataType | "NULL";

/** A formula of Tableau's calculation language, read (Tableau help, "Formatting calculations"). */
export type Formula =
  | { kind: "literal"; value: Value; type: FormulaType }
  /** `[Sales]`, or `[Parameters].[Top Customers]` with its qualifier. */
  | { kind: "name"; name: string; qualifier: string | undefined }
  | { kind: "call"; name: string; parameters: Formula[] }
  | { kind: "binary"; operator: Operator; left: Formula; right: Formula }
  | { kind: "not"; operand: Formula }
  | { kind: "if"; branches: Branch[]; otherwise: Formula }
  | { kind: "case"; item: Formula; branches: Branch[]; otherwise: Formula }
  | { kind: "in"; item: Formula; options: Formula[] }
  | { kind: "level"; level: Level; dimensions: Formula[]; value: Formula };

/** In an IF, `when` is a condition; in a CASE, a value of its item. */
export type Branch = { when: Formula; result: Formula };

export type Operator = "OR" | "AND" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "^";

/** A level of detail: `{FIXED [Region] : SUM([Sales])}`. */
export type Level = "FIXED" | "INCLUDE" | "EXCLUDE";

/** Formulas nested deeper are refused. */
const deepest = 100;

export function parseFormula(written: string): Formula {
  const reader = openReader(tokensOf(written));
  const formula = readExpression(reader);
  if (reader.next() !== undefined) fail("formula", "Syntax error: the calculation goes on after its end.");
  return formula;
}

type Reader = {
  next: () => Token | undefined;
  take: () => Token;
  /** Takes a symbol or a word if it comes next. */
  takes: (written: string) => boolean;
  expects: (written: string) => void;
  /** Counts how deep the work nests. */
  within: <Result>(work: () => Result) => Result;
};

function openReader(tokens: readonly Token[]): Reader {
  let at = 0;
  let depth = 0;
  const isNext = (written: string): boolean => {
    const token = tokens[at];
    if (token?.kind === "symbol") return token.symbol === written;
    return token?.kind === "word" && token.word === written;
  };
  const takes = (written: string): boolean => {
    const is = isNext(written);
    if (is) at++;
    return is;
  };
  return {
    next: () => tokens[at],
    take() {
      const token = tokens[at++];
      return token ?? fail("formula", "Syntax error: the calculation ends too early.");
    },
    takes,
    expects(written) {
      if (!takes(written)) fail("formula", `Syntax error: '${written}' is missing.`);
    },
    within(work) {
      if (++depth > deepest) fail("formula", "The calculation is nested too deeply.");
      const result = work();
      depth--;
      return result;
    },
  };
}

/** What binds loosest first. `NOT` stands between `AND` and the comparisons. */
const levels: readonly (readonly [written: string, operator: Operator][])[] = [
  [["OR", "OR"]],
  [["AND", "AND"]],
  [
    ["=", "="],
    ["==", "="],
    ["<>", "<>"],
    ["!=", "<>"],
    ["<=", "<="],
    [">=", ">="],
    ["<", "<"],
    [">", ">"],
  ],
  [
    ["+", "+"],
    ["-", "-"],
  ],
  [
    ["*", "*"],
    ["/", "/"],
    ["%", "%"],
  ],
];

const comparison = 2;

function readExpression(reader: Reader): Formula {
  return reader.within(() => readLevel(reader, 0));
}

function readLevel(reader: Reader, level: number): Formula {
  const operators = levels[level];
  if (operators === undefined) return readPower(reader);
  if (level === comparison && reader.takes("NOT")) {
    return { kind: "not", operand: reader.within(() => readLevel(reader, comparison)) };
  }
  let left = readLevel(reader, level + 1);
  if (level === comparison && reader.takes("IN")) return readOptions(reader, left);
  for (;;) {
    const found = operators.find(([written]) => reader.takes(written));
    if (found === undefined) return left;
    left = { kind: "binary", operator: found[1], left, right: readLevel(reader, level + 1) };
  }
}

function readPower(reader: Reader): Formula {
  if (reader.takes("-")) {
    const zero: Formula = { kind: "literal", value: 0, type: "INTEGER" };
    return { kind: "binary", operator: "-", left: zero, right: reader.within(() => readPower(reader)) };
  }
  if (reader.takes("+")) return reader.within(() => readPower(reader));
  const base = readPrimary(reader);
  if (!reader.takes("^")) return base;
  return { kind: "binary", operator: "^", left: base, right: reader.within(() => readPower(reader)) };
}

/** `[Region] IN ('East', 'West')`: true when it equals one of them. */
function readOptions(reader: Reader, item: Formula): Formula {
  reader.expects("(");
  const options = readList(reader, ")");
  if (options.length === 0) fail("formula", "Syntax error: IN needs values.");
  return { kind: "in", item, options };
}

function readPrimary(reader: Reader): Formula {
  const token = reader.take();
  switch (token.kind) {
    case "number":
      return { kind: "literal", value: token.value, type: token.isWhole ? "INTEGER" : "REAL" };
    case "string":
      return { kind: "literal", value: token.value, type: "STRING" };
    case "date":
      return readDate(token.value);
    case "name":
      return readName(reader, token.name);
    case "word":
      return readWord(reader, token.word);
    case "symbol":
      return readBracketed(reader, token.symbol);
  }
}

function readDate(written: string): Formula {
  if (parseDate(written) === undefined) fail("formula", `'#${written}#' is no date.`);
  const hasTime = written.length > 10;
  return { kind: "literal", value: written.replace(" ", "T"), type: hasTime ? "DATETIME" : "DATE" };
}

function readName(reader: Reader, first: string): Formula {
  if (!reader.takes(".")) return { kind: "name", name: first, qualifier: undefined };
  const token = reader.take();
  if (token.kind !== "name") fail("formula", "Syntax error: a name is missing after '.'.");
  return { kind: "name", name: token.name, qualifier: first };
}

function readWord(reader: Reader, word: string): Formula {
  switch (word) {
    case "TRUE":
    case "FALSE":
      return { kind: "literal", value: word === "TRUE", type: "BOOLEAN" };
    case "NULL":
      return { kind: "literal", value: null, type: "NULL" };
    case "IF":
      return readIf(reader);
    case "CASE":
      return readCase(reader);
    default:
      reader.expects("(");
      return { kind: "call", name: word, parameters: readList(reader, ")") };
  }
}

function readBracketed(reader: Reader, symbol: string): Formula {
  if (symbol === "{") return readLevelOfDetail(reader);
  if (symbol !== "(") fail("formula", `Syntax error: '${symbol}' is not expected here.`);
  const inside = readExpression(reader);
  reader.expects(")");
  return inside;
}

function readList(reader: Reader, end: string): Formula[] {
  const items: Formula[] = [];
  if (reader.takes(end)) return items;
  do items.push(readExpression(reader));
  while (reader.takes(","));
  reader.expects(end);
  return items;
}

function readIf(reader: Reader): Formula {
  const branches: Branch[] = [];
  do branches.push(readBranch(reader));
  while (reader.takes("ELSEIF"));
  return { kind: "if", branches, otherwise: readElse(reader) };
}

function readCase(reader: Reader): Formula {
  const item = readExpression(reader);
  const branches: Branch[] = [];
  while (reader.takes("WHEN")) branches.push(readBranch(reader));
  if (branches.length === 0) fail("formula", "Syntax error: CASE needs a WHEN.");
  return { kind: "case", item, branches, otherwise: readElse(reader) };
}

function readBranch(reader: Reader): Branch {
  const when = readExpression(reader);
  reader.expects("THEN");
  return { when, result: readExpression(reader) };
}

function readElse(reader: Reader): Formula {
  const otherwise: Formula = reader.takes("ELSE")
    ? readExpression(reader)
    : { kind: "literal", value: null, type: "NULL" };
  reader.expects("END");
  return otherwise;
}

function readLevelOfDetail(reader: Reader): Formula {
  const level = (["FIXED", "INCLUDE", "EXCLUDE"] as const).find((word) => reader.takes(word));
  const dimensions: Formula[] = [];
  if (level !== undefined && !reader.takes(":")) {
    do dimensions.push(readExpression(reader));
    while (reader.takes(","));
    reader.expects(":");
  }
  const value = readExpression(reader);
  reader.expects("}");
  return { kind: "level", level: level ?? "FIXED", dimensions, value };
}
