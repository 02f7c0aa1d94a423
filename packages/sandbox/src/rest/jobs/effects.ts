import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import { dataChanged } from "../datasources/data.ts";
import type { DatasourceDraft } from "../datasources/draft.ts";
import { datasourcePublished } from "../datasources/publish.ts";
import { type ExtractsChange, extractsChanged } from "../extracts/extracts.ts";
import { flowEnded, type RunFor } from "../flow-runs/run.ts";
import { type FlowDraft, flowPublished } from "../flows/publish.ts";
import type { ExtractRefreshTask } from "../tasks/model.ts";
import { importUsers, type UsersImported } from "../users/import.ts";
import type { WorkbookDraft } from "../workbooks/draft.ts";
import { workbookPublished } from "../workbooks/publish.ts";
import type { Job } from "./model.ts";
import { refreshEnded, refreshStarted } from "./refresh.ts";

/** When an effect happens: at the job's own moment, which is not later than the clock's. */
export type Moment = { world: World; site: Site; job: Job; at: number };

/** How a job turned out, when that is only known once its effect was tried. */
export type Ending = Partial<Pick<Job, "outcome" | "notes" | "statusNotes">>;

/**
 * Everything that jobs do when they start or end, as data, so that a site can be kept in a file. To add one: its type
 * here, and its function below.
 */
export type Effect =
  | { effect: "refreshStarted" }
  | { effect: "refreshEnded"; task?: ExtractRefreshTask }
  | ({ effect: "flowEnded" } & RunFor)
  | UsersImported
  | { effect: "flowPublished"; draft: FlowDraft }
  | { effect: "workbookPublished"; draft: WorkbookDraft }
  | ({ effect: "extractsChanged" } & ExtractsChange)
  | { effect: "dataChanged" }
  | { effect: "datasourcePublished"; draft: DatasourceDraft };

/** Lets an effect happen. Must not throw and must not wait. */
export function applyEffect(moment: Moment, effect: Effect): Ending | undefined {
  switch (effect.effect) {
    case "refreshStarted":
      refreshStarted(moment);
      return undefined;
    case "refreshEnded":
      refreshEnded(moment, effect.task);
      return undefined;
    case "flowEnded":
      flowEnded(moment, effect);
      return undefined;
    case "extractsChanged":
      extractsChanged(moment, effect);
      return undefined;
    case "dataChanged":
      dataChanged(moment);
      return undefined;
    case "datasourcePublished":
      return datasourcePublished(moment, effect.draft);
    case "flowPublished":
      return flowPublished(moment, effect.draft);
    case "workbookPublished":
      return workbookPublished(moment, effect.draft);
    case "usersImported":
      return importUsers(moment, effect);
  }
}
