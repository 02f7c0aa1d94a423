import { record } from "../../wire/element.ts";
import { document, fileVersion, parametersElement } from "../datasources/document.ts";
import { type Sheet, type Worksheet, worksheetsOf } from "../views/sheet.ts";
import { dashboardElement, storyElement, windowElement, worksheetElement } from "./file-sheets.ts";
import { type FileSource, fileSources, sourceElement } from "./file-sources.ts";
import type { Workbook } from "./model.ts";

type Tab = { name: string; sheet: Sheet; isHidden: boolean };

/** The .twb of a workbook that the seed made: what can be published again and is read as the same. */
export function workbookDocument(workbook: Workbook, extract: string, siteUrl: string): string {
  const tabs = tabsOf(workbook);
  const worksheets = tabs.flatMap(({ name, sheet }) => (sheet.kind === "worksheet" ? [{ name, sheet }] : []));
  const sources = fileSources(
    workbook,
    worksheets.map(({ sheet }) => sheet),
  );
  const sourceOf = (worksheet: Worksheet): FileSource | undefined => sources.get(worksheet.source ?? worksheet);
  const nameOf = (sheet: object): string | undefined => tabs.find((tab) => tab.sheet === sheet)?.name;
  const parameters = new Map([...sources.values()].flatMap((source) => [...source.parameters]));
  const boards = tabs.flatMap(({ name, sheet }) => {
    if (sheet.kind === "worksheet") return [];
    return [sheet.kind === "story" ? storyElement(name, sheet, nameOf) : dashboardElement(name, sheet)];
  });
  const written = worksheets.flatMap(({ name, sheet }) => {
    const source = sourceOf(sheet);
    return source === undefined ? [] : [worksheetElement(name, sheet, source)];
  });
  const windows = tabs.map(({ name, sheet, isHidden }) => {
    const worksheet = sheet.kind === "worksheet" ? sheet : undefined;
    return windowElement({ name, kind: sheet.kind, isHidden }, worksheet, worksheet && sourceOf(worksheet));
  });
  return document(
    record("workbook", fileVersion, [
      record("datasources", {}, [
        ...(parameters.size === 0 ? [] : [parametersElement([...parameters.values()])]),
        ...[...sources.values()].map((source) => sourceElement(source, extract, siteUrl)),
      ]),
      record("worksheets", {}, written),
      record("dashboards", {}, boards),
      record("windows", {}, windows),
    ]),
  );
}

/** What a workbook shows, and after that the worksheets that only stand on its dashboards. */
function tabsOf({ views }: Workbook): Tab[] {
  const tabs = new Map<string, Tab>(views.map(({ name, sheet }) => [name, { name, sheet, isHidden: false }]));
  for (const { name: title, sheet } of views) {
    for (const [name, worksheet] of worksheetsOf(sheet, title)) {
      if (!tabs.has(name)) tabs.set(name, { name, sheet: worksheet, isHidden: true });
    }
  }
  return [...tabs.values()];
}
