import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isProblem } from "../problem.ts";
import { type Query, runQuery } from "../query.ts";
import { salesSeed, salesTable } from "../sales.ts";
import type { Value } from "../table.ts";

const now = Date.parse("2025-11-26T09:30:00Z");
const { table } = salesTable(salesSeed("test", now), now);

/** What a formula gives: of constants a value, of rows the first row's. */
function answerTo(calculation: string, more: Partial<Query> = {}): Value {
  const query: Query = {
    fields: [{ fieldCaption: "Row ID" }, { fieldCaption: "x", calculation }],
    rowLimit: 1,
    ...more,
  };
  const answer = runQuery(table, query, now);
  if (isProblem(answer)) return `${answer.cause}: ${answer.message}`;
  return answer.rows[0]?.[1] ?? null;
}

describe("a formula", () => {
  test.each<[string, Value]>([
    ["1 + 2 * 3 ^ 2 - 4 / 8", 18.5],
    ["-(2 + 3) % 3", -2],
    ["'it''s ' + \"here\"", "it's here"],
    ["1 / 0", null],
    ["NOT (1 = 1.0) OR 2 >= 2 AND 'a' <> 'b'", true],
    ["NULL = 1", null],
    ["FALSE AND NULL", false],
    ["5 IN (1, 5) // a comment", true],
    ["IF 1 > 2 THEN 'a' ELSEIF NULL THEN 'b' ELSE 'c' END", "c"],
    ["CASE 'b' WHEN 'a' THEN 1 WHEN 'b' THEN 2.5 END", 2.5],
    ["/* over\nlines */ IIF(ISNULL(NULL), ZN(NULL), 1)", 0],
    ["IFNULL(NULL, 7)", 7],
    ["#2025-03-31# + 1", "2025-04-01"],
    ["#2025-03-31# - #2025-03-01#", 30],
    ["DATEADD('month', 1, #2025-01-31#)", "2025-02-28"],
    ["DATEDIFF('week', #2025-11-22#, #2025-11-23#)", 1],
    ["DATEDIFF('year', #2024-12-31#, #2025-01-01#)", 1],
    ["DATETRUNC('quarter', #2025-11-26#)", "2025-10-01"],
    ["DATEPART('weekday', #2025-11-26#)", 4],
    ["DATENAME('month', #2025-11-26#)", "November"],
    ["DATEPARSE('yyyy-MM-dd', STR(#2025-11-26#))", "2025-11-26T00:00:00"],
    ["MAKEDATE(2024, 2, 29)", "2024-02-29"],
    ["DATE('2025-02-30')", null],
    ["TODAY()", "2025-11-26"],
    ["NOW()", "2025-11-26T09:30:00"],
    ["YEAR(DATE(#2025-11-26 10:00:00#))", 2025],
    ["ROUND(2.345, 2) * 100 + ROUND(-2.5)", 232],
    ["INT(-3.7) + FLOOR(-3.2) + CEILING(-3.7) + ABS(-2)", -8],
    ["INT('12.9') + FLOAT('x')", null],
    ["SQRT(-1)", null],
    ["LEFT('Tableau', 3) + MID('Tableau', 4, 2) + RIGHT('Tableau', 2)", "Tableau"],
    ["UPPER(TRIM('  a ')) + PROPER('big DATA')", "ABig Data"],
    ["SPLIT('a-b-c', '-', -1) + SPLIT('a-b-c', '-', 2)", "cb"],
    ["FIND('banana', 'an', 3)", 4],
    ["REPLACE('aaa', 'a', 'bb')", "bbbbbb"],
    ["CONTAINS('Tableau', 'able') AND STARTSWITH('Tableau', 'Tab')", true],
    ["MIN(3, 2) + MAX(3, 2)", 5],
    ["[Row ID] + [Parameters].[Profit Bin Size]", 201],
    ["[Profit Bin Size]", 200],
  ])("%s", (formula, value) => {
    expect(answerTo(formula)).toEqual(value);
  });

  test.each([
    ["1 +", "Syntax error: the calculation ends too early."],
    ["(1", "Syntax error: ')' is missing."],
    ["1 2", "Syntax error: the calculation goes on after its end."],
    ["SUM [Sales]", "Syntax error: '(' is missing."],
    ["$", "Syntax error: '$' is not understood."],
    ["IF 1 THEN 2 END", "Expected type boolean, found integer."],
    ["IF TRUE THEN 2 ELSE 'a' END", "Expected type integer, found string."],
    ["'a' + 1", "Can't apply '+' to string and integer."],
    ["1 = 'a'", "Can't apply '=' to integer and string."],
    ["UPPER(1)", "UPPER is being called with (integer)."],
    ["NOSUCH(1)", "Unknown function NOSUCH called."],
    ["SUM([Region])", "SUM is being called with (string)."],
    ["SUM(SUM([Sales]))", "The argument is already an aggregation, and cannot be further aggregated."],
    ["[Sales] + SUM([Sales])", "Cannot mix aggregate and non-aggregate arguments with this function."],
    ["DATEADD('moon', 1, TODAY())", "'moon' is not a valid date part."],
  ])("%s is refused", (formula, message) => {
    expect(answerTo(formula)).toBe(`formula: ${message}`);
  });

  test("is refused when it is too long or nests too deeply", () => {
    const nested = `${"(".repeat(200)}1${")".repeat(200)}`;
    expect(answerTo(nested)).toBe("formula: The calculation is nested too deeply.");
    expect(answerTo(`'${"a".repeat(30_000)}'`)).toBe("formula: The calculation is too long.");
  });

  test("of levels of detail looks beyond the groups of the query", () => {
    const share = (calculation: string, dimension = "Region") => {
      const fields = [{ fieldCaption: dimension }, { fieldCaption: "x", calculation }];
      const answer = runQuery(table, { fields }, now);
      return isProblem(answer) ? [] : answer.rows.map(([, value]) => Number(value));
    };
    const all = share("SUM([Sales]) / MIN({SUM([Sales])})");
    expect(all.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    expect(share("MAX({FIXED [Region]: SUM([Sales])}) - SUM([Sales])")).toEqual([0, 0, 0, 0]);
    expect(share("SUM({INCLUDE [City]: SUM([Sales])}) / COUNT([Orders])").every((value) => value > 0)).toBe(true);
    const [east] = share("MAX({EXCLUDE [Region]: SUM([Sales])}) - MIN({SUM([Sales])})");
    expect(east).toBe(0);
  });

  test("never throws and never takes long, whatever is written", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "SUM(",
        "[Sales]",
        "[Region]",
        ")",
        "{FIXED ",
        ":",
        "}",
        "IF ",
        " THEN ",
        " END",
        "CASE ",
        " WHEN ",
      ),
      fc.constantFrom(
        "+",
        "-",
        "/",
        "^",
        "1e308",
        "'a'",
        "#2025-01-01#",
        ",",
        "RUNNING_SUM(",
        "REPLACE(",
        "SPACE(",
        "9999999999",
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const answer = runQuery(table, { fields: [{ fieldCaption: "x", calculation: pieces.join("") }] }, now);
        expect(["answer", "problem"]).toContain(answer.kind);
      }),
    );
  });
});
