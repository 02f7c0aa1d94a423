import { type Element, list, record } from "../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { alone, draw, drawing, inLists, type Resource, type Scene } from "./description.ts";
import { parseFields } from "./fields.ts";
import { parseFilter } from "./filter.ts";
import { parseSort } from "./sort.ts";
import { sortedSlice } from "./sorted-slice.ts";

/** Filters, sorts and pages a collection, and draws the page: `<pagination/>` and then `<workbooks>…`. */
export function drawPage<Item>(
  resource: Resource<Item>,
  items: Iterable<Item>,
  query: URLSearchParams,
  scene: Scene,
): Element[] | Refusal {
  const page = readPage(query);
  if (isRefusal(page)) return page;
  const filter = parseFilter(query.get("filter") ?? "", resource);
  if (isRefusal(filter)) return filter;
  const keys = parseSort(query.get("sort") ?? "", resource);
  if (isRefusal(keys)) return keys;
  const selection = parseFields(query.get("fields"), resource, inLists);
  if (isRefusal(selection)) return selection;

  const all: readonly Item[] = Array.isArray(items) ? items : [...items];
  const matching = filter.reduce((left, narrow) => narrow(left, scene), all);
  const start = (page.number - 1) * page.size;
  // The first page of an empty list is a page (Tableau REST reference, "Paginating Results").
  if (start >= matching.length && page.number > 1) {
    return refuse("400006", `The page number '${page.number}' is beyond the last page.`);
  }
  const shown = sortedSlice(matching, keys, scene, { start, end: start + page.size });
  const drawItem = drawing(resource, selection);
  const drawn = shown.map((item) => drawItem(item, scene));
  return [pagination(page, matching.length), list(resource.plural, resource.element, drawn)];
}

/** Draws one item as it is shown alone; `fields=` holds here too. */
export function drawAlone<Item>(
  resource: Resource<Item>,
  item: Item,
  query: URLSearchParams,
  scene: Scene,
): Element | Refusal {
  const selection = parseFields(query.get("fields"), resource, alone);
  return isRefusal(selection) ? selection : draw(resource, item, scene, selection);
}

type Page = { number: number; size: number };

function readPage(query: URLSearchParams): Page | Refusal {
  const number = positive(query.get("pageNumber") ?? "1");
  if (number === undefined) return refuse("400006", "The page number must be a whole number from 1.");
  const size = positive(query.get("pageSize") ?? "100");
  if (size === undefined) return refuse("400007", "The page size must be a whole number from 1 to 1000.");
  if (size > 1000) return refuse("403014", "The page size must be at most 1000.");
  return { number, size };
}

function positive(written: string): number | undefined {
  return /^\d{1,9}$/.test(written) && Number(written) > 0 ? Number(written) : undefined;
}

function pagination(page: Page, available: number): Element {
  // Strings, in JSON too: readers of Tableau's JSON know pagination's numbers only so.
  return record("pagination", {
    pageNumber: String(page.number),
    pageSize: String(page.size),
    totalAvailable: String(available),
  });
}
