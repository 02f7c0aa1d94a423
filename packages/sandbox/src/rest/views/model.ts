import type { Permissioned } from "../permissions/model.ts";
import type { Workbook } from "../workbooks/model.ts";

export type View = Permissioned & {
  id: string;
  name: string;
  viewUrlName: string;
  sheetType: "worksheet" | "dashboard" | "story";
  workbook: Workbook;
  tags: string[];
  totalViewCount: number;
  createdAt: number;
  updatedAt: number;
};
