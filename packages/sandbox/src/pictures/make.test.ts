import { describe, expect, test } from "vitest";
import { countColor, countInk, decodePng } from "../testing/png.ts";
import { mainColor } from "./charts/theme.ts";
import { make } from "./make.ts";
import type { Chart, Mark, Picture } from "./picture.ts";
import { clip, textWidth } from "./text.ts";

const size = { width: 600, height: 400 };

const bars: Chart = {
  title: "Sales by Region",
  mark: "bar",
  columns: [
    { caption: "Region", kind: "category" },
    { caption: "Sales", kind: "measure", style: "money" },
  ],
  rows: [
    ["West", 900],
    ["East", 450],
  ],
  x: [0],
  y: [1],
  color: undefined,
  size: undefined,
  text: [],
};

const trend: Chart = {
  ...bars,
  mark: "line",
  columns: [{ caption: "Month", kind: "time", timeFormat: "%b %Y" }, ...bars.columns],
  rows: [
    ["2025-01-01", "West", 900],
    ["2025-02-01", "West", 1200],
    ["2025-01-01", "East", -40],
    ["2025-02-01", "East", null],
  ],
  y: [2],
  color: 1,
};

const picture = (content: Chart, title = content.title): Picture => ({
  title,
  subtitle: "",
  tiles: [{ x: 0, y: 0, width: 1, height: 1, content }],
});

const png = async (chart: Chart, zoom = 1) =>
  decodePng(await make({ kind: "png", picture: picture(chart), size, zoom }));

describe("images", () => {
  test("are as large as asked, and twice as large each way when zoomed", async () => {
    expect(await png(bars)).toMatchObject(size);
    expect(await png(bars, 2)).toMatchObject({ width: 1200, height: 800 });
  });

  test("have bars as long as their numbers", async () => {
    const both = countColor(await png(bars), mainColor);
    const [west] = bars.rows;
    const half = countColor(
      await png({
        ...bars,
        rows: [
          ["West", 450],
          ["East", 450],
        ],
      }),
      mainColor,
    );
    expect(both).toBeGreaterThan(10_000);
    // The axis goes to 900 in the first, to 450 in the second: there both bars are full.
    expect(half / both).toBeCloseTo(2 / 1.5, 1);
    expect(countColor(await png({ ...bars, rows: west === undefined ? [] : [west] }), mainColor)).toBeGreaterThan(both);
  });

  test("have no marks where there are no rows", async () => {
    const empty = await png({ ...bars, rows: [] });
    expect(countColor(empty, mainColor)).toBe(0);
    expect(countInk(empty, { x: 0, y: 60, width: 600, height: 340 })).toBeLessThan(2_000);
  });

  test("are written in the bundled font: words have pixels, and others where they differ", async () => {
    const title = { x: 0, y: 0, width: 600, height: 50 };
    const [one, longer] = await Promise.all(
      ["Sales", "Sales and profit of the year"].map(async (name) =>
        countInk(decodePng(await make({ kind: "png", picture: picture(bars, name), size, zoom: 1 })), title),
      ),
    );
    expect(one).toBeGreaterThan(100);
    expect(longer).toBeGreaterThan((one ?? 0) * 2);
  });

  test("have the same bytes for the same order", async () => {
    for (const kind of ["png", "svg"] as const) {
      const order = { kind, picture: picture(trend), size, zoom: 1 } as const;
      expect(Buffer.from(await make(order)).equals(await make(order))).toBe(true);
    }
  });

  const marks: Mark[] = ["bar", "stackedBar", "line", "area", "pie", "scatter", "heatMap", "textTable", "histogram"];
  test.each(marks)("any shelves can be drawn as %s, as a table where they do not fit", async (mark) => {
    const shelves = [
      {},
      { color: 1 },
      { x: [], y: [] },
      { x: [0, 1], y: [2] },
      { x: [2], y: [0, 1], size: 2 },
      { text: [2] },
    ];
    for (const shelf of shelves) {
      const svg = Buffer.from(
        await make({ kind: "svg", picture: picture({ ...trend, ...shelf, mark }), size }),
      ).toString();
      expect(svg).toMatch(/^<svg .*<\/svg>$/s);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test("hold words that look like markup, and letters of other scripts", async () => {
    const rows = [
      ["<b>&\"'\u0000", 1],
      ["Ελλάδα Ñandú 東京", 2],
    ];
    const svg = Buffer.from(await make({ kind: "svg", picture: picture({ ...bars, rows }), size })).toString();
    expect(svg).toContain("&lt;b&gt;&amp;");
    await png({ ...bars, rows });
  });

  test.each([
    [1, 1],
    [40, 4000],
    [2000, 30],
  ])("may be of any size: %i by %i", async (width, height) => {
    const made = await make({ kind: "png", picture: picture(trend), size: { width, height }, zoom: 1 });
    expect(decodePng(made)).toMatchObject({ width, height });
  });
});

describe("text", () => {
  test("is measured, and cut where there is no room", () => {
    expect(textWidth("Wide", 20)).toBeGreaterThan(textWidth("ill.", 20));
    expect(textWidth("Wide", 20)).toBeCloseTo(2 * textWidth("Wide", 10));
    expect(clip("A long sentence", 1000, 12)).toBe("A long sentence");
    const cut = clip("A long sentence", 60, 12);
    expect(cut).toMatch(/^A l.*…$/);
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(60);
    expect(clip("A long sentence", 2, 12)).toBe("");
  });
});
