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

/** The design in a data source's words; undefined when the source lacks a field that it cannot do without. */
export function translate({ name, shelves }: Design, captions: Captions): Design | undefined {
  const one = <Field extends ShelfField>(field: Field): Field | undefined => {
    const caption = captions(field.caption);
    return caption === undefined ? undefined : { ...field, caption };
  };
  const many = <Field extends ShelfField>(fields: readonly Field[]): Field[] =>
    fields.map(one).filter((field) => field !== undefined);
  const { columns, rows, text, detail, color, size, filters, top, sort, quickFilters } = shelves;
  const needed = [...columns, ...rows, ...detail, ...filters];
  if (shelves.mark === "pie") needed.push(...[color, size].filter((field) => field !== undefined));
  if ((shelves.mark === "heatMap" || shelves.mark === "stackedBar") && color !== undefined) needed.push(color);
  const translated = nameIn(name, captions);
  const hasAll = many(needed).length === needed.length && (text.length === 0 || many(text).length > 0);
  if (translated === undefined || !hasAll) return undefined;
  return {
    name: translated,
    shelves: withoutMissing({
      ...shelves,
      columns: many(columns),
      rows: many(rows),
      text: many(text),
      detail: many(detail),
      filters: many(filters),
      quickFilters: quickFilters.map(captions).filter((caption) => caption !== undefined),
      color: color && one(color),
      size: size && one(size),
      top: top && both(one(top.of), one(top.by), (of, by) => ({ of, by, count: top.count })),
      sort: sort && both(one(sort.by), sort.direction, (by, direction) => ({ by, direction })),
    }),
  };
}

type Optional = "color" | "size" | "top" | "sort";

function withoutMissing({
  color,
  size,
  top,
  sort,
  ...rest
}: Omit<Shelves, Optional> & { [Key in Optional]: Shelves[Key] | undefined }): Shelves {
  return {
    ...rest,
    ...(color === undefined ? {} : { color }),
    ...(size === undefined ? {} : { size }),
    ...(top === undefined ? {} : { top }),
    ...(sort === undefined ? {} : { sort }),
  };
}

function both<One, Other, Made>(
  one: One | undefined,
  other: Other | undefined,
  make: (one: One, other: Other) => Made,
) {
  return one === undefined || other === undefined ? undefined : make(one, other);
}

/** `Top {Customer Name}s` → `Top Accounts`, where a customer is an account; undefined when it names a missing field. */
function nameIn(name: string, captions: Captions): string | undefined {
  let isKnown = true;
  const written = name.replaceAll(/\{([^}]+)\}/g, (_, named: string) => {
    const caption = captions(named);
    isKnown &&= caption !== undefined;
    return (caption ?? named).replace(/ (ID|Name)$/, "");
  });
  return isKnown ? written.replaceAll(/([^aeiou])ys\b/g, "$1ies") : undefined;
}
