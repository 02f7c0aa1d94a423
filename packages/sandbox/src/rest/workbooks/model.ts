import type { SourceField, WorkbookParameter } from "../../files/contents.ts";
import type { Connection } from "../connections/model.ts";
import type { Permissioned } from "../permissions/model.ts";
import type { Project } from "../projects/model.ts";
import type { Revision } from "../revisions/model.ts";
import type { User } from "../users/model.ts";
import type { View } from "../views/model.ts";
import type { Acceleration, FreshnessPolicy } from "./freshness.ts";

export type Workbook = Permissioned & {
  id: string;
  /** The number in the browser's address of a workbook. */
  number: number;
  name: string;
  contentUrl: string;
  description: string;
  project: Project;
  owner: User;
  tags: string[];
  /** What it shows, in the order of its tabs; hidden sheets are none. */
  views: View[];
  /** All of its connections; those to published data sources name them. */
  connections: Connection[];
  /** The data sources inside of it. */
  datasources: EmbeddedDatasource[];
  parameters: readonly WorkbookParameter[];
  showTabs: boolean;
  hasExtracts: boolean;
  encryptExtracts: boolean;
  /** In MB, rounded, at least 1; what its content download is long in bytes is the current revision's `size`. */
  size: number;
  /** Oldest first, never empty. */
  revisions: Revision[];
  /** The user or group for whom thumbnails are drawn, as the publisher asked. */
  thumbnailsUserId: string | undefined;
  thumbnailsGroupId: string | undefined;
  /** What was set, if anything was. */
  freshness?: FreshnessPolicy;
  acceleration?: Acceleration;
  createdAt: number;
  updatedAt: number;
};

/** A data source inside of a workbook. One that leads to a published data source has its connection name it. */
export type EmbeddedDatasource = {
  id: string;
  name: string;
  hasExtract: boolean;
  /** Empty when it leads to a published data source: the fields are that one's. */
  fields: readonly SourceField[];
};
