import type { limitChangesSchema, limitsSchema } from "@easel/api/limits";
import type { z } from "zod";
import type { Rate } from "./bucket.ts";

export type Limited = "project" | "user" | "site";

export interface Limit {
  /** Calls under way at a time. */
  readonly atOnce: number;
  /** Null: as many as come. */
  readonly rate: Rate | null;
}

/** What a project lets its calls take, in each process. */
export type Limits = Readonly<Record<Limited, Limit>>;

/** What a project has changed; what is not in it is the default. */
export type LimitChanges = z.output<typeof limitChangesSchema>;

/**
 * Far above what an honest product does, and below what would harm others: one user cannot take all the slots of a
 * server, and one site not all that a project has. How many calls a minute are too many is Tableau's to say: it has
 * limits of its own, so Easel has none until the project sets one.
 */
const DEFAULTS: Limits = {
  project: { atOnce: 4096, rate: null },
  user: { atOnce: 512, rate: null },
  site: { atOnce: 1024, rate: null },
};

/** The limits that hold, from what the project has changed. */
export function limitsFrom(changed: LimitChanges): Limits {
  const of = (which: Limited): Limit => {
    const { atOnce, perMinute } = changed[which] ?? {};
    return {
      atOnce: atOnce ?? DEFAULTS[which].atOnce,
      rate: perMinute == null ? DEFAULTS[which].rate : { perMinute },
    };
  };
  return { project: of("project"), user: of("user"), site: of("site") };
}

export function limitsShape(limits: Limits): z.output<typeof limitsSchema> {
  const of = ({ atOnce, rate }: Limit) => ({ atOnce, perMinute: rate?.perMinute ?? null });
  return { project: of(limits.project), user: of(limits.user), site: of(limits.site) };
}
