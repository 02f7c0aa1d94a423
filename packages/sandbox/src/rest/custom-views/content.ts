import { XMLParser } from "fast-xml-parser";
import * as z from "zod";
import { escapeText, withoutControls } from "../../pictures/svg-text.ts";
import { type Asked, nothingAsked } from "../views/asked.ts";
import { worksheetsOf } from "../views/sheet.ts";
import type { CustomView } from "./model.ts";

/** More views than this in one file, and it is none. */
const mostViews = 2_000;

/** What a custom view's file says: the view that it was saved on, and with what. */
export type CustomViewContent = { viewName: string; saved: Asked };

/**
 * The definition of a custom view: JSON with an entry for each view of the workbook, each with a small XML document in
 * base64 (as Tableau's public fixtures show it).
 */
export function writeContent(customView: CustomView): string {
  const { view } = customView;
  const entries = view.workbook.views.map(({ name, sheet }) => {
    const isSourceView = name === view.name;
    const worksheets = [...worksheetsOf(sheet, name).keys()];
    const xml = writeXml(
      sheet.kind === "worksheet" ? undefined : name,
      worksheets,
      isSourceView ? customView.saved : nothingAsked,
    );
    return { isSourceView, viewName: name, tcv: Buffer.from(xml).toString("base64url") };
  });
  return JSON.stringify(entries);
}

function writeXml(dashboard: string | undefined, worksheets: readonly string[], saved: Asked): string {
  const ofDashboard = dashboard === undefined ? "" : ` dashboard="${escapeText(dashboard)}"`;
  const filters = [...saved.filters].map(([caption, values]) => {
    const members = values.map((value) => `<groupfilter function="member" member="${escapeText(value)}"/>`);
    return `<filter class="categorical" column="${escapeText(caption)}">${members.join("")}</filter>`;
  });
  const parameters = [...saved.parameters].map(
    ([caption, value]) => `<parameter caption="${escapeText(caption)}" value="${escapeText(value)}"/>`,
  );
  const sheets = worksheets.map(
    (name) => `<worksheet name="${escapeText(name)}"><table><view>${filters.join("")}</view></table></worksheet>`,
  );
  return withoutControls(
    `<?xml version="1.0" encoding="utf-8"?><customized-view${ofDashboard} source-build="2025.3.0" version="18.1">` +
      `<parameters>${parameters.join("")}</parameters>${sheets.join("")}</customized-view>`,
  );
}

const fileSchema = z
  .array(z.object({ isSourceView: z.boolean().optional(), viewName: z.string(), tcv: z.string() }))
  .min(1)
  .max(mostViews);

/** Reads such a file; undefined when it is none. What Tableau itself saves of a view's filters is not understood. */
export function readContent(written: string): CustomViewContent | undefined {
  const entries = fileSchema.safeParse(parseJson(written));
  if (!entries.success) return undefined;
  const source = entries.data.find(({ isSourceView }) => isSourceView) ?? entries.data[0];
  const saved = source === undefined ? undefined : readXml(Buffer.from(source.tcv, "base64url").toString("utf8"));
  return source === undefined || saved === undefined ? undefined : { viewName: source.viewName, saved };
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  ignoreDeclaration: true,
  parseAttributeValue: false,
  isArray: (name) => ["worksheet", "filter", "groupfilter", "parameter"].includes(name),
  maxNestedTags: 64,
});

const many = <Item extends z.ZodType>(item: Item) => z.array(item).optional();
const holder = <Shape extends z.ZodRawShape>(shape: Shape) => z.union([z.literal(""), z.object(shape)]).optional();

const documentSchema = z.object({
  "customized-view": holder({
    parameters: holder({ parameter: many(z.object({ caption: z.string(), value: z.string() })) }),
    worksheet: many(
      z.object({
        table: holder({
          view: holder({
            filter: many(
              z.object({ column: z.string(), groupfilter: many(z.object({ member: z.string().optional() })) }),
            ),
          }),
        }),
      }),
    ),
  }),
});

function readXml(xml: string): Asked | undefined {
  // A file from outside: no entities of its own to expand.
  if (/<!DOCTYPE/i.test(xml)) return undefined;
  const parsed = documentSchema.safeParse(parseXml(xml));
  const root = parsed.data?.["customized-view"];
  if (root === undefined) return undefined;
  if (root === "") return nothingAsked;
  const parameters = root.parameters || undefined;
  const filters = (root.worksheet ?? [])
    .flatMap(({ table }) => (table || undefined)?.view || [])
    .flatMap(({ filter = [] }) => filter);
  return {
    filters: new Map(
      filters.map(({ column, groupfilter = [] }) => [column, groupfilter.flatMap(({ member }) => member ?? [])]),
    ),
    parameters: new Map(parameters?.parameter?.map(({ caption, value }) => [caption, value])),
  };
}

function parseXml(xml: string): unknown {
  try {
    return parser.parse(xml);
  } catch {
    return undefined;
  }
}
