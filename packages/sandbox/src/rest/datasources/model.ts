import type { SalesPart } from "../../data/source.ts";
import type { SourceField } from "../../files/contents.ts";
import type { Connection } from "../connections/model.ts";
import type { Permissioned } from "../permissions/model.ts";
import type { Project } from "../projects/model.ts";
import type { Revision } from "../revisions/model.ts";
import type { User } from "../users/model.ts";

export type Datasource = Permissioned & {
  id: string;
  number: number;
  name: string;
  contentUrl: string;
  description: string;
  /** The type of its first connection, or of its file when it has none (`hyper`). */
  type: string;
  project: Project;
  owner: User;
  tags: string[];
  connections: Connection[];
  /** What its published file says it holds; undefined for the seed's, whose fields are those of the sales table. */
  fields: readonly SourceField[] | undefined;
  /** Which part of the sales table a data source of the seed holds; all of it when there is none. */
  part?: SalesPart;
  hasExtracts: boolean;
  encryptExtracts: boolean;
  useRemoteQueryAgent: boolean;
  isCertified: boolean;
  certificationNote: string;
  /** In MB, rounded, at least 1; what its content download is long in bytes is the current revision's `size`. */
  size: number;
  /** Oldest first, never empty. */
  revisions: Revision[];
  /** Jobs that change its data by the RequestIDs of the calls that started them, so that one is started once. */
  dataRequests?: Map<string, string>;
  createdAt: number;
  updatedAt: number;
};
