import type { Datasource } from "../datasources/model.ts";
import type { Workbook } from "../workbooks/model.ts";

export type JobKind =
  | "refresh"
  | "flow"
  | "subscription"
  | "thumbnails"
  | "publishWorkbook"
  | "publishDatasource"
  | "users";

/** A job is its schedule: its status at any moment follows from the sandbox's clock, see jobs.ts. */
export type Job = {
  id: string;
  kind: JobKind;
  title: string;
  subtitle: string;
  priority: number;
  createdAt: number;
  startsAt: number;
  endsAt: number;
  outcome: "Success" | "Failed" | "Cancelled";
  notes: string;
  target: Workbook | Datasource | undefined;
};
