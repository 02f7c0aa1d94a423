import { numberOf } from "../metadata/ids.ts";
import { isoSeconds } from "../query/description.ts";
import { catalogOf } from "../rest/catalog/catalog.ts";
import type { CatalogTable, Database } from "../rest/catalog/model.ts";
import { favoritesTotal } from "../rest/favorites/favorites.ts";
import { isWarning } from "../rest/labels/warning-types.ts";
import { readerOf } from "../rest/permissions/effective.ts";
import type { Site } from "../site/site.ts";
import { type ContentType, type Finder, finder } from "./found.ts";

const workbooks = finder({
  type: "workbook",
  items: (site) => site.workbooks.values(),
  isVisible: readerOf,
  describe: (item) => ({ ...item, title: item.name, modifiedAt: item.updatedAt, uri: `workbooks/${item.number}` }),
  more: (item, site) => ({
    workbookDescription: item.description,
    hasExtracts: item.hasExtracts,
    sheetCount: item.views.length,
    favoritesTotal: favoritesTotal(site, item),
  }),
});

const views = finder({
  type: "view",
  items: (site) => site.views.values(),
  isVisible: readerOf,
  describe: (item) => ({
    ...item,
    title: item.name,
    description: item.workbook.name,
    owner: item.workbook.owner,
    project: item.workbook.project,
    modifiedAt: item.updatedAt,
    uri: `views/${numberOf(item.id)}`,
  }),
  more: (item, site) => ({
    caption: item.name,
    containerName: item.workbook.name, // of a view, the workbook
    locationName: item.workbook.name,
    sheetType: item.sheetType,
    workbookDescription: item.workbook.description,
    favoritesTotal: favoritesTotal(site, item),
  }),
});

const datasources = finder({
  type: "datasource",
  items: (site) => site.datasources.values(),
  isVisible: readerOf,
  describe: (item) => ({ ...item, title: item.name, modifiedAt: item.updatedAt, uri: `datasources/${item.number}` }),
  more: (item, site, downstream) => ({
    connectionType: item.type,
    connectedWorkbooksCount: downstream(item),
    datasourceIsPublished: true,
    isConnectable: true,
    isCertified: item.isCertified,
    hasExtracts: item.hasExtracts,
    extractCreationPending: false,
    ...(item.hasExtracts ? { extractRefreshedAt: isoSeconds(item.updatedAt) } : {}),
    ...(item.hasExtracts ? { extractUpdatedAt: isoSeconds(item.updatedAt) } : {}),
    ...warningsOn(site, item.id),
    favoritesTotal: favoritesTotal(site, item),
  }),
});

const projects = finder({
  type: "project",
  items: (site) => site.projects.values(),
  isVisible: readerOf,
  describe: (item) => ({
    ...item,
    title: item.name,
    project: item.parent,
    tags: [],
    modifiedAt: item.updatedAt,
    uri: `projects/${numberOf(item.id)}`,
  }),
  more: (item, site) => ({
    projectId: numberOf(item.id),
    projectName: item.name,
    favoritesTotal: favoritesTotal(site, item),
  }),
});

const flows = finder({
  type: "flow",
  items: (site) => site.flows.values(),
  isVisible: readerOf,
  describe: (item) => ({ ...item, title: item.name, modifiedAt: item.updatedAt, uri: `flows/${item.number}` }),
  more: (item, site) => ({ favoritesTotal: favoritesTotal(site, item), ...warningsOn(site, item.id) }),
});

const virtualConnections = finder({
  type: "virtualconnection",
  items: (site) => site.virtualConnections.values(),
  isVisible: readerOf,
  describe: (item) => ({
    ...item,
    title: item.name,
    modifiedAt: item.updatedAt,
    uri: `virtualconnections/${item.number}`,
  }),
  more: (item, site) => ({
    isCertified: item.isCertified,
    hasExtracts: item.hasExtracts,
    ...warningsOn(site, item.id),
  }),
});

const databases = finder({
  type: "database",
  items: (site) => catalogOf(site).databases.values(),
  isVisible: () => () => true, // derived permissions, as in the catalog
  describe: (item) => ({ ...assetOf(item), uri: `databases/${numberOf(item.id)}` }),
  more: (item, site, downstream) => ({
    connectionType: item.connectionType,
    isCertified: item.isCertified,
    downstreamWorkbookCount: downstream(item),
    ...warningsOn(site, item.id),
  }),
});

const tables = finder({
  type: "table",
  items: (site) => catalogOf(site).tables.values(),
  isVisible: () => () => true,
  describe: (item) => ({ ...assetOf(item), uri: `tables/${numberOf(item.id)}` }),
  more: (item, site, downstream) => ({
    connectionType: item.database.connectionType,
    isCertified: item.isCertified,
    locationName: item.database.name,
    downstreamWorkbookCount: downstream(item),
    ...warningsOn(site, item.id),
  }),
});

/** How each type is found. */
export const finders: Readonly<Record<ContentType, Finder>> = {
  workbook: workbooks,
  view: views,
  datasource: datasources,
  project: projects,
  flow: flows,
  virtualconnection: virtualConnections,
  database: databases,
  table: tables,
};

/** inferred: an external asset was changed when its project was. */
function assetOf(item: Database | CatalogTable) {
  return { ...item, title: item.name, owner: item.contact, modifiedAt: item.project.updatedAt };
}

function warningsOn(site: Site, id: string): Record<string, boolean> {
  const active = site.labels.given
    .values()
    .filter((label) => label.asset.id === id && label.isActive && isWarning(label))
    .toArray();
  return {
    hasActiveDataQualityWarning: active.length > 0,
    hasSevereDataQualityWarning: active.some(({ isElevated }) => isElevated),
  };
}
