import type { Site } from "../site/site.ts";
import { type Graph, openGraph } from "./graph.ts";
import { tagsOf } from "./kinds.ts";
import { type Labelled, openLabelled } from "./labelled.ts";
import { type Lineage, openLineage } from "./lineage.ts";
import type { Node } from "./nodes.ts";
import { once } from "./once.ts";
import { rootsOf } from "./roots.ts";

/** All the ways from one thing to others, for one request. */
export type Ways = {
  graph: Graph;
  lineage: Lineage;
  labelled: Labelled;
  /** What carries a tag, given in lower case. */
  tagged: (label: string) => readonly Node[];
  tags: () => readonly Node[];
};

export function openWays(site: Site): Ways {
  const graph = openGraph(site);
  const ways: Ways = {
    graph,
    lineage: openLineage(graph),
    labelled: openLabelled(graph),
    tagged: (label) => carriers("all").get(label)?.carriers ?? [],
    tags: () => Array.from(carriers("all").values(), ({ label }) => graph.tag(label)),
  };
  const carriers = once((_key: "all") => {
    const found = new Map<string, { label: string; carriers: Node[] }>();
    for (const node of rootsOf("Taggable", ways)) {
      for (const label of tagsOf(node)) {
        const key = label.toLowerCase();
        const known = found.get(key) ?? { label, carriers: [] };
        known.carriers.push(node);
        found.set(key, known);
      }
    }
    return found;
  });
  return ways;
}
