import { type Generation, hour, pastTimes } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import { may } from "../permissions/effective.ts";
import type { User } from "../users/model.ts";
import type { View } from "../views/model.ts";
import { type Worksheet, worksheetsOf } from "../views/sheet.ts";
import type { CustomView } from "./model.ts";

/** Once in so many views, somebody keeps one for themselves. */
const onceInViews = 7;

/** Values that people filter by, by what the field is called in the sales table. */
const usual: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Region: ["Central", "East", "South", "West"],
  Category: ["Furniture", "Office Supplies", "Technology"],
  Segment: ["Consumer", "Corporate", "Home Office"],
};

/** Some people keep views with a filter set; most of these are shared, and some are what a workbook opens with. */
export function generateCustomViews({ site, now, random: randomOf, authors }: Generation): void {
  const random = randomOf("custom views");
  const users = [...site.users.values()].slice(0, 40);
  for (const view of site.views.values()) {
    if (!random.onceIn(onceInViews)) continue;
    const [filter] = filtersOf(random, view);
    const owner = random.onceIn(3) ? (users[random.between(0, users.length - 1)] ?? authors[0]) : random.pick(authors);
    if (filter === undefined || !may(owner, "Read", view)) continue;
    const customView = makeCustomView(random, now, { view, owner, filter });
    site.customViews.set(customView.id, customView);
  }
}

type Kept = { view: View; owner: User; filter: readonly [caption: string, value: string] };

function makeCustomView(random: Random, now: number, { view, owner, filter }: Kept): CustomView {
  const [caption, value] = filter;
  const times = pastTimes(random, now);
  return {
    id: luidOf("custom view", view.id, owner.id),
    name: random.onceIn(3) ? `${owner.fullName.split(" ")[0]}'s ${value}` : `${value} only`,
    view,
    owner,
    shared: !random.onceIn(3),
    saved: { filters: new Map([[caption, [value]]]), parameters: new Map() },
    defaultFor: new Set(random.onceIn(4) ? [owner] : []),
    ...times,
    lastAccessedAt: now - random.between(1, 400) * hour,
  };
}

/** A filter for one of the fields that the view lets its readers filter by, with a value that its source has. */
function filtersOf(random: Random, view: View): Kept["filter"][] {
  const worksheets = [...worksheetsOf(view.sheet, view.name).values()];
  return worksheets.flatMap((worksheet) =>
    worksheet.shelves.quickFilters.flatMap((caption) => {
      const values = valuesOf(worksheet, caption);
      return values === undefined || !random.onceIn(2) ? [] : [[caption, random.pick(values)] as const];
    }),
  );
}

function valuesOf({ source }: Worksheet, caption: string): readonly [string, ...string[]] | undefined {
  const part = source !== undefined && "part" in source ? source.part : undefined;
  const original = part?.fields?.find(([, here]) => here === caption)?.[0] ?? caption;
  // Sources that hold only a part of the rows have fewer values: which ones is not worth looking for.
  return part?.where?.caption === original ? undefined : usual[original];
}
