import { findAsset } from "../rest/labels/assets.ts";
import { labelsOf } from "../rest/labels/labels.ts";
import type { AssetType, Label } from "../rest/labels/model.ts";
import type { Graph } from "./graph.ts";
import { isDatabase, type LabelNode, type Node } from "./nodes.ts";
import { addTo, once } from "./once.ts";

export type Labelled = ReturnType<typeof openLabelled>;

/** The labels that things carry. */
export function openLabelled(graph: Graph) {
  const { site } = graph;

  // Certifications that were not made as labels become some here, see labels.ts.
  const byAsset = once((_key: "all") => {
    const { databases, tables } = graph.catalog("catalog");
    const certified: [AssetType, Iterable<{ id: string; isCertified: boolean }>][] = [
      ["database", databases.values()],
      ["table", tables.values()],
      ["datasource", site.datasources.values()],
      ["virtualConnection", site.virtualConnections.values()],
    ];
    const known = new Set(site.labels.given.values().map(({ asset }) => asset.id));
    for (const [type, items] of certified) {
      for (const { id, isCertified } of items) {
        const asset = isCertified && !known.has(id) ? findAsset(site, type, id) : undefined;
        if (asset !== undefined) labelsOf(site, asset);
      }
    }
    const found = new Map<string, LabelNode[]>();
    for (const label of site.labels.given.values()) addTo(found, label.asset.id, graph.label(label));
    return found;
  });

  return {
    /** The labels on something, by its LUID. */
    on: (node: Node): readonly LabelNode[] => byAsset("all").get(luidOf(node) ?? "") ?? [],
    all: (): readonly LabelNode[] => [...byAsset("all").values()].flat(),
    /** What a label is on. */
    assetOf({ asset: { type, id } }: Label): Node | undefined {
      const { databases, tables } = graph.catalog("catalog");
      switch (type) {
        case "database":
          return wrapped(databases.get(id), graph.database);
        case "table":
          return wrapped(tables.get(id), graph.table);
        case "column": {
          const holder = tables
            .values()
            .find((table) => graph.columnsIn(graph.table(table)).some(({ item }) => item.id === id));
          return holder && graph.columnsIn(graph.table(holder)).find(({ item }) => item.id === id);
        }
        case "datasource":
          return wrapped(site.datasources.get(id), graph.published);
        case "flow":
          return wrapped(site.flows.get(id), graph.flow);
        case "virtualConnection":
          return wrapped(site.virtualConnections.get(id), graph.virtualConnection);
        case "virtualConnectionTable":
          return site.virtualConnections
            .values()
            .flatMap(graph.virtualTables)
            .find(({ item }) => item.id === id);
      }
    },
  };
}

function wrapped<Item, Made>(item: Item | undefined, wrap: (item: Item) => Made): Made | undefined {
  return item === undefined ? undefined : wrap(item);
}

/** The LUID of something; what is only inside of other things has none. */
export function luidOf(node: Node): string | undefined {
  switch (node.kind) {
    case "Sheet":
      return node.view?.id;
    case "Dashboard":
      return node.view.id;
    case "Tag":
    case "CustomSQLTable":
    case "Parameter":
    case "EmbeddedDatasource":
      return undefined;
    default:
      return isDatabase(node) || "item" in node ? node.item.id : undefined;
  }
}
