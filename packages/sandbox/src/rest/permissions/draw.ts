import { draw, type Resource, type Scene, type Selection } from "../../query/description.ts";
import { type Element, list, record, repeated } from "../../wire/element.ts";
import type { Project } from "../projects/model.ts";
import type { Rules } from "./model.ts";
import { granteeOf, namesOf } from "./rules.ts";

/** What rules are shown of. */
export type Subject = {
  element: string;
  id: string;
  drawn: Element;
  /** The project that the rules come from, where that locks them. */
  parent: Project | undefined;
};

const shown: Selection = { defaults: "none", names: new Set(["id", "name", "owner.id"]) };

/** Tableau's schema wants more of databases and tables, and has no owner there. */
const shownOfAssets: Selection = {
  defaults: "none",
  names: new Set(["id", "name", "contact.id", "certifier.id", "location", "tags"]),
};

export function subjectOf<Item extends { id: string }>(
  resource: Resource<Item>,
  item: Item,
  scene: Scene,
  parent?: Project,
): Subject {
  const { element } = resource;
  const isAsset = element === "database" || element === "table";
  return { element, id: item.id, drawn: draw(resource, item, scene, isAsset ? shownOfAssets : shown), parent };
}

export function permissionsElement({ drawn, parent }: Subject, rules: Rules): Element {
  const inherited = parent === undefined ? [] : [record("parent", { id: parent.id, type: "Project" })];
  const grantees = rules.map(({ grantee, modes }) =>
    record("granteeCapabilities", {}, [
      record(grantee.kind, { id: granteeOf(grantee).id }),
      list(
        "capabilities",
        "capability",
        namesOf(modes).map((capability) => record("capability", { name: capability, mode: modes[capability] })),
      ),
    ]),
  );
  return record("permissions", {}, [...inherited, drawn, repeated("granteeCapabilities", grantees)]);
}
