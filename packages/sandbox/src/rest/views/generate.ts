import type { SalesPart } from "../../data/source.ts";
import { contentUrlOf, pickTags } from "../../site/content.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import type { Datasource } from "../datasources/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import { type Design, designs, featured, keyFigures } from "./designs.ts";
import type { View } from "./model.ts";
import type { Dashboard, Sheet, Story, Worksheet, Zone } from "./sheet.ts";
import { captionsOf, translate } from "./translate.ts";

/** Makes what a workbook of the seed shows: a dashboard first, the sheets on it, and sometimes a story of them. */
export function generateViews(site: Site, random: Random, workbook: Workbook): void {
  const sheets = chooseSheets(site, random, workbook);
  const add = (name: string, sheet: Sheet): void => {
    const view = makeView(site, random, workbook, { name, sheet });
    workbook.views.push(view);
    site.views.set(view.id, view);
  };
  const dashboard = arrange(sheets);
  add(`${workbook.name} Dashboard`, dashboard);
  for (const { name, worksheet } of sheets) add(name, worksheet);
  if (random.onceIn(8)) add(`${workbook.name} Story`, tell(dashboard, sheets));
}

type Named = { name: string; worksheet: Worksheet };

function makeView(site: Site, random: Random, workbook: Workbook, { name, sheet }: Pick<View, "name" | "sheet">): View {
  return {
    id: luidOf(site.contentUrl, "view", workbook.name, name),
    name,
    viewUrlName: contentUrlOf(name),
    sheetType: sheet.kind,
    sheet,
    workbook,
    tags: random.onceIn(5) ? pickTags(random) : [],
    totalViewCount: random.between(0, 2500),
    createdAt: workbook.createdAt,
    updatedAt: workbook.updatedAt,
  };
}

/** Three to five sheets that the workbook's sources have the fields for, each of another design. */
function chooseSheets(site: Site, random: Random, workbook: Workbook): Named[] {
  const published = workbook.connections.flatMap(({ datasource }) => datasource ?? []);
  const [first] = site.datasources.values();
  const sources = first === undefined ? published : [...published, first];
  const start = random.between(0, designs.length - 1);
  // In steps of five: neighbours in the list of designs are alike.
  const order = featured[workbook.name]?.map((name) => designs.findIndex((design) => design.name === name));
  const positions = order ?? designs.map((_, index) => (start + 5 * index) % designs.length);
  const count = order?.length ?? random.between(3, 5);
  const chosen = new Map<string, Named>();
  for (const source of sources) {
    const { sheets } = inTheWordsOf(source);
    for (const position of positions) {
      const design = sheets[position];
      if (chosen.size >= count || design === undefined || chosen.has(design.name)) continue;
      chosen.set(design.name, { name: design.name, worksheet: { kind: "worksheet", source, shelves: design.shelves } });
    }
  }
  return [...chosen.values()];
}

type Words = { sheets: readonly (Design | undefined)[]; figures: Design | undefined };

/** The designs in a data source's words, made once for each part of the sales table: the views share them. */
function inTheWordsOf(source: Datasource): Words {
  const part = source.part ?? wholeTable;
  let words = known.get(part);
  if (words === undefined) {
    const captions = captionsOf(source);
    words = {
      sheets: designs.map((design) => translate(design, captions)),
      figures: translate(keyFigures, captions),
    };
    known.set(part, words);
  }
  return words;
}

const wholeTable: SalesPart = {};
const known = new WeakMap<SalesPart, Words>();

/** Where up to four sheets stand on a dashboard, below its key figures. */
const places: readonly (readonly Omit<Zone, "name" | "worksheet">[])[] = [
  [],
  [{ x: 0, y: 0, width: 1, height: 1 }],
  [
    { x: 0, y: 0, width: 0.5, height: 1 },
    { x: 0.5, y: 0, width: 0.5, height: 1 },
  ],
  [
    { x: 0, y: 0, width: 1, height: 0.5 },
    { x: 0, y: 0.5, width: 0.5, height: 0.5 },
    { x: 0.5, y: 0.5, width: 0.5, height: 0.5 },
  ],
  [
    { x: 0, y: 0, width: 0.55, height: 0.5 },
    { x: 0.55, y: 0, width: 0.45, height: 0.5 },
    { x: 0, y: 0.5, width: 0.45, height: 0.5 },
    { x: 0.45, y: 0.5, width: 0.55, height: 0.5 },
  ],
];

const figuresHeight = 0.18;

function arrange(sheets: readonly Named[]): Dashboard {
  const shown = sheets.slice(0, places.length - 1);
  const source = shown[0]?.worksheet.source;
  const figures = source !== undefined && "contentUrl" in source ? inTheWordsOf(source).figures : undefined;
  const top = figures === undefined ? 0 : figuresHeight;
  const zones: Zone[] = shown.map((sheet, index) => {
    const place = places[shown.length]?.[index] ?? { x: 0, y: 0, width: 1, height: 1 };
    return { ...sheet, ...place, y: top + place.y * (1 - top), height: place.height * (1 - top) };
  });
  if (source !== undefined && figures !== undefined) {
    const worksheet: Worksheet = { kind: "worksheet", source, shelves: figures.shelves };
    zones.unshift({ name: figures.name, worksheet, x: 0, y: 0, width: 1, height: top });
  }
  return { kind: "dashboard", zones };
}

function tell(dashboard: Dashboard, sheets: readonly Named[]): Story {
  const points = sheets.slice(0, 2).map(({ name, worksheet }) => ({ caption: name, sheet: worksheet }));
  return { kind: "story", points: [{ caption: "Where we stand", sheet: dashboard }, ...points] };
}
