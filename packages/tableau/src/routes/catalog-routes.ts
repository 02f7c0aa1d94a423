import { family } from "./route-line.ts";

const catalog = { since: "3.5" } as const;

export const databaseRoutes = family("Databases and tables", [
  ["GET S/databases", "List databases", "databases:read", catalog],
  ["GET S/databases/{databaseId}", "Show a database", "databases:read", catalog],
  ["POST S/databases", "Move databases", "database_projects:update?", catalog],
  ["PUT S/databases/{databaseId}", "Update a database", "databases:update", catalog],
  ["DELETE S/databases/{databaseId}", "Remove a database", "databases:delete", catalog],
  ["PUT S/databases/{databaseId}/tags", "Add tags to a database", "database_tags:update", { since: "3.9" }],
  [
    "DELETE S/databases/{databaseId}/tags/{tagName}",
    "Remove a tag from a database",
    "database_tags:delete",
    { since: "3.9" },
  ],
  ["GET S/tables", "List tables", "tables:read", catalog],
  ["GET S/tables/{tableId}", "Show a table", "tables:read", catalog],
  ["POST S/tables", "Move tables", "table_projects:update?", catalog],
  ["PUT S/tables/{tableId}", "Update a table", "tables:update", catalog],
  ["DELETE S/tables/{tableId}", "Remove a table", "tables:delete", catalog],
  ["PUT S/tables/{tableId}/tags", "Add tags to a table", "table_tags:update", { since: "3.9" }],
  ["DELETE S/tables/{tableId}/tags/{tagName}", "Remove a tag from a table", "table_tags:delete", { since: "3.9" }],
  ["GET S/tables/{tableId}/columns", "List a table's columns", "columns:read", catalog],
  ["GET S/tables/{tableId}/columns/{columnId}", "Show a column", "columns:read", catalog],
  ["PUT S/tables/{tableId}/columns/{columnId}", "Update a column", "columns:update", catalog],
  ["DELETE S/tables/{tableId}/columns/{columnId}", "Remove a column", "columns:delete", catalog],
  ["PUT S/columns/{columnId}/tags", "Add tags to a column", "column_tags:update", { since: "3.9" }],
  ["DELETE S/columns/{columnId}/tags/{tagName}", "Remove a tag from a column", "column_tags:delete", { since: "3.9" }],
  [
    "POST S/databaseAndTables/lookup",
    "Find the databases and tables of a connection",
    "databases:read?",
    { since: "3.9" },
  ],
  ["PUT S/tags:batchCreate", "Add tags to several items", "tags:batch_create", { since: "3.9" }],
  ["PUT S/tags:batchDelete", "Remove tags from several items", "tags:batch_delete", { since: "3.9" }],
  ["DELETE S/tags:batchDelete", "Remove tags from several items", "tags:batch_delete?", { since: "3.9" }],
  // TSC leaves the site out of these; it is the session's.
  ["PUT /tags:batchCreate", "Add tags to several items", "tags:batch_create", { since: "3.9" }],
  ["PUT /tags:batchDelete", "Remove tags from several items", "tags:batch_delete", { since: "3.9" }],
  ["DELETE /tags:batchDelete", "Remove tags from several items", "tags:batch_delete?", { since: "3.9" }],
]);

// inferred: warnings, certifications and triggers are older names for what labels hold; no scopes of their own exist.
export const qualityRoutes = family("Data quality", [
  ["POST S/dataQualityWarnings/createOrUpdate", "Set several data quality warnings", "labels:update?", catalog],
  ["DELETE S/dataQualityWarnings/batchDelete", "Delete several data quality warnings", "labels:delete?", catalog],
  ["GET S/dataQualityWarnings/{warningId}", "Show a data quality warning", "labels:read?", catalog],
  ["PUT S/dataQualityWarnings/{warningId}", "Update a data quality warning", "labels:update?", catalog],
  ["DELETE S/dataQualityWarnings/{warningId}", "Delete a data quality warning", "labels:delete?", catalog],
  ["GET S/dataQualityWarnings/{contentType}/{contentId}", "Show the warning on an item", "labels:read?", catalog],
  ["POST S/dataQualityWarnings/{contentType}/{contentId}", "Warn about an item", "labels:update?", catalog],
  ["PUT S/dataQualityWarnings/{contentType}/{contentId}", "Update the warning on an item", "labels:update?", catalog],
  [
    "DELETE S/dataQualityWarnings/{contentType}/{contentId}",
    "Delete the warning on an item",
    "labels:delete?",
    catalog,
  ],
  ["POST S/dataQualityCertifications", "Set several certifications", "labels:update?", catalog],
  ["GET S/dataQualityCertification/{indicatorId}", "Show a certification", "labels:read?", catalog],
  ["GET S/dataQualityCertification/{contentType}/{contentId}", "Show an item's certification", "labels:read?", catalog],
  ["DELETE S/dataQualityCertification", "Delete an item's certification", "labels:delete?", catalog],
  ["DELETE S/dataQualityCertification/{indicatorId}", "Delete a certification", "labels:delete?", catalog],
  ["POST S/dataQualityTriggers/{contentType}/{contentId}", "Set a quality trigger", "labels:update?", catalog],
  ["GET S/dataQualityTriggers/{contentType}/{contentId}", "List an item's quality triggers", "labels:read?", catalog],
  [
    "DELETE S/dataQualityTriggers/{contentType}/{contentId}",
    "Delete an item's quality triggers",
    "labels:delete?",
    catalog,
  ],
  ["GET S/dataQualityTriggers/{triggerId}", "Show a quality trigger", "labels:read?", catalog],
  ["PUT S/dataQualityTriggers/{triggerId}", "Update a quality trigger", "labels:update?", catalog],
  ["DELETE S/dataQualityTriggers/{triggerId}", "Delete a quality trigger", "labels:delete?", catalog],
]);

const labels = { since: "3.21" } as const;
const labelAdministration = { ...labels, role: "site administrator" } as const;

export const labelRoutes = family("Labels", [
  ["POST S/labels", "List the labels on items", "labels:read", labels],
  ["PUT S/labels", "Set labels on items", "labels:update", labels],
  ["DELETE S/labels", "Remove labels from items", "labels:delete", labels],
  ["GET S/labels/{labelId}", "Show a label", "labels:read", labels],
  ["PUT S/labels/{labelId}", "Update a label", "labels:update", labels],
  ["DELETE S/labels/{labelId}", "Delete a label", "labels:delete", labels],
  ["GET S/labelValues", "List label values", "label_values:read", labels],
  ["PUT S/labelValues", "Create or update a label value", "label_values:update", labelAdministration],
  ["GET S/labelValues/{labelValueName}", "Show a label value", "label_values:read", labels],
  ["DELETE S/labelValues/{labelValueName}", "Delete a label value", "label_values:delete", labelAdministration],
  ["GET S/labelCategories", "List label categories", "label_categories:read", labels],
  ["POST S/labelCategories", "Create a label category", "label_categories:create", labelAdministration],
  [
    "PUT S/labelCategories/{labelCategoryName}",
    "Update a label category",
    "label_categories:update",
    labelAdministration,
  ],
  [
    "DELETE S/labelCategories/{labelCategoryName}",
    "Delete a label category",
    "label_categories:delete",
    labelAdministration,
  ],
]);

// Tableau's OpenAPI file says for each of these: no access scope.
export const searchRoutes = family("Search and usage", [
  ["GET /api/-/search", "Search content", "content:read", { since: "3.16" }],
  ["GET /api/-/suggestions", "Suggest content while typing", "content:read?", { since: "3.19" }],
  [
    "GET /api/-/content/usage-stats/{contentType}/{contentId}",
    "Show how often an item is used",
    "content:read?",
    { since: "3.17" },
  ],
  ["POST /api/-/content/usage-stats", "Show how often several items are used", "content:read?", { since: "3.17" }],
]);
