import type { Project } from "../projects/model.ts";
import type { User } from "../users/model.ts";

export type Datasource = {
  id: string;
  number: number;
  name: string;
  contentUrl: string;
  description: string;
  type: string;
  project: Project;
  owner: User;
  tags: string[];
  hasExtracts: boolean;
  isCertified: boolean;
  certificationNote: string;
  size: number;
  createdAt: number;
  updatedAt: number;
};
