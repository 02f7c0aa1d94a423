import type { Route } from "@easel/connector";
import { booleans, containers, numbers, repeated } from "./schema.ts";

/**
 * An answer of the classic REST API with its lists as arrays (`{"projects": {"project": […]}}` and `{"projects": {}}`
 * become `{"projects": […]}` and `{"projects": []}`), and its numbers and booleans typed, by the schema's names.
 * The other APIs type their JSON themselves, and hold names that people gave: their answers stay as they are.
 */
export function normalize(route: Route, body: unknown): unknown {
  return normalizes(route) && isShallow(body, DEEPEST) ? normalizeElement("", body) : body;
}

/** `/api/3.27/…` and `/api/exp/…`; the others stand whole in the route table. */
export function normalizes({ target }: Route): boolean {
  return /^\/api\/(?:\{apiVersion\}|\d{1,2}\.\d{1,3}|exp)\//i.test(target);
}

/** Tableau's answers are ten levels deep at most; what is deeper is none of them, and stays as it is. */
const DEEPEST = 64;

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((held) => isShallow(held, levels - 1));
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function normalizeElement(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => normalizeElement(name, item));
  if (!isObject(value)) return value;
  const inside = repeated.get(name);
  const normal: [string, unknown][] = Object.entries(value).map(([key, held]) => [
    key,
    key === inside?.name ? asArray(normalizeElement(key, held)) : normalizeChild(key, held),
  ]);
  if (inside?.always === true && !Object.hasOwn(value, inside.name)) normal.push([inside.name, []]);
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(normal);
}

function normalizeChild(key: string, value: unknown): unknown {
  if (typeof value === "string") return normalizeText(key, value);
  const item = containers.get(key);
  return item === undefined ? normalizeElement(key, value) : normalizeContainer(item, value);
}

/** A container with more in it than its list stays an object, so that nothing is lost. */
function normalizeContainer(item: string, value: unknown): unknown {
  if (!isObject(value)) return normalizeElement(item, value);
  const keys = Object.keys(value);
  if (keys.length === 0) return [];
  if (keys.length === 1 && keys[0] === item) return asArray(normalizeElement(item, value[item]));
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [
      key,
      key === item ? asArray(normalizeElement(item, held)) : normalizeChild(key, held),
    ]),
  );
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Only what a number or a boolean would be written as again: `007` and integers over 2^53 stay text. */
function normalizeText(key: string, text: string): unknown {
  if (booleans.has(key)) return text === "true" ? true : text === "false" ? false : text;
  if (!numbers.has(key)) return text;
  const number = Number(text);
  const isExact = Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER && String(number) === text;
  return isExact ? number : text;
}
