import * as z from "zod";
import { attributeOf } from "./attributes.ts";
import { listOf } from "./edges.ts";
import type { Node } from "./nodes.ts";
import { type Notices, queryError } from "./notices.ts";
import type { Ways } from "./ways.ts";

/** The arguments of every list; GraphQL has checked their types already. */
const argumentsSchema = z.object({
  filter: z.record(z.string(), z.unknown()).nullish(),
  orderBy: z.object({ field: z.string(), direction: z.enum(["ASC", "DESC"]) }).nullish(),
  permissionMode: z.enum(["OBFUSCATE_RESULTS", "FILTER_RESULTS"]).nullish(),
  after: z.string().nullish(),
  first: z.number().nullish(),
  offset: z.number().nullish(),
});

export type ListArguments = z.output<typeof argumentsSchema>;

export function readArguments(given: unknown): ListArguments {
  return argumentsSchema.parse(given);
}

/** What one user sees of the things of one request. */
export type Sight = { ways: Ways; notices: Notices; isHidden: (node: Node) => boolean };

/** What to sort by, and how: ties, and all things when nothing is said, are in the order of their ids. */
export type Order = { keyOf: (node: Node) => string | number | boolean; descending: boolean };

/** The things of a list that its arguments ask for, in their order; `name` is the list's, for what is warned of. */
export function selectNodes(nodes: readonly Node[], list: ListArguments, name: string, sight: Sight): Node[] {
  const filter = Object.entries(list.filter ?? {}).filter(([, wanted]) => wanted !== null && wanted !== undefined);
  // Whoever may not see something must not find out by filters what is written there.
  const sensitive = filter.map(([key]) => key).filter((key) => !/^(id|luid)(Within)?$/.test(key));
  const hidesFiltered = sensitive.length > 0 && nodes.some(sight.isHidden);
  if (hidesFiltered) sight.notices.warn("PERMISSIONS_MODE_SWITCHED", { [name]: sensitive });
  const visible =
    hidesFiltered || list.permissionMode === "FILTER_RESULTS" ? nodes.filter((node) => !sight.isHidden(node)) : nodes;
  const predicates = filter.map(([key, wanted]) => predicateOf(key, wanted, sight));
  const selected = visible.filter((node) => predicates.every((matches) => matches(node)));
  return sorted(selected, orderOf(list, sight));
}

function predicateOf(key: string, wanted: unknown, { ways }: Sight): (node: Node) => boolean {
  if (key === "text") return textPredicate(String(wanted));
  const [, attribute = key] = /^(.+)Within$/.exec(key) ?? [];
  const values = new Set<unknown>(key === attribute ? [wanted] : [wanted].flat());
  return (node) => values.has(attributeOf(node, attribute, ways));

  /** Any word of the name begins with the text, in any letter case (Metadata API release notes, June 2023). */
  function textPredicate(text: string): (node: Node) => boolean {
    if (/^[ ']*$/.test(text)) {
      throw queryError(
        "INVALID_ARGUMENT",
        "A text filter can't contain only the following characters: spaces or a single quotation mark. Replace the invalid characters and try again.",
      );
    }
    const start = text.trim().toLowerCase();
    return (node) =>
      String(attributeOf(node, "name", ways) ?? "")
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .some((word) => word.startsWith(start)) ||
      String(attributeOf(node, "name", ways))
        .toLowerCase()
        .startsWith(start);
  }
}

export function orderOf({ orderBy }: ListArguments, { ways }: Sight): Order {
  if (orderBy === null || orderBy === undefined) return { keyOf: ({ id }) => id, descending: false };
  const key = camelCase(orderBy.field);
  const [, counted] = /^(.+)Count$/.exec(key) ?? [];
  const keyOf = (node: Node): string | number | boolean => {
    if (counted !== undefined) return listOf(node, counted, countedTypes[counted] ?? "", ways).length;
    const value = attributeOf(node, key, ways);
    return typeof value === "object" || value === undefined ? "" : value;
  };
  return { keyOf, descending: orderBy.direction === "DESC" };
}

/** What the lists that are counted along the lineage are of; of the others the name is enough. */
const countedTypes: Readonly<Record<string, string>> = {
  downstreamDashboards: "Dashboard",
  downstreamDatasources: "PublishedDatasource",
  downstreamSheets: "Sheet",
  downstreamVirtualConnections: "VirtualConnection",
  downstreamWorkbooks: "Workbook",
};

function sorted(nodes: readonly Node[], { keyOf, descending }: Order): Node[] {
  const keyed = nodes.map((node) => ({ node, value: keyOf(node) }));
  keyed.sort((one, other) => {
    if (one.value !== other.value) return one.value < other.value === descending ? 1 : -1;
    return one.node.id < other.node.id ? -1 : one.node.id > other.node.id ? 1 : 0;
  });
  return keyed.map(({ node }) => node);
}

/** `DOWNSTREAM_SHEETS_COUNT` → `downstreamSheetsCount`. */
function camelCase(constant: string): string {
  return constant.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
