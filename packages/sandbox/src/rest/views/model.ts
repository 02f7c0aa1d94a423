import type { Permissioned } from "../permissions/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import type { Sheet } from "./sheet.ts";

export type View = Permissioned & {
  id: string;
  name: string;
  viewUrlName: string;
  sheetType: Sheet["kind"];
  sheet: Sheet;
  workbook: Workbook;
  tags: string[];
  totalViewCount: number;
  createdAt: number;
  updatedAt: number;
};
