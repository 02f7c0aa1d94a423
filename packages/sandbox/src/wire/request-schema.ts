import * as z from "zod";
import { type Refusal, refuse } from "./refusals.ts";

/** Names, descriptions, messages and tokens are shorter, in characters: much of what is written stays on a site. */
const longestAttribute = 32_768;

/** An attribute: XML always has text, JSON clients also send numbers and booleans. */
export const attribute = longAttribute(longestAttribute);

/** One that may be longer than others: a whole document. */
export function longAttribute(most: number) {
  return z.union([z.string().max(most), z.number(), z.boolean()]).transform(String);
}

/** A boolean attribute, in any letter case: clients print Python's True and False. */
export const flag = z
  .union([
    z.boolean(),
    z
      .string()
      .trim()
      .toLowerCase()
      .pipe(z.enum(["true", "false"])),
  ])
  .transform((value) => value === true || value === "true");

/** A child element. In XML an element without attributes or children is read as its text, which is blank. */
export function element<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (typeof value === "string" && value.trim() === "" ? {} : value), z.object(shape));
}

/** An element that may be there several times: one alone is read as an object, not as an array. At most `most`. */
export function repeated<Item extends z.ZodType>(item: Item, most: number) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? (value ?? []) : [value]),
    z.array(item).max(most),
  );
}

/** Checks a request's content; the refusal names the first thing that is wrong. */
export function read<Schema extends z.ZodType>(schema: Schema, content: unknown): z.output<Schema> | Refusal {
  const result = schema.safeParse(withoutNulls(content));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "the payload" : issue.path.join(".");
  return refuse("400000", `Payload is either malformed or incomplete: ${where}: ${issue?.message ?? "not understood"}`);
}

/** Deeper than anything that a request says. */
const deepest = 32;

/** JSON clients also send null for what they leave out (tableau-api-lib does, as it signs in). */
function withoutNulls(content: unknown, depth = 0): unknown {
  if (typeof content !== "object" || content === null || depth > deepest) return content;
  if (Array.isArray(content)) return content.map((one) => withoutNulls(one, depth + 1));
  const given = Object.entries(content).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([key, value]) => [key, withoutNulls(value, depth + 1)]));
}
