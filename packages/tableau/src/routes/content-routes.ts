import { family } from "./route-line.ts";

const publisher = { role: "Creator or an Explorer who can publish" } as const;

export const projectRoutes = family("Projects", [
  ["GET S/projects", "List projects", "content:read", { since: "2.0" }],
  ["POST S/projects", "Create a project", "projects:create", { since: "2.0" }],
  ["PUT S/projects/{projectId}", "Update a project", "projects:update"],
  ["DELETE S/projects/{projectId}", "Delete a project", "projects:delete"],
]);

export const workbookRoutes = family("Workbooks", [
  ["GET S/workbooks", "List workbooks", "content:read"],
  ["POST S/workbooks", "Publish a workbook", "workbooks:create", publisher],
  [
    "POST S/workbooks/validateWorkbookAndUpload",
    "Check a workbook before it is published",
    "workbooks:create",
    publisher,
  ],
  ["GET S/workbooks/{workbookId}", "Show a workbook", "content:read"],
  ["PUT S/workbooks/{workbookId}", "Update a workbook", "workbooks:update"],
  ["DELETE S/workbooks/{workbookId}", "Delete a workbook", "workbooks:delete"],
  ["GET S/users/{userId}/workbooks", "List a user's workbooks", "content:read"],
  ["GET S/workbooks/{workbookId}/content", "Download a workbook", "workbooks:download", { answers: "file" }],
  [
    "GET S/workbooks/{workbookId}/pdf",
    "Download a workbook as PDF",
    "views:download",
    { since: "3.4", answers: "pdf" },
  ],
  [
    "GET S/workbooks/{workbookId}/powerpoint",
    "Download a workbook as PowerPoint",
    "views:download",
    { since: "3.8", answers: "powerpoint" },
  ],
  [
    "GET S/workbooks/{workbookId}/previewImage",
    "Show a workbook's preview image",
    "content:read?",
    { answers: "image" },
  ],
  ["GET S/workbooks/{workbookId}/views", "List a workbook's views", "content:read"],
  ["GET S/workbooks/{workbookId}/connections", "List a workbook's connections", "content:read"],
  [
    "PUT S/workbooks/{workbookId}/connections",
    "Update several connections of a workbook",
    "workbooks:update?",
    { since: "3.26" },
  ],
  [
    "PUT S/workbooks/{workbookId}/connections/{connectionId}",
    "Update a workbook's connection",
    "workbooks:update?",
    { since: "2.3" },
  ],
  ["POST S/workbooks/{workbookId}/refresh", "Refresh a workbook's extracts", "tasks:run", { since: "2.8" }],
  [
    "POST S/workbooks/{workbookId}/createExtract",
    "Create extracts for a workbook",
    "extracts:create",
    { since: "3.5" },
  ],
  [
    "POST S/workbooks/{workbookId}/deleteExtract",
    "Delete the extracts of a workbook",
    "extracts:delete",
    { since: "3.5" },
  ],
  // On Tableau's forum somebody is answered 401002 here by JWT with content:read and workbooks:*.
  ["GET S/workbooks/{workbookId}/revisions", "List a workbook's revisions", "content:read?"],
  [
    "GET S/workbooks/{workbookId}/revisions/{revision}/content",
    "Download a workbook's revision",
    "workbooks:download?",
    { answers: "file" },
  ],
  ["DELETE S/workbooks/{workbookId}/revisions/{revision}", "Delete a workbook's revision", "workbooks:delete?"],
  ["PUT S/workbooks/{workbookId}/tags", "Add tags to a workbook", "workbook_tags:update"],
  ["DELETE S/workbooks/{workbookId}/tags/{tagName}", "Remove a tag from a workbook", "workbook_tags:delete"],
  [
    "GET S/workbooks/{workbookId}/downGradeInfo",
    "Show what an older version of a workbook would lose",
    "workbook_downgrade_info:read",
  ],
]);

export const viewRoutes = family("Views", [
  ["GET S/views", "List views", "content:read"],
  ["GET S/views/{viewId}", "Show a view", "content:read", { since: "3.1" }],
  ["DELETE S/views/{viewId}", "Delete a view", "views:delete", { since: "3.27" }],
  ["GET S/views/{viewId}/data", "Download a view's data", "views:download", { answers: "csv" }],
  ["GET S/views/{viewId}/image", "Download a view as an image", "views:download", { since: "2.5", answers: "image" }],
  ["GET S/views/{viewId}/pdf", "Download a view as PDF", "views:download", { since: "2.7", answers: "pdf" }],
  [
    "GET S/views/{viewId}/crosstab/excel",
    "Download a view's crosstab as Excel",
    "views:download",
    { since: "3.9", answers: "excel" },
  ],
  [
    "GET S/workbooks/{workbookId}/views/{viewId}/previewImage",
    "Show a view's preview image",
    "content:read?",
    { answers: "image" },
  ],
  ["PUT S/views/{viewId}/tags", "Add tags to a view", "view_tags:update"],
  ["DELETE S/views/{viewId}/tags/{tagName}", "Remove a tag from a view", "view_tags:delete"],
  ["GET S/recommendations", "List recommended views", "recommendations:read"],
  ["PUT S/recommendations/dismissals", "Hide a recommended view", "recommendation_dismissals:update"],
  ["DELETE S/recommendations/dismissals", "Show a hidden recommendation again", "recommendation_dismissals:delete"],
]);

export const customViewRoutes = family("Custom views", [
  ["GET S/customviews", "List custom views", "content:read", { since: "3.18" }],
  ["GET S/customviews/{customViewId}", "Show a custom view", "content:read", { since: "3.18" }],
  ["PUT S/customviews/{customViewId}", "Update a custom view", "views:update?", { since: "3.19" }],
  ["DELETE S/customviews/{customViewId}", "Delete a custom view", "views:delete?", { since: "3.19" }],
  [
    "GET S/customviews/{customViewId}/image",
    "Download a custom view as an image",
    "views:download",
    { since: "3.18", answers: "image" },
  ],
  [
    "GET S/customviews/{customViewId}/pdf",
    "Download a custom view as PDF",
    "views:download",
    { since: "3.23", answers: "pdf" },
  ],
  [
    "GET S/customviews/{customViewId}/data",
    "Download a custom view's data",
    "views:download",
    { since: "3.23", answers: "csv" },
  ],
  [
    "GET S/customviews/{customViewId}/default/users",
    "List for whom a custom view is the default",
    "content:read?",
    { since: "3.23" },
  ],
  [
    "POST S/customviews/{customViewId}/default/users",
    "Make a custom view the default for users",
    "views:update?",
    { since: "3.23" },
  ],
  [
    "GET /api/exp/sites/{siteId}/customviews/{customViewId}/content",
    "Download a custom view's definition",
    "views:download?",
    { since: "3.21", answers: "file" },
  ],
  ["POST /api/exp/sites/{siteId}/customviews", "Publish a custom view", "views:update?", { since: "3.21" }],
]);

export const uploadRoutes = family("File uploads", [
  ["POST S/fileUploads", "Begin an upload", "file_uploads:create", { since: "2.0" }],
  ["PUT S/fileUploads/{uploadSessionId}", "Append to an upload", "file_uploads:create", { since: "2.0" }],
]);
