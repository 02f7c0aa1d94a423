import type { GroupSet } from "../group-sets/model.ts";
import type { Group } from "../groups/model.ts";
import type { User } from "../users/model.ts";

/** What may be allowed or denied, by the names of Tableau's schema (capabilityType). */
export const capabilities = [
  "AddComment",
  "ChangeHierarchy",
  "ChangePermissions",
  "Connect",
  "Delete",
  "Execute",
  "ExportData",
  "ExportImage",
  "ExportXml",
  "ExtractRefresh",
  "Filter",
  "Overwrite",
  "ProjectLeader",
  "PulseMetricDefine",
  "Read",
  "RunExplainData",
  "SaveAs",
  "ShareView",
  "ViewComments",
  "ViewUnderlyingData",
  "VizqlDataApiAccess",
  "WebAuthoring",
  "WebAuthoringForFlows",
  "Write",
] as const;

export type Capability = (typeof capabilities)[number];

export type Mode = "Allow" | "Deny";

export type Grantee =
  | { kind: "user"; user: User }
  | { kind: "group"; group: Group }
  | { kind: "groupSet"; groupSet: GroupSet };

/** What one grantee is allowed and denied on something. */
export type Rule = { grantee: Grantee; modes: Readonly<Partial<Record<Capability, Mode>>> };

/**
 * The rules on something, one per grantee. Never changed in place: thousands of items share one array, and whoever
 * changes a rule makes a new array.
 */
export type Rules = readonly Rule[];

/** An item without rules of its own has what its project has as defaults for its kind. */
export type Permissioned = { permissions?: Rules | undefined };

/** What a project has default permissions for, by the names in the paths of Tableau's REST API. */
export const defaultKinds = [
  "workbooks",
  "datasources",
  "flows",
  "metrics",
  "lenses",
  "dataroles",
  "databases",
  "tables",
  "virtualConnections",
] as const;

export type DefaultKind = (typeof defaultKinds)[number];
