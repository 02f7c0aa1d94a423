import type { Site } from "../../site/site.ts";
import { findColumn } from "../catalog/columns.ts";
import { mayCurate } from "../catalog/curation.ts";
import type { CatalogTable, Database } from "../catalog/model.ts";
import type { Datasource } from "../datasources/model.ts";
import type { Flow } from "../flows/model.ts";
import { may } from "../permissions/effective.ts";
import type { User } from "../users/model.ts";
import type { VirtualConnection } from "../virtual-connections/model.ts";
import { type AssetType, assetTypes, type Label } from "./model.ts";

/** Something that carries labels. */
export type Asset = {
  type: AssetType;
  id: string;
  name: string;
  /** Whether a user may change its labels. */
  mayLabel: (user: User) => boolean;
  /** Whether a user may see it, and so its labels. */
  maySee: (user: User) => boolean;
  /** Where its certification is kept; undefined for what can't be certified. */
  certified: { isCertified: boolean } | undefined;
  /** Who answers for it. */
  owner: User;
};

/** The type that a path or a request names, e.g. `DATASOURCE` or `VirtualConnection`. */
export function assetTypeOf(written: string): AssetType | undefined {
  return assetTypes.find((type) => type.toLowerCase() === written.toLowerCase());
}

/** External assets are those that are known already: whoever names new ones has the catalog brought up to date first. */
export function findAsset(site: Site, type: AssetType, id: string): Asset | undefined {
  const luid = id.toLowerCase();
  const { databases, tables } = site.catalog;
  switch (type) {
    case "database":
      return external(type, databases.get(luid));
    case "table":
      return external(type, tables.get(luid));
    case "column": {
      const column = findColumn(tables.values(), luid);
      const table = external(type, column?.table);
      if (column === undefined || table === undefined) return undefined;
      return { ...table, id: column.id, name: column.name, certified: undefined };
    }
    case "datasource":
      return published(type, site.datasources.get(luid));
    case "flow":
      return published(type, site.flows.get(luid));
    case "virtualConnection":
      return published(type, site.virtualConnections.get(luid));
    case "virtualConnectionTable":
      for (const connection of site.virtualConnections.values()) {
        const table = connection.tables.find((one) => one.id === luid);
        const asset = table && published(type, connection);
        if (table && asset) return { ...asset, id: luid, name: table.name, certified: table };
      }
      return undefined;
  }
}

export function assetOf(site: Site, { asset }: Pick<Label, "asset">): Asset | undefined {
  return findAsset(site, asset.type, asset.id);
}

function external(type: AssetType, asset: Database | CatalogTable | undefined): Asset | undefined {
  if (asset === undefined) return undefined;
  const { id, name } = asset;
  return {
    type,
    id,
    name,
    mayLabel: (user) => mayCurate(user, asset),
    maySee: () => true,
    certified: asset,
    owner: asset.contact,
  };
}

function published(type: AssetType, item: Datasource | Flow | VirtualConnection | undefined): Asset | undefined {
  if (item === undefined) return undefined;
  const { id, name } = item;
  const [mayLabel, maySee] = [(user: User) => may(user, "Write", item), (user: User) => may(user, "Read", item)];
  const certified = "isCertified" in item ? item : undefined;
  return { type, id, name, mayLabel, maySee, certified, owner: item.owner };
}
