/** What is read out of published files. All names are captions: what people see, and what clients filter by. */

/** A field of a data source, as its .tds (or the datasource element of a .twb) describes it. */
export type SourceField = {
  name: string;
  /** `string`, `integer`, `real`, `boolean`, `date`, `datetime`, … as Tableau's files write them. */
  dataType: string;
  role: "dimension" | "measure";
  /** The formula of a calculated field. */
  formula: string | undefined;
  isHidden: boolean;
};

export type WorkbookParameter = { name: string; dataType: string; value: string };

/** A connection as a file writes it, before it is one of the site's. */
export type SourceConnection = {
  type: string;
  serverAddress: string;
  serverPort: number | undefined;
  userName: string;
  authenticationType: string | undefined;
  databaseName: string | undefined;
  /** The content URL of the published data source that it leads to. */
  publishedAs: string | undefined;
};

export type SourceDescription = {
  name: string;
  connections: SourceConnection[];
  fields: SourceField[];
  hasExtract: boolean;
};

/** One tab of a workbook. A story is told by `kind` in its file and shown as a dashboard in the Metadata API. */
export type SheetDescription = {
  name: string;
  kind: "worksheet" | "dashboard" | "story";
  isHidden: boolean;
  /** The data sources that it draws from, by their names in the workbook. */
  datasources: string[];
  /** The captions of the fields on its shelves; a dashboard has none of its own. */
  rows: string[];
  columns: string[];
  /** Further fields in its marks: colour, size, text, … */
  marks: string[];
  /** How its marks are drawn, as the file says: `Automatic`, `Bar`, `Line`, … */
  mark: string;
  /** The worksheets on a dashboard, or the sheets of a story's points. */
  sheets: string[];
};

export type WorkbookContents = {
  sheets: SheetDescription[];
  datasources: SourceDescription[];
  parameters: WorkbookParameter[];
};
