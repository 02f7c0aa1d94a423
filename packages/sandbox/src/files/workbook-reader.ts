import type { SheetDescription, WorkbookContents } from "./contents.ts";
import { keyOf } from "./placed-fields.ts";
import { type Attributes, bare, openSourceReader, type SourceReader } from "./source-reader.ts";
import { emptySheet, openWorksheetReader, type WorksheetReader } from "./worksheet-reader.ts";
import { readXml, type XmlEvents } from "./xml-events.ts";

/** More than any workbook has; what comes after is not read. */
const mostSheets = 1_000;
const mostSources = 500;

export type ReadWorkbook = { kind: "workbook"; contents: WorkbookContents } | { kind: "fault"; fault: string };
export type ReadSource = { kind: "source"; source: SourceReader } | { kind: "fault"; fault: string };

type Reading = {
  sources: SourceReader[];
  worksheets: Map<string, WorksheetReader>;
  boards: SheetDescription[];
  windows: Map<string, Window>;
};

/** A tab as the file's `windows` have it: their order is that of the tabs, and they know what is hidden. */
type Window = { isHidden: boolean; filters: string[]; parameters: string[] };

/** Reads a .twb. */
export async function readWorkbook(bytes: AsyncIterable<Buffer>): Promise<ReadWorkbook> {
  const reading: Reading = { sources: [], worksheets: new Map(), boards: [], windows: new Map() };
  const roots: string[] = [];
  const fault = await readXml(bytes, workbookEvents(reading, roots));
  if (fault !== undefined) return { kind: "fault", fault };
  if (roots[0] !== "workbook") return { kind: "fault", fault: `the root element is '${roots[0]}', not 'workbook'` };
  const contents = contentsOf(reading);
  if (contents.sheets.length === 0) return { kind: "fault", fault: "the workbook has no sheets" };
  return { kind: "workbook", contents };
}

/** Reads a .tds. */
export async function readSource(bytes: AsyncIterable<Buffer>): Promise<ReadSource> {
  let source: SourceReader | undefined;
  let root = "";
  const fault = await readXml(bytes, {
    open(name, attributes) {
      if (source !== undefined) return source.open(name, attributes);
      root ||= name;
      if (root === "datasource") source = openSourceReader(attributes);
    },
    text: (piece) => source?.text(piece),
    close: (name) => source?.close(name),
  });
  if (fault !== undefined) return { kind: "fault", fault };
  return source === undefined
    ? { kind: "fault", fault: `the root element is '${root}', not 'datasource'` }
    : { kind: "source", source };
}

/** Hands each data source, worksheet and dashboard to a reader of its own. */
function workbookEvents(reading: Reading, path: string[]): XmlEvents {
  let inner: XmlEvents | undefined;
  let innerDepth = 0;
  const root: string[] = path;
  const open: string[] = [];
  return {
    open(written, attributes) {
      const name = withoutFlag(written);
      if (open.length === 0) root.push(name);
      if (inner !== undefined) inner.open(name, attributes);
      else {
        inner = readerFor(reading, [...open, name].join("/"), attributes);
        innerDepth = open.length;
      }
      open.push(name);
    },
    text: (piece) => inner?.text(piece),
    close(written) {
      open.pop();
      if (inner === undefined) return;
      if (open.length === innerDepth) inner = undefined;
      else inner.close(withoutFlag(written));
    },
  };
}

/** Newer files mark elements with the feature that they are of: `_.fcp.ObjectModelTableType.true...relation`. */
function withoutFlag(name: string): string {
  return name.replace(/^_\.fcp\.\w+\.true\.\.\./, "");
}

function readerFor(reading: Reading, path: string, attributes: Attributes): XmlEvents | undefined {
  const { sources, worksheets, boards, windows } = reading;
  const name = attributes.get("name") ?? "";
  switch (path) {
    case "workbook/datasources/datasource": {
      const source = openSourceReader(attributes);
      if (sources.length < mostSources) sources.push(source);
      return source;
    }
    case "workbook/worksheets/worksheet": {
      const worksheet = openWorksheetReader(name);
      if (worksheets.size < mostSheets) worksheets.set(name, worksheet);
      return worksheet;
    }
    case "workbook/dashboards/dashboard": {
      const isStory = attributes.get("type") === "storyboard";
      const board: SheetDescription = {
        ...emptySheet,
        name,
        kind: isStory ? "story" : "dashboard",
        zones: [],
        points: [],
      };
      if (boards.length < mostSheets) boards.push(board);
      return boardEvents(board);
    }
    case "workbook/windows/window": {
      const window: Window = { isHidden: attributes.get("hidden") === "true", filters: [], parameters: [] };
      if (windows.size < 2 * mostSheets) windows.set(name, window);
      return windowEvents(window);
    }
    default:
      return undefined;
  }
}

function boardEvents(board: SheetDescription): XmlEvents {
  const path: string[] = [];
  return {
    open(name, attributes) {
      // The same sheets again, as phones and tablets see them.
      if (name === "zone" && !path.includes("devicelayouts")) addZone(board, attributes);
      if (name === "story-point" && board.points.length < mostSheets) {
        const sheet = attributes.get("captured-sheet") ?? "";
        board.points.push({ caption: attributes.get("caption") ?? sheet, name: sheet });
      }
      path.push(name);
    },
    text() {},
    close() {
      path.pop();
    },
  };
}

/** A zone that names a sheet and has no type is that sheet; legends and filters name their sheet too. */
function addZone({ zones }: SheetDescription, attributes: Attributes): void {
  const name = attributes.get("name");
  const type = attributes.get("type") ?? attributes.get("type-v2");
  if (name === undefined || type !== undefined || zones.length >= mostSheets) return;
  const part = (key: string): number => Math.min(1, Math.max(0, Number(attributes.get(key) ?? 0) / 100_000 || 0));
  if (zones.every((zone) => zone.name !== name)) {
    zones.push({ name, x: part("x"), y: part("y"), width: part("w"), height: part("h") });
  }
}

function windowEvents(window: Window): XmlEvents {
  return {
    open(name, attributes) {
      const parameter = attributes.get("param");
      if (name !== "card" || parameter === undefined || window.filters.length > mostSheets) return;
      if (attributes.get("type") === "filter") window.filters.push(parameter);
      if (attributes.get("type") === "parameter") window.parameters.push(parameter);
    },
    text() {},
    close() {},
  };
}

function contentsOf({ sources, worksheets, boards, windows }: Reading): WorkbookContents {
  const captions = new Map<string, string>();
  const names = new Map<string, string>();
  for (const source of sources) {
    names.set(source.internalName, source.description().name);
    for (const [column, caption] of source.captions) captions.set(keyOf(source.internalName, column), caption);
  }
  const sheets = [...worksheets.values().map((reader) => reader.describe(captions, names)), ...boards];
  const isParameters = ({ internalName }: SourceReader): boolean => internalName === "Parameters";
  return {
    sheets: inTabOrder(sheets, [...windows.keys()]).map((sheet) =>
      withWindow(sheet, windows.get(sheet.name), captions),
    ),
    datasources: sources.filter((source) => !isParameters(source)).map((source) => source.description()),
    parameters: sources.filter(isParameters).flatMap((source) => source.parameters()),
  };
}

/** Sheets that no window has come last, in the order of the file. */
function inTabOrder(sheets: SheetDescription[], tabs: readonly string[]): SheetDescription[] {
  const places = new Map(tabs.map((name, index) => [name, index]));
  const placeOf = ({ name }: SheetDescription): number => places.get(name) ?? tabs.length;
  return sheets.sort((one, other) => placeOf(one) - placeOf(other));
}

function withWindow(
  sheet: SheetDescription,
  window: Window | undefined,
  captions: ReadonlyMap<string, string>,
): SheetDescription {
  if (window === undefined) return sheet;
  const captionOf = (parameter: string): string[] => {
    const [, source, name] = /^\[([^\]]+)\]\.(\[.+\])$/.exec(parameter) ?? [];
    if (source === undefined || name === undefined) return [];
    const [, column = bare(name)] = /^[a-z]+:(.+):[a-z]k$/.exec(bare(name)) ?? [];
    return [captions.get(keyOf(source, column)) ?? column];
  };
  return {
    ...sheet,
    isHidden: window.isHidden,
    quickFilters: window.filters.flatMap(captionOf),
    shownParameters: window.parameters.flatMap(captionOf),
  };
}
