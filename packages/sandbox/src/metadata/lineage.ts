import type { User } from "../rest/users/model.ts";
import type { Graph } from "./graph.ts";
import { fieldsNamedBy, openIndexes } from "./indexes.ts";
import { type DashboardNode, type FieldNode, isSource, type Node, type SheetNode, type TableNode } from "./nodes.ts";
import { once } from "./once.ts";
import { childrenOf, holdersOf, parentsOf, tablesBehind, type Walk } from "./steps.ts";

export type Lineage = ReturnType<typeof openLineage>;

/** What each thing comes from and what comes of it, directly and along the whole way. */
export function openLineage(graph: Graph) {
  const indexes = openIndexes(graph);
  const walk: Walk = { graph, indexes };
  const upstream = once((start: Node) => reachedFrom(start, parentsOf, walk));
  const downstream = once((start: Node) => reachedFrom(start, childrenOf, walk));
  return {
    upstream: (node: Node): readonly Node[] => upstream(node),
    downstream: (node: Node): readonly Node[] => downstream(node),
    children: (node: Node): readonly Node[] => childrenOf(node, walk),
    referenced: (node: FieldNode): readonly FieldNode[] => fieldsNamedBy(node, graph),
    referencing: indexes.referencing,
    tablesIn: indexes.tablesIn,
    dashboardsOf: (node: SheetNode): readonly DashboardNode[] => indexes.content().showing.get(node) ?? [],
    tablesBehind: (server: string | undefined, name: string): TableNode[] => tablesBehind(graph, server, name),
  };
}

/** Everything along one direction, with what it is part of; without what the start itself is part of. */
function reachedFrom(start: Node, next: (node: Node, walk: Walk) => readonly Node[], walk: Walk): readonly Node[] {
  const own = new Set([start, ...holdersOf(start, walk.graph)]);
  const found = new Set<Node>();
  const seen = new Set<Node>([start]);
  for (const node of seen) {
    if (node !== start) for (const one of [node, ...holdersOf(node, walk.graph)]) if (!own.has(one)) found.add(one);
    for (const one of next(node, walk)) seen.add(one);
  }
  return [...found];
}

/** Whose something is, where the lineage tells of owners. */
export function ownerOf(node: Node): User | undefined {
  switch (node.kind) {
    case "Workbook":
    case "PublishedDatasource":
    case "Flow":
    case "VirtualConnection":
      return node.item.owner;
    default:
      return undefined;
  }
}

/** Whether a data source in a workbook is only the way to a published one. */
export function isCopy(node: Node): boolean {
  return isSource(node) && node.kind === "EmbeddedDatasource" && node.published !== undefined;
}
