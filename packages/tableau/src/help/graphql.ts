import type { ListResult, PageRequest, PageResult } from "@easel/connector/help";
import { z } from "zod";
import { problem } from "../problems.ts";
import { memberOf } from "./members.ts";

const query = z.looseObject({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

/** A variable of the query's own, which says after what the next page begins. */
const CURSOR = /\$after\s*:\s*String\b/;

/**
 * The list of a query of the Metadata API. Where it pages is for the query to say: one connection in it passes on the
 * variable `$after`, and asks for its `nodes` and `pageInfo { hasNextPage endCursor }`.
 */
export function connectionOf(path: string, body: string | null): ListResult {
  const asked = query.safeParse(parsed(body ?? ""));
  if (!asked.success || !CURSOR.test(asked.data.query)) {
    return { kind: "refused", problem: problem("tableau_query_unpaged") };
  }
  const { data } = asked;
  const first: PageRequest = { path, body: JSON.stringify(data) };
  const after = (cursor: string): PageRequest => ({
    path,
    body: JSON.stringify({ ...data, variables: { ...data.variables, after: cursor } }),
  });
  const read = (_asked: PageRequest, answer: unknown): PageResult | null => readConnection(answer, after);
  return { kind: "list", list: { first, read, endsBefore: () => false } };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Errors may stand beside a part of the data (reference §4.3): such a page is not whole. */
function readConnection(answer: unknown, after: (cursor: string) => PageRequest): PageResult | null {
  const errors = memberOf(answer, "errors");
  if (Array.isArray(errors) && errors.length > 0) {
    const message = memberOf(errors[0], "message");
    const reason = typeof message === "string" && message !== "" ? message.slice(0, 1000) : "it says no more";
    return { kind: "failed", problem: problem("tableau_query_failed", { reason }) };
  }
  const [connection, another] = connectionsIn(memberOf(answer, "data"), DEEPEST);
  const items = memberOf(connection, "nodes");
  if (another !== undefined || !Array.isArray(items)) return null;
  const page = memberOf(connection, "pageInfo");
  const hasNext = memberOf(page, "hasNextPage");
  const cursor = memberOf(page, "endCursor");
  if (hasNext === false) return { kind: "page", items, next: null, pages: null };
  if (hasNext === true && typeof cursor === "string") return { kind: "page", items, next: after(cursor), pages: null };
  // The query does not ask for one of the two, so that nobody knows whether this is all.
  return { kind: "failed", problem: problem("tableau_query_unpaged") };
}

/** A connection stands near the root; what its nodes hold is not looked at. */
const DEEPEST = 4;

function connectionsIn(value: unknown, levels: number): readonly unknown[] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || levels === 0) return [];
  if (memberOf(value, "pageInfo") !== undefined) return [value];
  return Object.values(value).flatMap((held) => connectionsIn(held, levels - 1));
}
