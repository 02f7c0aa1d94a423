import type { Site } from "../site/site.ts";
import type { Found } from "./found.ts";
import { type OrderMethod, type SearchRequest, wordsOf } from "./request.ts";
import { usageOf } from "./usage.ts";

/**
 * What a search finds, in its order: as asked for, or by relevance. inferred: what relevance is: titles count more than
 * other words, whole words more than their beginnings, and of equals the one that is used more comes first.
 */
export function ranked(found: readonly Found[], { terms, matches, order }: SearchRequest, site: Site): Found[] {
  const counts = order.map(({ method, descending }) => ({ count: countOf(method, site), turn: descending ? -1 : 1 }));
  const scored = found
    .filter(matches)
    .map((one) => ({ one, score: scoreOf(one, terms) }))
    .filter(({ score }) => terms.length === 0 || score > 0)
    .map(({ one, score }) => ({
      one,
      keys: [...counts.map(({ count, turn }) => turn * count(one)), -score, -usageOf(site, one.used).total],
    }));
  scored.sort((first, second) => {
    for (const [index, key] of first.keys.entries()) {
      const difference = key - (second.keys[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return first.one.luid < second.one.luid ? -1 : 1;
  });
  return scored.map(({ one }) => one);
}

function scoreOf({ words }: Found, terms: readonly string[]): number {
  const text = words.join("\n").toLowerCase();
  if (!terms.some((term) => text.includes(term))) return 0; // most of a large site, and splitting takes long
  const [title = "", ...others] = words;
  const inTitle = wordsOf(title);
  const elsewhere = others.flatMap(wordsOf);
  const whole = terms.join(" ") === inTitle.join(" ") ? 10 : 0;
  return terms.reduce((score, term) => score + 4 * matchIn(inTitle, term) + matchIn(elsewhere, term), whole);
}

/** 2 for the word, 1 for its beginning. */
function matchIn(words: readonly string[], term: string): number {
  if (words.includes(term)) return 2;
  return words.some((word) => word.startsWith(term)) ? 1 : 0;
}

function countOf(method: OrderMethod, site: Site): (found: Found) => number {
  if (method === "downstreamWorkbookCount") return ({ downstreamWorkbooks }) => downstreamWorkbooks();
  const span = spans[method];
  return ({ used }) => usageOf(site, used)[span];
}

const spans = {
  hitsTotal: "total",
  hitsSmallSpanTotal: "lastOneMonth",
  hitsMediumSpanTotal: "lastThreeMonths",
  hitsLargeSpanTotal: "lastTwelveMonths",
} as const;
