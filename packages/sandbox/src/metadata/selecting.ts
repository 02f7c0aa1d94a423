/** What the attributes of a type that can be filtered by are called. Each also has its list form (`nameWithin`). */
export const filterable: ReadonlySet<string> = new Set([
  "category",
  "connectionType",
  "containerName",
  "containsUnsupportedCustomSql",
  "displayName",
  "documentViewId",
  "domain",
  "email",
  "fullName",
  "hasActiveWarning",
  "hostName",
  "id",
  "isActive",
  "isCertified",
  "isElevated",
  "isEmbedded",
  "isExtracted",
  "isHidden",
  "isSevere",
  "isUnsupportedCustomSql",
  "luid",
  "name",
  "parentName",
  "path",
  "projectLuid",
  "projectName",
  "schema",
  "username",
  "value",
  "vizportalUrlId",
  "warningType",
]);

/** What else a type can be sorted by: its attributes that are not filters, and how long its lists are. */
export const sortable: ReadonlySet<string> = new Set(["dataCategory", "dataType", "extractLastRefreshedAt", "role"]);

/** The lists whose length a type can be sorted by (`DOWNSTREAM_WORKBOOKS_COUNT`). */
export const countable: ReadonlySet<string> = new Set([
  "columns",
  "dashboards",
  "datasourceFields",
  "downstreamDashboards",
  "downstreamDatasources",
  "downstreamOwners",
  "downstreamSheets",
  "downstreamVirtualConnections",
  "downstreamWorkbooks",
  "embeddedDatasources",
  "fields",
  "sheetFieldInstances",
  "sheets",
  "views",
  "worksheetFields",
]);

/** Types that only administrators list as a whole; others must say by a filter which they mean. */
export const filterRequired: ReadonlySet<string> = new Set([
  "BinField",
  "CalculatedField",
  "Column",
  "ColumnField",
  "CombinedField",
  "CombinedSetField",
  "DatasourceField",
  "Field",
  "GroupField",
  "HierarchyField",
  "SetField",
]);

/** Types whose names a `text` filter can look into. */
export const searchable: ReadonlySet<string> = new Set([
  ...filterRequired,
  "CloudFile",
  "CustomSQLTable",
  "Database",
  "DatabaseServer",
  "DatabaseTable",
  "File",
  "Table",
  "Tag",
  "WebDataConnector",
]);
