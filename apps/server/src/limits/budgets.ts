import type { Connector, Route } from "@easel/connector";
import type { Budget } from "@easel/connector/budgets";
import type { Credential } from "../credentials/credentials.ts";
import type { DatabaseAccess } from "../database/database.ts";
import type { EventInput } from "../events/events.ts";
import { addUse, type CountedUse, listUse } from "./store.ts";

/**
 * How much of its provider's budgets each project has used, over all processes. Each counts in memory and adds to the
 * database now and then: it is right to within `FLUSH_EVERY_MS`, and no call waits for it. Nothing is refused: the
 * provider knows what others use of the same site, and Easel does not.
 */
export interface Budgets {
  /** Where one credential's requests are counted. */
  tallies(projectId: string, credential: Pick<Credential, "serverUrl" | "site" | "tableauUserId">): Tallies;
  /** What is used of the windows that are not over, the most first. */
  list(projectId: string): Promise<{ uses: BudgetUse[]; isCut: boolean }>;
  /** Adds what is counted to the database. */
  flush(): Promise<void>;
}

export interface Tallies {
  count(route: Route): void;
  /** How long a request that Easel makes of itself should wait, in milliseconds; 0: not at all. */
  paceMs(route: Route): number;
}

export interface BudgetUse extends CountedUse {
  readonly title: string;
  /** Null where the server has none, or none is known. */
  readonly limit: number | null;
  readonly isNear: boolean;
}

export const FLUSH_EVERY_MS = 15_000;
/** Windows kept while the database is away; what comes beyond them is not counted. */
const HELD = 50_000;
const BATCH = 500;
/** Listed at most. */
const LISTED = 500;
/** So much of a budget used means that it is nearly used up. */
const NEAR = 0.8;
/** Helpers wait no longer than this between two of their requests. */
const LONGEST_PACE_MS = 2000;

/** One credential's use of one budget in the window that it is. */
interface Tally {
  readonly budget: Budget;
  readonly of: Omit<CountedUse, "budget" | "windowStart" | "windowEnd" | "used">;
  windowStart: number;
  /** Not yet in the database. */
  pending: number;
  /** By everyone, as the database said last. */
  known: number;
}

export function createBudgets(parts: {
  database: DatabaseAccess;
  connector: Connector;
  /** A server's edition; undefined where it is not known. */
  edition: (serverUrl: string) => "cloud" | "server" | undefined;
  clock: () => number;
}): Budgets {
  const { database, connector, edition, clock } = parts;
  const byId = new Map(connector.budgets.map((budget) => [budget.id, budget]));
  /** Those with something pending. */
  let dirty: Tally[] = [];
  /** What has to be added, by what it is: a database that is away gets it later. */
  const held = new Map<string, CountedUse>();
  let flushing: Promise<void> | null = null;

  const limitOf = (budget: Budget, serverUrl: string): number | null => {
    const where = edition(serverUrl);
    return where !== undefined && budget.editions.includes(where) ? budget.limit : null;
  };

  const hold = (tally: Tally): void => {
    if (tally.pending === 0) return;
    const { budget, windowStart } = tally;
    const { projectId, serverUrl, site, tableauUserId } = tally.of;
    const key = JSON.stringify([projectId, serverUrl, site, budget.id, tableauUserId, windowStart]);
    const before = held.get(key);
    if (before !== undefined || held.size < HELD) {
      held.set(key, {
        ...tally.of,
        budget: budget.id,
        windowStart: new Date(windowStart),
        windowEnd: new Date(windowStart + budget.windowMs),
        used: (before?.used ?? 0) + tally.pending,
      });
    }
    tally.pending = 0;
  };

  const count = (tally: Tally, now: number): void => {
    if (now >= tally.windowStart + tally.budget.windowMs) {
      hold(tally);
      tally.windowStart = windowStart(tally.budget, now);
      tally.known = 0;
    }
    if (tally.pending === 0) dirty.push(tally);
    tally.pending += 1;
  };

  /** One process adds what crosses the line, and tells. */
  const nearEvent = (use: CountedUse, sum: number): EventInput[] => {
    const budget = byId.get(use.budget);
    const limit = budget === undefined ? null : limitOf(budget, use.serverUrl);
    if (budget === undefined || limit === null || !isNear(sum, limit) || isNear(sum - use.used, limit)) return [];
    const { projectId, serverUrl, site } = use;
    const where = site === "" ? "the default site" : `the site ${site}`;
    const whose = use.tableauUserId === "" ? where : `${where}, by the Tableau user ${use.tableauUserId}`;
    const until = `${use.windowEnd.toISOString().slice(0, 16).replace("T", " ")} UTC`;
    const reason = {
      code: "budget_near",
      message: `${budget.title} on ${whose}: ${sum} of the ${limit} that Tableau allows until ${until}.`,
      action: "Send fewer of these calls until then: those beyond it Tableau answers with 429.",
    };
    return [{ kind: "budget_near", projectId, serverUrl, site, budget: budget.id, reason }];
  };

  const writeHeld = async (tallies: readonly Tally[]): Promise<void> => {
    const byProject = Map.groupBy(held, ([, use]) => use.projectId);
    const sums = new Map<string, number>();
    for (const [projectId, entries] of byProject) {
      for (let at = 0; at < entries.length; at += BATCH) {
        const batch = entries.slice(at, at + BATCH);
        const known = await addUse(
          database,
          projectId,
          batch.map(([, use]) => use),
          (sums) => batch.flatMap(([, use], index) => nearEvent(use, sums[index] ?? 0)),
        );
        batch.forEach(([key], index) => {
          held.delete(key);
          sums.set(key, known[index] ?? 0);
        });
      }
    }
    for (const tally of tallies) {
      const { projectId, serverUrl, site, tableauUserId } = tally.of;
      const key = JSON.stringify([projectId, serverUrl, site, tally.budget.id, tableauUserId, tally.windowStart]);
      tally.known = sums.get(key) ?? tally.known;
    }
  };

  const flush = async (): Promise<void> => {
    // What is counted while a flush is under way may have missed it.
    await flushing?.catch(() => {});
    flushing ??= (async () => {
      const tallies = dirty;
      dirty = [];
      for (const tally of tallies) hold(tally);
      await writeHeld(tallies);
    })().finally(() => {
      flushing = null;
    });
    await flushing;
  };

  const isNear = (used: number, limit: number | null): boolean => limit !== null && used >= limit * NEAR;

  return {
    tallies: (projectId, credential) => {
      const { serverUrl, site, tableauUserId } = credential;
      const tallies = new Map<Budget, Tally>();
      const tallyOf = (budget: Budget): Tally => {
        const of = { projectId, serverUrl, site, tableauUserId: budget.per === "user" ? tableauUserId : "" };
        const made = { budget, of, windowStart: windowStart(budget, clock()), pending: 0, known: 0 };
        tallies.set(budget, made);
        return made;
      };
      return {
        count: (route) => {
          const now = clock();
          for (const budget of connector.budgetsOf(route)) count(tallies.get(budget) ?? tallyOf(budget), now);
        },
        paceMs: (route) => {
          const now = clock();
          let longest = 0;
          for (const budget of connector.budgetsOf(route)) {
            const tally = tallies.get(budget);
            const limit = limitOf(budget, serverUrl);
            if (tally === undefined || limit === null) continue;
            const used = tally.known + tally.pending;
            const leftMs = tally.windowStart + budget.windowMs - now;
            if (leftMs <= 0 || !isNear(used, limit)) continue;
            // What is left, spread over what is left of the time.
            longest = Math.max(longest, Math.min(LONGEST_PACE_MS, leftMs / Math.max(1, limit - used)));
          }
          return longest;
        },
      };
    },
    list: async (projectId) => {
      await flush();
      const found = await listUse(database, projectId, new Date(clock()), LISTED + 1);
      const uses = found.slice(0, LISTED).map((use) => {
        const budget = byId.get(use.budget);
        const limit = budget === undefined ? null : limitOf(budget, use.serverUrl);
        return { ...use, title: budget?.title ?? use.budget, limit, isNear: isNear(use.used, limit) };
      });
      return { uses, isCut: found.length > LISTED };
    },
    flush,
  };
}

function windowStart({ windowMs }: Budget, now: number): number {
  return now - (now % windowMs);
}
