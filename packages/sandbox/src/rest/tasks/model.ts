import type { Datasource } from "../datasources/model.ts";
import type { Flow, OutputStep } from "../flows/model.ts";
import type { Schedule } from "../schedules/model.ts";
import type { Workbook } from "../workbooks/model.ts";

/** What an extract refresh task refreshes. */
export type RefreshTarget = { type: "workbook"; item: Workbook } | { type: "datasource"; item: Datasource };

/** Refreshes an extract whenever its schedule says. */
export type ExtractRefreshTask = {
  id: string;
  target: RefreshTarget;
  refreshType: "FullRefresh" | "IncrementalRefresh";
  priority: number;
  consecutiveFailedCount: number;
  schedule: Schedule;
};

/** Runs a flow whenever its schedule says. */
export type FlowTask = {
  id: string;
  flow: Flow;
  /** Those that are run; none means all. */
  outputSteps: OutputStep[];
  parameters: { parameterId: string; overrideValue: string }[];
  priority: number;
  consecutiveFailedCount: number;
  schedule: Schedule;
};

/** Runs flows one after another. */
export type LinkedTask = { id: string; schedule: Schedule; steps: LinkedTaskStep[] };

export type LinkedTaskStep = { id: string; stopDownstreamTasksOnFailure: boolean; task: FlowTask };
