import { fieldsOf as shelfFieldsOf, worksheetsOf } from "../rest/views/sheet.ts";
import { idWithin, metadataId } from "./ids.ts";
import type { DashboardNode, EmbeddedNode, FieldNode, SheetNode, WorkbookNode } from "./nodes.ts";
import { once } from "./once.ts";
import type { Sources } from "./sources.ts";
import type { Things } from "./things.ts";

/** What workbooks show, and of which fields. */
export function openSheets({ workbook }: Things, { embeddedIn, fieldsByCaption }: Sources) {
  /** A workbook's worksheets: its views, and those that only its dashboards and stories show. */
  const sheetsIn = once(({ item }: WorkbookNode): SheetNode[] => {
    const sheets = new Map<string, SheetNode>();
    for (const view of item.views) {
      if (view.sheet.kind !== "worksheet") continue;
      const { name, sheet: worksheet } = view;
      sheets.set(name, { kind: "Sheet", id: metadataId(view.id), name, worksheet, workbook: item, view });
    }
    for (const view of item.views) {
      for (const [name, worksheet] of view.sheet.kind === "worksheet" ? [] : worksheetsOf(view.sheet, view.name)) {
        if (sheets.has(name)) continue;
        const id = idWithin(item.id, "sheet", name);
        sheets.set(name, { kind: "Sheet", id, name, worksheet, workbook: item, view: undefined });
      }
    }
    return [...sheets.values()];
  });

  /** Its dashboards; its stories are dashboards, too. */
  const dashboardsIn = once(({ item }: WorkbookNode): DashboardNode[] =>
    item.views.flatMap((view) =>
      view.sheet.kind === "worksheet" ? [] : [{ kind: "Dashboard", id: metadataId(view.id), view, workbook: item }],
    ),
  );

  const sheetsOn = once(({ view, workbook: holder }: DashboardNode): SheetNode[] => {
    const names = new Set(worksheetsOf(view.sheet, view.name).keys());
    return sheetsIn(workbook(holder)).filter(({ name }) => names.has(name));
  });

  /** The source, inside of its workbook, that a sheet draws from. */
  const sourceOf = once(({ worksheet, workbook: holder }: SheetNode): EmbeddedNode | undefined => {
    const { source } = worksheet;
    return embeddedIn(workbook(holder)).find(({ item, published: leadsTo }) => item === source || leadsTo === source);
  });

  /** The fields that a sheet uses, as its workbook's source has them. */
  const fieldsOn = once((sheet: SheetNode): FieldNode[] => {
    const source = sourceOf(sheet);
    if (source === undefined) return [];
    const captions = new Set(shelfFieldsOf(sheet.worksheet).map(({ caption }) => caption));
    return [...captions].flatMap((caption) => fieldsByCaption(source).get(caption) ?? []);
  });

  return { sheetsIn, dashboardsIn, sheetsOn, sourceOf, fieldsOn };
}
