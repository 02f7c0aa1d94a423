import { readerOf } from "../permissions/effective.ts";
import type { Collection } from "../reading.ts";
import type { Workbook } from "./model.ts";
import { workbookResource } from "./resource.ts";

export const workbooks: Collection<Workbook> = {
  path: "workbooks",
  listed: workbookResource,
  items: (site) => site.workbooks,
  scope: "tableau:content:read",
  role: "anyone",
  notFound: "404006",
  visibleTo: readerOf,
};
