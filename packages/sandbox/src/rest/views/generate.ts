import { contentUrlOf, pickTags } from "../../site/content.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import type { WorkbookPlan } from "../../site/workbooks/plan.ts";
import type { Datasource } from "../datasources/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import { type Design, figures, measured, only } from "./designs.ts";
import type { View } from "./model.ts";
import type { Dashboard, Sheet, Story, Worksheet, Zone } from "./sheet.ts";
import { captionsOf, translate } from "./translate.ts";

type Finding = { plan: WorkbookPlan; sourceNamed: (name: string) => Datasource };

/** Makes what a workbook of the seed shows: a dashboard first, the sheets on it, and the story of them where it has one. */
export function generateViews(site: Site, random: Random, workbook: Workbook, finding: Finding): void {
  const { plan, sourceNamed } = finding;
  const source = sourceNamed(plan.source);
  const sheets = plan.sheets.map((sheet): Named => {
    const [from, design] = "shelves" in sheet ? [source, sheet] : [sourceNamed(sheet[0]), sheet[1]];
    return drawn(plan, design, from);
  });
  const add = (name: string, sheet: Sheet): void => {
    const view = makeView(site, random, workbook, { name, sheet });
    workbook.views.push(view);
    site.views.set(view.id, view);
  };
  const dashboard = arrange(sheets, drawn(plan, numbersOf(plan, source), source));
  add(`${workbook.name} Dashboard`, dashboard);
  for (const { name, worksheet } of sheets) add(name, worksheet);
  if (plan.story !== undefined) add(`${workbook.name} Story`, tell(plan.story, dashboard, sheets));
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

/** A plan's designs in the words of its data sources, made once: the views of all copies share them. */
const translated = new WeakMap<WorkbookPlan, Map<Design, Design>>();

function drawn(plan: WorkbookPlan, design: Design, source: Datasource): Named {
  const known = translated.get(plan) ?? new Map<Design, Design>();
  translated.set(plan, known);
  let made = known.get(design);
  if (made === undefined) {
    const [caption, ...values] = plan.only ?? [];
    const found = translate(caption === undefined ? design : only(design, caption, values), captionsOf(source));
    if ("lacks" in found) throw new Error(`"${design.name}" of ${plan.name} needs ${found.lacks} of ${source.name}.`);
    made = found;
    known.set(design, made);
  }
  return { name: made.name, worksheet: { kind: "worksheet", source, shelves: made.shelves } };
}

const numbers = new WeakMap<WorkbookPlan, Design>();

/** The numbers above a dashboard: those of its plan, or of every sale. */
function numbersOf(plan: WorkbookPlan, source: Datasource): Design {
  const known = numbers.get(plan);
  if (known !== undefined) return known;
  const captions = captionsOf(source);
  const orders =
    captions("Order Count") === undefined
      ? { caption: "Order ID", function: "COUNTD" as const }
      : { caption: "Order Count" };
  const usual = [...["Sales", "Profit", "Profit Ratio", "Quantity"].map(measured), orders];
  const made = figures(plan.figures?.map(measured) ?? usual);
  numbers.set(plan, made);
  return made;
}

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

/** Tables need more room than there is on a dashboard beside others. */
function arrange(sheets: readonly Named[], top: Named): Dashboard {
  const charts = sheets.filter(({ worksheet }) => worksheet.shelves.mark !== "textTable");
  const shown = (charts.length < 3 ? sheets : charts).slice(0, places.length - 1);
  const zones: Zone[] = shown.map((sheet, index) => {
    const place = places[shown.length]?.[index] ?? { x: 0, y: 0, width: 1, height: 1 };
    return {
      ...sheet,
      ...place,
      y: figuresHeight + place.y * (1 - figuresHeight),
      height: place.height * (1 - figuresHeight),
    };
  });
  return { kind: "dashboard", zones: [{ ...top, x: 0, y: 0, width: 1, height: figuresHeight }, ...zones] };
}

function tell([first = "", ...others]: readonly string[], dashboard: Dashboard, sheets: readonly Named[]): Story {
  const points = sheets
    .slice(0, others.length)
    .map(({ worksheet }, index) => ({ caption: others[index] ?? "", sheet: worksheet }));
  return { kind: "story", points: [{ caption: first, sheet: dashboard }, ...points] };
}
