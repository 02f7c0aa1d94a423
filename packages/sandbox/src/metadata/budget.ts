import { setImmediate as nextTurn } from "node:timers/promises";
import type { Notices } from "./notices.ts";

/** What Tableau answers to one query at most (Metadata API, "Common errors"; tsm `metadata.query.limits.count`). */
export const mostNodes = 20_000;

/** All values in one answer: a node may be asked for the same attribute under a thousand names. */
const mostValues = 2_000_000;

/** How long one query may take, in ms; Tableau's default. */
const longest = 20_000;

/** How long it may keep others waiting, in ms. */
const longestTurn = 30;

export type Budget = ReturnType<typeof openBudget>;

/** What one query may still take. */
export function openBudget(notices: Notices) {
  let nodes = mostNodes;
  let values = mostValues;
  const start = performance.now();
  let turn = start;
  return {
    /** How many of so many nodes may be answered, each with so many values of its own. */
    take(wanted: number, width: number): number {
      if (performance.now() - start > longest) {
        notices.warn("TIME_LIMIT_EXCEEDED", { timeLimit: `PT${longest / 1000}S` });
        return 0;
      }
      const granted = Math.min(wanted, nodes, Math.floor(values / Math.max(1, width)));
      nodes -= granted;
      values -= granted * width;
      if (granted < wanted) notices.warn("NODE_LIMIT_EXCEEDED", { nodeLimit: mostNodes });
      return granted;
    },
    /** A promise to wait for, when it is others' turn. */
    pause(): Promise<void> | undefined {
      if (performance.now() - turn < longestTurn) return undefined;
      return nextTurn().then(() => {
        turn = performance.now();
      });
    },
  };
}
