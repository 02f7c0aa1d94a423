import { type Element, list, record, repeated } from "../../wire/element.ts";
import type { Project } from "../projects/model.ts";
import type { User } from "../users/model.ts";
import type { Rules } from "./model.ts";
import { granteeOf, namesOf } from "./rules.ts";

/** What rules are shown of. `parent` is the project that they come from, where that locks them. */
export type Subject = {
  element: string;
  id: string;
  name: string;
  owner: User;
  /** Of an external asset: it has no owner in Tableau's schema, but a contact and a certifier. */
  certifier?: User | undefined;
  parent?: Project | undefined;
};

export function permissionsElement({ element, id, name, owner, certifier, parent }: Subject, rules: Rules): Element {
  const people =
    certifier === undefined
      ? [record("owner", { id: owner.id })]
      : [record("contact", { id: owner.id }), record("certifier", { id: certifier.id })];
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
  return record("permissions", {}, [
    ...inherited,
    record(element, { id, name }, people),
    repeated("granteeCapabilities", grantees),
  ]);
}
