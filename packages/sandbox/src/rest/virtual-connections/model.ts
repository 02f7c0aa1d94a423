import type { Permissioned } from "../permissions/model.ts";
import type { Project } from "../projects/model.ts";
import type { User } from "../users/model.ts";

/** A governed way to a database that several data sources share. */
export type VirtualConnection = Permissioned & {
  id: string;
  /** The number in the browser's address of it. */
  number: number;
  name: string;
  description: string;
  project: Project;
  owner: User;
  tags: string[];
  hasExtracts: boolean;
  isCertified: boolean;
  certificationNote: string;
  connections: SourceConnection[];
  tables: VirtualTable[];
  /** Oldest first, never empty; at most as many as a site keeps. */
  revisions: VirtualConnectionRevision[];
  createdAt: number;
  updatedAt: number;
};

/** A database that it leads to. */
export type SourceConnection = {
  id: string;
  dbClass: string;
  server: string;
  port: number | undefined;
  userName: string;
  database: string | undefined;
};

export type VirtualTable = { id: string; name: string; isCertified: boolean };

/** `content` is the JSON that was published, as text. */
export type VirtualConnectionRevision = { number: number; publishedAt: number; publisher: User; content: string };
