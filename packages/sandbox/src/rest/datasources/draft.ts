import type { SourceDescription } from "../../files/contents.ts";
import type { StoredFile } from "../../files/store.ts";
import type { Project } from "../projects/model.ts";
import type { Credentials } from "../publishing/credentials.ts";
import type { User } from "../users/model.ts";

/** A data source that is about to be published: all that is needed, as data that a site can be kept with. */
export type DatasourceDraft = {
  name: string;
  /** What the request leaves out, an overwritten data source keeps. */
  description: string | undefined;
  useRemoteQueryAgent: boolean | undefined;
  isCertified: boolean | undefined;
  certificationNote: string | undefined;
  project: Project;
  publisher: User;
  overwrite: boolean;
  append: boolean;
  file: StoredFile;
  fileType: string;
  /** Undefined for a file of data alone. */
  contents: SourceDescription | undefined;
  credentials: Credentials[];
};
