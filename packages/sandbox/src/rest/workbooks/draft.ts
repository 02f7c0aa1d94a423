import type { WorkbookContents } from "../../files/contents.ts";
import type { StoredFile } from "../../files/store.ts";
import type { Place } from "../publishing/place.ts";

/** A workbook that is about to be published: all that is needed, as data that a site can be kept with. */
export type WorkbookDraft = Place & {
  /** What the request leaves out, an overwritten workbook keeps. */
  description: string | undefined;
  showTabs: boolean | undefined;
  thumbnailsUserId: string | undefined;
  thumbnailsGroupId: string | undefined;
  overwrite: boolean;
  file: StoredFile;
  fileType: string;
  contents: WorkbookContents;
  /** Sheets that the request hides or shows, whatever the file says. */
  hidden: Map<string, boolean>;
};
