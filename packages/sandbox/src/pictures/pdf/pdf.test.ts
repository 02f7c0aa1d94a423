import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { make } from "../make.ts";
import type { Chart, Picture } from "../picture.ts";

const chart: Chart = {
  title: "Sales over Time",
  mark: "area",
  columns: [
    { caption: "Month", kind: "time", timeFormat: "%b %Y" },
    { caption: "Sales", kind: "measure", style: "money" },
  ],
  rows: [
    ["2025-01-01", 900],
    ["2025-02-01", 1200],
  ],
  x: [0],
  y: [1],
  color: undefined,
  size: undefined,
  text: [],
};
const picture: Picture = {
  title: "Sales over Time",
  subtitle: "Region: West",
  tiles: [{ x: 0, y: 0, width: 1, height: 1, content: chart }],
};
const sheet = { picture, size: { width: 800, height: 600 } };
const a4 = { width: 841.89, height: 595.28 };

/** The pages' sizes, and what is drawn on them. */
function read(pdf: Buffer) {
  const written = pdf.toString("latin1");
  const sizes = [...written.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => [
    Number(width),
    Number(height),
  ]);
  const streams = [...written.matchAll(/stream\n(.*?)\nendstream/gs)].map(([, body = ""]) => {
    const bytes = Buffer.from(body, "latin1");
    return bytes[0] === 0x78 ? inflateSync(bytes).toString("latin1") : "";
  });
  return { sizes, streams };
}

const pdfOf = async (sheets: (typeof sheet)[], paper: typeof a4 | "fit") =>
  Buffer.from(await make({ kind: "pdf", sheets, paper, at: 1_700_000_000_000 }));

test("a page for each sheet, of the paper's size or as large as the picture", async () => {
  const pdf = await pdfOf([sheet, sheet, sheet], a4);
  expect(pdf.toString("latin1", 0, 5)).toBe("%PDF-");
  expect(read(pdf).sizes).toEqual(Array(3).fill([841.89, 595.28]));
  expect(read(await pdfOf([sheet], "fit")).sizes).toEqual([[600, 450]]);
});

test("vectors and text in the bundled fonts, that can be searched", async () => {
  const pdf = await pdfOf([sheet], a4);
  expect(pdf.toString("latin1")).toMatch(/\/BaseFont \/[A-Z]+\+Inter/);
  expect(pdf.toString("latin1")).not.toContain("/Subtype /Image");
  const { streams } = read(pdf);
  // Which letters the glyphs stand for is what makes text of them again.
  expect(streams.some((stream) => stream.includes("beginbfrange") || stream.includes("beginbfchar"))).toBe(true);
  const [page = ""] = streams.filter((stream) => stream.includes(" Tf"));
  expect(page.match(/TJ|Tj/g)?.length).toBeGreaterThan(8);
  expect(page).toMatch(/\/Pattern cs/); // the area's gradient
});

test("the same bytes for the same order", async () => {
  expect((await pdfOf([sheet], a4)).equals(await pdfOf([sheet], a4))).toBe(true);
});
