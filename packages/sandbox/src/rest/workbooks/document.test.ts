import { describe, expect, test } from "vitest";
import { readSource, readWorkbook } from "../../files/workbook-reader.ts";
import { generateSites } from "../../site/generate.ts";
import { datasourceDocument } from "../datasources/document.ts";
import { type Sheet, worksheetsOf } from "../views/sheet.ts";
import { workbookDocument } from "./document.ts";
import { sheetsFromFile } from "./sheets-from-file.ts";

const [acme] = generateSites({ now: Date.UTC(2026, 0, 1), seed: "acme", scale: 1, edition: "cloud" });

function siteOf() {
  if (acme === undefined) throw new Error("The seed makes no site.");
  return acme;
}

async function* bytes(text: string) {
  yield Buffer.from(text);
}

/** What a sheet shows, without what it draws from. */
const shown = (sheet: Sheet, name: string) => ({
  kind: sheet.kind,
  worksheets: Array.from(worksheetsOf(sheet, name), ([title, { shelves }]) => ({ title, shelves })),
});

describe("the files of what the seed made", () => {
  test("a workbook's is read as the sheets that it was written from", async () => {
    const workbooks = [...siteOf().workbooks.values()];
    expect(workbooks.length).toBeGreaterThanOrEqual(60);
    for (const workbook of workbooks) {
      const read = await readWorkbook(bytes(workbookDocument(workbook, "Data/x.hyper", "acme")));
      if (read.kind === "fault") throw new Error(`${workbook.name}: ${read.fault}`);
      const sheets = sheetsFromFile(read.contents.sheets, workbook);
      const tabs = read.contents.sheets.filter(({ isHidden }) => !isHidden).map(({ name }) => name);
      expect(tabs).toEqual(workbook.views.map(({ name }) => name));
      for (const { name, sheet } of workbook.views) {
        const again = sheets.get(name);
        expect(again && shown(again, name), `${workbook.name}: ${name}`).toEqual(shown(sheet, name));
      }
    }
  });

  test("a data source's is read as its connections and the fields that it has", async () => {
    for (const datasource of siteOf().datasources.values()) {
      const read = await readSource(bytes(datasourceDocument(datasource, "Data/x.hyper")));
      if (read.kind === "fault") throw new Error(`${datasource.name}: ${read.fault}`);
      const { name, connections, fields, hasExtract } = read.source.description();
      expect(name).toBe(datasource.name);
      expect(hasExtract).toBe(datasource.hasExtracts);
      expect(connections).toMatchObject(
        datasource.connections.map(({ type, serverAddress }) => ({ type, serverAddress })),
      );
      expect(fields.length).toBeGreaterThan(3);
    }
  });
});
