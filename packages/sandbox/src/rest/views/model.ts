import type { Workbook } from "../workbooks/model.ts";

export type View = {
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
