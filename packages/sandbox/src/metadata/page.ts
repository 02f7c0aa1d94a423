import * as z from "zod";
import { numberOf } from "./ids.ts";
import type { ListArguments, Order } from "./lists.ts";
import type { Node } from "./nodes.ts";
import { type Notices, queryError } from "./notices.ts";

/** The page of a connection; its nodes are resolved by whoever asks for them. */
export type Page = {
  nodes: readonly Node[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | undefined };
};

const mostOnPage = 1_000;
const usualOnPage = 100;

/** Tableau's cursors are base64 of such JSON: which list, of which site, and where the page ended. */
const cursorSchema = z.object({
  type: z.string(),
  scope: z.string(),
  sortOrderValue: z.object({
    lastId: z.string(),
    lastValue: z.union([z.string(), z.number(), z.boolean()]).optional(),
  }),
});

type Listed = { nodes: readonly Node[]; type: string; siteId: string; order: Order; notices: Notices };

/** Cuts the page that the arguments ask for out of a sorted list. */
export function pageOf({ nodes, type, siteId, order, notices }: Listed, { after, first, offset }: ListArguments): Page {
  if (isSaid(after) && isSaid(offset)) {
    throw queryError(
      "INVALID_ARGUMENT",
      `Can't use "after" and "offset" pagination at the same time. Remove one of the arguments from the query.`,
    );
  }
  if ((first ?? 0) < 0 || (offset ?? 0) < 0) {
    throw queryError("INVALID_ARGUMENT", `"first" and "offset" can't be negative.`); // inferred: the words
  }
  if ((first ?? 0) > mostOnPage) notices.warn("MAX_PAGE_SIZE_EXCEEDED", { maxPageSize: mostOnPage });
  const size = Math.min(first ?? usualOnPage, mostOnPage);
  const scope = `sites/${numberOf(siteId)}`;
  const start = isSaid(after) ? startAfter(nodes, readCursor(after, type, scope), order) : (offset ?? 0);
  const page = nodes.slice(start, start + size);
  const last = page.at(-1);
  return {
    nodes: page,
    totalCount: nodes.length,
    pageInfo: {
      hasNextPage: size > 0 && start + size < nodes.length,
      endCursor:
        last && writeCursor({ type, scope, sortOrderValue: { lastId: last.id, lastValue: order.keyOf(last) } }),
    },
  };
}

/** Where the page goes on, even when what ended the last one is gone meanwhile. */
function startAfter(
  nodes: readonly Node[],
  { lastId, lastValue = lastId }: z.output<typeof cursorSchema>["sortOrderValue"],
  { keyOf, descending }: Order,
): number {
  const at = nodes.findIndex((node) => {
    const value = keyOf(node);
    return value === lastValue ? node.id > lastId : value > lastValue !== descending;
  });
  return at === -1 ? nodes.length : at;
}

function readCursor(written: string, type: string, scope: string): z.output<typeof cursorSchema>["sortOrderValue"] {
  const cursor = cursorSchema.safeParse(parseJson(Buffer.from(written, "base64").toString("utf8")));
  if (!cursor.success || cursor.data.type !== type) {
    throw queryError(
      "INVALID_ARGUMENT",
      "The query contains an invalid cursor. Make sure to use cursors of the same type.",
    );
  }
  if (cursor.data.scope !== scope) {
    throw queryError(
      "INVALID_ARGUMENT",
      "The query contains an invalid cursor. Make sure to use cursors that belong to the same site.",
    );
  }
  return cursor.data.sortOrderValue;
}

function writeCursor(cursor: z.output<typeof cursorSchema>): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An empty cursor begins at the beginning, as none does. */
function isSaid<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined && value !== "";
}
