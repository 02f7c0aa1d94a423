import { shapeOf } from "../../data/source.ts";
import type { Datasource } from "../datasources/model.ts";
import type { Design } from "./designs.ts";
import type { ShelfField, Shelves } from "./sheet.ts";

/** What a data source calls a field of the sales table; undefined when it does not have it. */
export type Captions = (caption: string) => string | undefined;

export function captionsOf({ fields, part }: Pick<Datasource, "fields" | "part">): Captions {
  if (fields !== undefined) return () => undefined;
  const renamed = part?.fields;
  if (renamed === undefined) {
    const known = new Set(shapeOf({ fields }).fields.map(({ caption }) => caption));
    return (caption) => (known.has(caption) ? caption : undefined);
  }
  const here = new Map(renamed);
  return (caption) => here.get(caption);
}

/** The design in a data source's words, or the field that the source lacks for it. */
export function translate({ name, shelves }: Design, captions: Captions): Design | { lacks: string } {
  const missing: string[] = [];
  const one = <Field extends ShelfField>(field: Field): Field => {
    const caption = captions(field.caption);
    if (caption === undefined) missing.push(field.caption);
    return { ...field, caption: caption ?? field.caption };
  };
  const { columns, rows, text, detail, color, size, filters, top, sort, quickFilters } = shelves;
  const translated: Shelves = {
    ...shelves,
    columns: columns.map(one),
    rows: rows.map(one),
    text: text.map(one),
    detail: detail.map(one),
    filters: filters.map(one),
    quickFilters: quickFilters.map(captions).filter((caption) => caption !== undefined),
    ...(color === undefined ? {} : { color: one(color) }),
    ...(size === undefined ? {} : { size: one(size) }),
    ...(top === undefined ? {} : { top: { of: one(top.of), by: one(top.by), count: top.count } }),
    ...(sort === undefined ? {} : { sort: { ...sort, by: one(sort.by) } }),
  };
  const [lacks] = missing;
  return lacks === undefined ? { name: nameIn(name, captions), shelves: translated } : { lacks };
}

/** `Top {Customer Name}s` → `Top Accounts`, where a customer is an account. */
function nameIn(name: string, captions: Captions): string {
  return name
    .replaceAll(/\{([^}]+)\}(s?)/g, (_, named: string, plural: string) => {
      const caption = captions(named) ?? named;
      if (plural === "") return caption.replace(/ (ID|Name)$/, "").replace(/ Count$/, "s");
      return `${caption.replace(/ (ID|Name|Count)$/, "")}s`;
    })
    .replaceAll(/([^aeiou])ys\b/g, "$1ies")
    .replaceAll("State/Provinces", "States and Provinces");
}
