import type { SourceDescription } from "../../files/contents.ts";
import type { StoredFile } from "../../files/store.ts";
import type { Place } from "../publishing/place.ts";

/** A data source that is about to be published: all that is needed, as data that a site can be kept with. */
export type DatasourceDraft = Place & {
  /** What the request leaves out, an overwritten data source keeps. */
  description: string | undefined;
  useRemoteQueryAgent: boolean | undefined;
  isCertified: boolean | undefined;
  certificationNote: string | undefined;
  overwrite: boolean;
  append: boolean;
  file: StoredFile;
  fileType: string;
  /** Undefined for a file of data alone. */
  contents: SourceDescription | undefined;
};
