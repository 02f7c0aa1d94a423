import type { Connection } from "../connections/model.ts";
import type { Permissioned } from "../permissions/model.ts";
import type { Project } from "../projects/model.ts";
import type { Revision } from "../revisions/model.ts";
import type { User } from "../users/model.ts";

/** A flow of Tableau Prep: it reads from its connections, and its output steps write what came of it. */
export type Flow = Permissioned & {
  id: string;
  /** The number in the browser's address of a flow. */
  number: number;
  name: string;
  description: string;
  fileType: "tfl" | "tflx";
  project: Project;
  owner: User;
  tags: string[];
  connections: Connection[];
  outputSteps: OutputStep[];
  parameters: FlowParameter[];
  /** Its published states, oldest first, never empty. */
  revisions: Revision[];
  /** In MB, rounded, at least 1. */
  size: number;
  createdAt: number;
  updatedAt: number;
};

export type OutputStep = { id: string; name: string };

/** What whoever runs a flow may set; what they can choose from is its domain. */
export type FlowParameter = {
  id: string;
  name: string;
  type: "String" | "Integer" | "Date" | "Boolean";
  description: string;
  value: string;
  isRequired: boolean;
  domain:
    | { kind: "any" }
    | { kind: "list"; values: readonly string[] }
    | { kind: "range"; least: string; most: string };
};
