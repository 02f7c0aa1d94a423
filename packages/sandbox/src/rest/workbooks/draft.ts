import type { WorkbookContents } from "../../files/contents.ts";
import type { StoredFile } from "../../files/store.ts";
import type { Project } from "../projects/model.ts";
import type { Credentials } from "../publishing/credentials.ts";
import type { User } from "../users/model.ts";

/** A workbook that is about to be published: all that is needed, as data that a site can be kept with. */
export type WorkbookDraft = {
  name: string;
  /** What the request leaves out, an overwritten workbook keeps. */
  description: string | undefined;
  showTabs: boolean | undefined;
  thumbnailsUserId: string | undefined;
  thumbnailsGroupId: string | undefined;
  project: Project;
  publisher: User;
  overwrite: boolean;
  file: StoredFile;
  fileType: string;
  contents: WorkbookContents;
  credentials: Credentials[];
  /** Sheets that the request hides or shows, whatever the file says. */
  hidden: Map<string, boolean>;
};
