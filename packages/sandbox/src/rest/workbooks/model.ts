import type { Project } from "../projects/model.ts";
import type { User } from "../users/model.ts";
import type { View } from "../views/model.ts";

export type Workbook = {
  id: string;
  /** The number in the browser's address of a workbook. */
  number: number;
  name: string;
  contentUrl: string;
  description: string;
  project: Project;
  owner: User;
  tags: string[];
  views: View[];
  showTabs: boolean;
  hasExtracts: boolean;
  /** In MB; its content download is exactly this long. */
  size: number;
  createdAt: number;
  updatedAt: number;
};
