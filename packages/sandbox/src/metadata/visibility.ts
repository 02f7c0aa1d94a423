import { isSiteAdministrator } from "../auth/roles.ts";
import { readerOf } from "../rest/permissions/effective.ts";
import type { User } from "../rest/users/model.ts";
import { isField, type Node } from "./nodes.ts";

/**
 * Whether something is hidden from a user: shown without what is written there, or left out (Metadata API, "How
 * permissions work"). External assets are seen by whoever sees what uses them.
 */
export function hiddenFrom(user: User): (node: Node) => boolean {
  if (isSiteAdministrator(user)) return () => false;
  const reads = readerOf(user);
  const isHidden = (node: Node): boolean => {
    switch (node.kind) {
      case "PublishedDatasource":
      case "Workbook":
      case "Flow":
      case "VirtualConnection":
        return !reads(node.item);
      case "Sheet":
      case "Dashboard":
        return !reads(node.view ?? node.workbook);
      case "EmbeddedDatasource":
        return !reads(node.workbook);
      case "VirtualConnectionTable":
        return !reads(node.connection);
      case "FlowOutputStep":
        return !reads(node.flow);
      case "Parameter":
        return isHidden(node.owner);
      default:
        return isField(node) && isHidden(node.source);
    }
  };
  return isHidden;
}

/** What may be said of something hidden; all else is null there. */
export function isSafe(attribute: string): boolean {
  return attribute === "id" || attribute === "luid" || attribute === "vizportalUrlId" || attribute.endsWith("At");
}
