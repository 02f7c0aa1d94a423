import type { Datasource } from "../datasources/model.ts";
import type { Flow } from "../flows/model.ts";
import type { Subscription } from "../subscriptions/model.ts";
import type { RefreshTarget } from "../tasks/model.ts";
import type { User } from "../users/model.ts";
import type { Effect } from "./effects.ts";

/** What a job does; how Tableau calls it in either shape is in kinds.ts. */
export type JobKind =
  | "broadcastPost"
  | "createExtracts"
  | "createUsers"
  | "decryptExtracts"
  | "deleteExtracts"
  | "deleteUsers"
  | "emptyRecycleBin"
  | "encryptExtracts"
  | "groupSync"
  | "incrementalRefresh"
  | "linkedTask"
  | "publishDatasource"
  | "publishFlow"
  | "publishWorkbook"
  | "reencryptExtracts"
  | "refresh"
  | "runFlow"
  | "subscription"
  | "thumbnails"
  | "updateUploadedFile";

/** What a job works on, where it works on one thing. */
export type JobTarget =
  | RefreshTarget
  | { type: "flow"; item: Flow; runId: string }
  | { type: "subscription"; item: Subscription }
  | { type: "upload"; item: Datasource; connectionId: string };

/** What a job counted (the schema's statusNoteType), e.g. `CountOfUsersProcessed`. */
export type StatusNote = { type: string; value: string; text: string };

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
  /** What it has to say, once it has ended. */
  notes: string;
  statusNotes: StatusNote[];
  target: JobTarget | undefined;
  /** Who asked for it; they may read it without being an administrator. */
  startedBy: User | undefined;
  /** What happens when it starts and when it ends; taken away once it has happened. */
  onStart: Effect | undefined;
  onEnd: Effect | undefined;
};
