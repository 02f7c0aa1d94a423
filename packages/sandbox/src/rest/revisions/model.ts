import type { StoredFile } from "../../files/store.ts";
import type { User } from "../users/model.ts";

/** One published state of a workbook, data source or flow; the last in an item's list is the current one. */
export type Revision = {
  number: number;
  publishedAt: number;
  publisher: User;
  /** In bytes: exactly what its download is long. */
  size: number;
  /** What was published; undefined when the seed made it, then its file is made while it is sent. */
  file: StoredFile | undefined;
  /** The extension of the file: `twb`, `twbx`, `tds`, `tdsx`, `hyper`, … */
  fileType: string;
  /** It was removed: still listed, and its file is gone. */
  isDeleted?: true;
};
