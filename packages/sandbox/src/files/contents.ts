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

/** A field where a sheet uses it; `derivation` as files write it: `None`, `Sum`, `Avg`, `Year`, `Month-Trunc`, `User`, … */
export type PlacedField = { caption: string; derivation: string };

/** Only rows whose field has one of these values; as far as a file says so by naming them. */
export type PlacedFilter = PlacedField & { values: string[]; isContext: boolean };

/** A sheet on a dashboard; in parts of the dashboard's width and height, 0 to 1. */
export type PlacedSheet = { name: string; x: number; y: number; width: number; height: number };

/** One tab of a workbook. A story is a kind of dashboard in its file and in the Metadata API. */
export type SheetDescription = {
  name: string;
  kind: "worksheet" | "dashboard" | "story";
  isHidden: boolean;
  /** The data sources that a worksheet draws from, by their names in the workbook; the first one first. */
  datasources: string[];
  rows: PlacedField[];
  columns: PlacedField[];
  color: PlacedField | undefined;
  size: PlacedField | undefined;
  text: PlacedField[];
  /** Further fields that split the marks: detail, shape, angle, path, … */
  detail: PlacedField[];
  /** How its marks are drawn: `Automatic`, `Bar`, `Line`, `Area`, `Square`, `Circle`, `Shape`, `Text`, `Pie`, … */
  mark: string;
  filters: PlacedFilter[];
  /** Captions of the filters, and of the parameters, that its viewers see beside it. */
  quickFilters: string[];
  shownParameters: string[];
  /** The first so many values of a field, by another. `count` may be the caption of a parameter. */
  top: { of: PlacedField; by: PlacedField; count: number | string } | undefined;
  sort: { of: PlacedField; by: PlacedField; direction: "ascending" | "descending" } | undefined;
  /** A dashboard's worksheets. */
  zones: PlacedSheet[];
  /** A story's points, and the sheet that each shows. */
  points: { caption: string; name: string }[];
};

export type WorkbookContents = {
  /** In the order of their tabs. */
  sheets: SheetDescription[];
  datasources: SourceDescription[];
  parameters: WorkbookParameter[];
};
