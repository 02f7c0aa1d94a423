import * as z from "zod";

/** A query as it was sent. */
export type Query = { query: string; variables: Record<string, unknown>; operationName: string | undefined };

const querySchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/**
 * Reads a query out of a body, which is JSON, or (`application/graphql`) the query itself; clients mix up the media
 * types, and the two can be told apart.
 */
export function readBody(body: string): Query | "not a query" {
  const parsed = parseJson(body);
  if (parsed !== undefined) return readParts(parsed);
  return /^\s*(#|\{\s*[\w.#}]|query\b|fragment\b|mutation\b)/.test(body) ? readParts({ query: body }) : "not a query";
}

/** Reads a query out of an address: `?query=…&variables=…`. */
export function readSearch(search: URLSearchParams): Query | "not a query" {
  const variables = parseJson(search.get("variables") ?? "{}");
  return readParts({ query: search.get("query"), variables, operationName: search.get("operationName") });
}

function readParts(parts: unknown): Query | "not a query" {
  const read = querySchema.safeParse(parts);
  if (!read.success) return "not a query";
  const { query, variables, operationName } = read.data;
  return { query, variables: variables ?? {}, operationName: operationName || undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
