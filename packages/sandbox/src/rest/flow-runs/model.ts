import type { Flow } from "../flows/model.ts";
import type { Job } from "../jobs/model.ts";
import type { User } from "../users/model.ts";

/** One run of a flow. How far it is is its job's state. */
export type FlowRun = {
  id: string;
  flow: Flow;
  job: Job;
  startedBy: User | undefined;
  parameters: ParameterRun[];
};

/** What a run was given for a parameter. */
export type ParameterRun = { parameterId: string; name: string; description: string; overrideValue: string };
