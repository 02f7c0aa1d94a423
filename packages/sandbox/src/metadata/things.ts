import type { CatalogTable, Database } from "../rest/catalog/model.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import type { Flow } from "../rest/flows/model.ts";
import { certification, type Label } from "../rest/labels/model.ts";
import { isWarning } from "../rest/labels/warning-types.ts";
import type { User } from "../rest/users/model.ts";
import type { VirtualConnection } from "../rest/virtual-connections/model.ts";
import type { Workbook } from "../rest/workbooks/model.ts";
import type { Site } from "../site/site.ts";
import { idWithin, metadataId } from "./ids.ts";
import type {
  DatabaseNode,
  EmbeddedNode,
  FlowNode,
  LabelNode,
  PublishedNode,
  SiteNode,
  StepNode,
  TableNode,
  TagNode,
  UserNode,
  VirtualConnectionNode,
  VirtualTableNode,
  WorkbookNode,
} from "./nodes.ts";
import { once } from "./once.ts";

export type Things = ReturnType<typeof openThings>;

/** How each thing that a site has is one node. */
export function openThings(site: Site) {
  const workbook = once((item: Workbook): WorkbookNode => ({ kind: "Workbook", id: metadataId(item.id), item }));
  return {
    workbook,
    published: once(
      (item: Datasource): PublishedNode => ({ kind: "PublishedDatasource", id: metadataId(item.id), item }),
    ),
    embedded: once((item: Workbook["datasources"][number]) =>
      once((holder: Workbook): EmbeddedNode => {
        const leading = holder.connections.find((connection) => connection.embedded?.id === item.id);
        const id = metadataId(item.id);
        return { kind: "EmbeddedDatasource", id, item, workbook: holder, published: leading?.datasource };
      }),
    ),
    database: once((item: Database): DatabaseNode => ({ kind: item.type, id: metadataId(item.id), item })),
    table: once((item: CatalogTable): TableNode => ({ kind: "DatabaseTable", id: metadataId(item.id), item })),
    flow: once((item: Flow): FlowNode => ({ kind: "Flow", id: metadataId(item.id), item })),
    stepsOf: once((flow: Flow): StepNode[] =>
      flow.outputSteps.map((item) => ({ kind: "FlowOutputStep", id: metadataId(item.id), item, flow })),
    ),
    virtualConnection: once(
      (item: VirtualConnection): VirtualConnectionNode => ({
        kind: "VirtualConnection",
        id: metadataId(item.id),
        item,
      }),
    ),
    virtualTables: once((connection: VirtualConnection): VirtualTableNode[] =>
      connection.tables.map((item) => ({ kind: "VirtualConnectionTable", id: metadataId(item.id), item, connection })),
    ),
    user: once((item: User): UserNode => ({ kind: "TableauUser", id: metadataId(item.id), item })),
    siteNode: once((item: Site): SiteNode => ({ kind: "TableauSite", id: metadataId(item.id), item })),
    /** Tags are the same in any letter case. */
    tag: (label: string): TagNode => ({ kind: "Tag", id: idWithin(site.id, "tag", label.toLowerCase()), label }),
    label: once((item: Label): LabelNode => ({ kind: labelKindOf(item), id: metadataId(item.id), item })),
  };
}

function labelKindOf(label: Label): LabelNode["kind"] {
  if (label.category === certification) return "DataQualityCertification";
  return isWarning(label) ? "DataQualityWarning" : "GenericLabel";
}
